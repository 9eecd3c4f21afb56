using System.Text.Json;
using System.Text.Json.Serialization;
using Research.Chain.Primitives;

namespace Research.Market;

/// <summary>What a participant must keep between commitment and reveal; without the salt its stake is lost.</summary>
/// <param name="Market">The market's address.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from 0.</param>
/// <param name="Participant">Who committed.</param>
/// <param name="UpdateRoot">Root of the tree over the update's numbers.</param>
/// <param name="UpdateHash">SHA-256 of the update's file.</param>
/// <param name="Salt">The secret salt.</param>
internal sealed record PendingReveal(
    string Market, ulong TaskId, int Round, string Participant, string UpdateRoot, string UpdateHash, string Salt)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public Bytes32 RootWord => Bytes32.Parse(UpdateRoot);

    public Bytes32 FileWord => Bytes32.Parse(UpdateHash);

    public Bytes32 SaltWord => Bytes32.Parse(Salt);

    /// <summary>Writes the file whole, flushed to disk, readable by its owner alone.</summary>
    public async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        FileStreamOptions options =
            new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream stream = new(temporary, options);
        await using (stream.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(stream, this, Json, cancellationToken).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads the file, or returns null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not a pending reveal.</exception>
    public static async Task<PendingReveal?> LoadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<PendingReveal>(bytes, Json)
                ?? throw new InvalidDataException($"{path}: expected a pending reveal, got null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: not a pending reveal: {exception.Message}", exception);
        }
    }
}
