using System.Text.Json;
using System.Text.Json.Serialization;
using Research.Chain.Contracts;
using Research.Chain.Networks;

namespace Research.Market;

/// <summary>What a role must keep between two of its steps, in a file of its own; without it, money is lost.</summary>
internal static class PendingFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes the file whole, flushed to disk, readable by its owner alone.</summary>
    public static async Task SaveAsync<T>(T value, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            FileStream stream = LocalFile.CreateForOwner(temporary, FileOptions.Asynchronous);
            await using (stream.ConfigureAwait(false))
            {
                await JsonSerializer.SerializeAsync(stream, value, Json, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (PathTooLongException e)
        {
            throw LocalFile.TooLong(path, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Deletes the files of rounds before one, where they are over: until then a reorganisation of the chain can ask
    /// for what they hold once more.</summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="nameOf">What the names of a round's files begin with.</param>
    /// <param name="before">The round.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task DeleteEndedAsync(
        OpenTask task, string folder, Func<int, string> nameOf, int before, CancellationToken cancellationToken)
    {
        ulong now = before == 0 ? 0 : await task.Market.NextTimestampAsync(cancellationToken).ConfigureAwait(false);
        for (int round = 0; round < before && now >= task.Terms.ScheduleOf(round).End; round++)
        {
            foreach (string kept in Directory.EnumerateFiles(folder, $"{nameOf(round)}-*.json"))
            {
                File.Delete(kept); // The one opened, and those that never reached the chain.
            }
        }
    }

    /// <summary>Reads the file, or returns null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no such thing.</exception>
    public static async Task<T?> LoadAsync<T>(string path, string what, CancellationToken cancellationToken)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, Json)
                ?? throw new InvalidDataException($"{path}: expected {what}, got null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: not {what}: {exception.Message}", exception);
        }
    }
}
