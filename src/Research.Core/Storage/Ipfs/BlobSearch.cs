using System.Runtime.ExceptionServices;

namespace Research.Storage.Ipfs;

/// <summary>Finds a blob on IPFS by its hash: as the file that somebody named, or as one raw block.</summary>
/// <param name="name">The store's name.</param>
/// <param name="names">Where blobs over 1 MiB are named.</param>
/// <param name="readFile">Reads a file of at most so many bytes by its CID, and says how many came and how many there
/// are,
/// where that is known; null where it is not found.</param>
/// <param name="readBlock">Reads a block of at most so many bytes, and holds it to its CID.</param>
/// <param name="progress">Hears how far blobs have come; null for nobody.</param>
internal sealed class BlobSearch(
    string name,
    CidNames names,
    Func<Cid, long, Action<long, long?>, CancellationToken, Task<byte[]?>> readFile,
    Func<Cid, long, CancellationToken, Task<byte[]?>> readBlock,
    IProgress<BlobProgress>? progress)
{
    /// <summary>Gets the blob, hashed; null where it was not found.</summary>
    public async Task<byte[]?> FindAsync(ContentHash hash, long mostBytes, CancellationToken cancellationToken)
    {
        long most = Math.Min(mostBytes, BlobLimits.MostBytes);
        (IReadOnlyList<Cid> cids, Exception? failure) =
            await names.FindAsync(hash, cancellationToken).ConfigureAwait(false);
        foreach (Cid cid in cids)
        {
            try
            {
                if (await ReadFileAsync(cid, hash, most, cancellationToken).ConfigureAwait(false) is { } file)
                {
                    return file;
                }
            }
            catch (Exception e) when (e is StoreException or InvalidDataException)
            {
                failure ??= e; // The next may be right, and a small blob needs no name.
            }
        }

        if (await readBlock(Cid.RawOf(hash), most, cancellationToken).ConfigureAwait(false) is { } block)
        {
            Say(hash, block.Length, block.Length);
            return block;
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return null;
    }

    private void Say(ContentHash hash, long done, long? total) =>
        progress?.Report(new BlobProgress(name, hash, BlobDirection.Download, done, total));

    private async Task<byte[]?> ReadFileAsync(
        Cid cid, ContentHash hash, long mostBytes, CancellationToken cancellationToken)
    {
        byte[]? file = await readFile(
            cid, mostBytes, (done, total) => Say(hash, done, total), cancellationToken).ConfigureAwait(false);
        return file is null ? null
            : ContentHash.Of(file) is var actual && actual == hash ? file
            : throw new InvalidDataException(
                $"{name}: {cid}, which is named as the blob {hash}: expected bytes of that hash, got {file.Length} "
                + $"with {actual}.");
    }
}
