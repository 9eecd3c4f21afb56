using System.Globalization;
using System.IO.Compression;

namespace Research.Chain;

/// <summary>The file that keeps a chain: always a whole one, and beside it the one before.</summary>
/// <remarks>
/// anvil writes over its own state file in place: whoever is killed meanwhile, or the disk's end, leaves half of one.
/// So anvil only loads here. What it hands out is written beside the file, checked, flushed and then renamed.
/// </remarks>
/// <param name="path">The file; it need not exist yet.</param>
internal sealed class ChainStateFile(string path)
{
    private const long MostBytes = 1L << 30;

    /// <summary>Gets the file's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Gets the file that holds what was written before the last time.</summary>
    public string PreviousPath => $"{Path}.previous";

    private string FreshPath => $"{Path}.new";

    /// <summary>Finds out what the file keeps, and makes its folder.</summary>
    /// <remarks>
    /// A damaged file is put aside, never deleted, where the one before is whole and takes its place.
    /// </remarks>
    /// <returns>Null where nothing is kept yet.</returns>
    /// <exception cref="DevChainException">The file cannot be used; nothing was changed.</exception>
    public async Task<ChainState?> OpenAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path))
        {
            throw new DevChainException($"The chain's state: expected a file, got the folder {Path}.");
        }

        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            return File.Exists(Path) ? await CheckAsync(Path, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (InvalidDataException e)
        {
            return await FromPreviousAsync(e.Message, progress, cancellationToken).ConfigureAwait(false)
                ?? throw new DevChainException(
                    $"The chain's state in {Path} cannot be used: {e.Message}. It is left as it is: "
                    + "move it away to start a new chain there, or name another file.",
                    e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DevChainException(
                $"The chain's state in {Path} cannot be read: {e.Message.TrimEnd('.')}. "
                + "Check its permissions, or name another file.",
                e);
        }
    }

    /// <summary>Replaces the file by what <c>anvil_dumpState</c> gave, whole or not at all.</summary>
    /// <param name="dump">JSON, compressed by gzip.</param>
    /// <param name="blockNumber">The block at which it was taken.</param>
    /// <param name="cancellationToken">Leaves the file as it was.</param>
    /// <exception cref="InvalidDataException">It is not the state at that block.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task WriteAsync(byte[] dump, ulong blockNumber, CancellationToken cancellationToken)
    {
        FileStream fresh = new(FreshPath, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        await using (fresh.ConfigureAwait(false))
        {
            GZipStream text = new(new MemoryStream(dump, writable: false), CompressionMode.Decompress);
            await using (text.ConfigureAwait(false))
            {
                await CopyBoundedAsync(text, fresh, cancellationToken).ConfigureAwait(false);
            }

            fresh.Position = 0;
            ChainState state = await ChainState.ReadAsync(fresh, cancellationToken).ConfigureAwait(false);
            if (state.BlockNumber != blockNumber)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"expected a state at block {blockNumber}, got {state.BlockNumber}"));
            }

            fresh.Flush(flushToDisk: true);
        }

        if (File.Exists(Path))
        {
            File.Replace(FreshPath, Path, PreviousPath);
        }
        else
        {
            File.Move(FreshPath, Path);
        }
    }

    private async Task<ChainState?> FromPreviousAsync(
        string damage, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ChainState state;
        try
        {
            state = await CheckAsync(PreviousPath, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null; // The failure that led here is the one to tell.
        }

        // A copy, so that the one before stays until the next is written; under another name until it is whole.
        File.Copy(PreviousPath, FreshPath, overwrite: true);
        string aside = Unused($"{Path}.damaged");
        File.Move(Path, aside);
        File.Move(FreshPath, Path);
        progress?.Report(string.Create(
            CultureInfo.InvariantCulture,
            $"The chain's state in {Path} was damaged ({damage}): it is now {aside}, and the chain goes on from the "
            + $"one before it, at block {state.BlockNumber}."));
        return state;
    }

    private static async Task<ChainState> CheckAsync(string path, CancellationToken cancellationToken)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using (stream.ConfigureAwait(false))
        {
            return stream.Length switch
            {
                0 => throw new InvalidDataException("it is empty"),
                > MostBytes => throw new InvalidDataException("it is larger than 1 GiB"),
                _ => await ChainState.ReadAsync(stream, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    private static async Task CopyBoundedAsync(Stream source, FileStream target, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 << 10];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (target.Position + count > MostBytes)
            {
                throw new IOException("the chain is larger than 1 GiB");
            }

            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Unused(string path) => Enumerable.Range(1, int.MaxValue)
        .Select(i => i == 1 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}-{i}"))
        .First(candidate => !System.IO.Path.Exists(candidate));
}
