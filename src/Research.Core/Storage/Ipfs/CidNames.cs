using System.Text;

namespace Research.Storage.Ipfs;

/// <summary>Named entries, in any stores, that say under which CID a blob is whose CID does not follow from its hash.</summary>
internal sealed class CidNames(IReadOnlyList<IBlobStore> stores)
{
    private const int MostBytes = 64;

    public bool Any => stores.Count > 0;

    /// <summary>Reads what all stores say; they are strangers, so several may be said, and any may be wrong.</summary>
    /// <returns>The CIDs, in the stores' order, and the first store's failure, if one could not be asked.</returns>
    public async Task<(IReadOnlyList<Cid> Cids, Exception? Failure)> FindAsync(
        ContentHash hash, CancellationToken cancellationToken)
    {
        List<Cid> cids = [];
        Exception? failure = null;
        foreach (IBlobStore store in stores)
        {
            try
            {
                byte[]? entry = await store.FindNamedAsync(
                    NameOf(hash), MostBytes, bytes => _ = Read(bytes, hash), cancellationToken).ConfigureAwait(false);
                if (entry is not null && Read(entry, hash) is var cid && !cids.Contains(cid))
                {
                    cids.Add(cid);
                }
            }
            catch (Exception e) when (e is StoreException or InvalidDataException)
            {
                failure ??= e;
            }
        }

        return (cids, failure);
    }

    /// <summary>Writes a CID to every store, also where another did not take it.</summary>
    /// <returns>The first failure, if there was one.</returns>
    public async Task<StoreException?> PutAsync(ContentHash hash, Cid cid, CancellationToken cancellationToken)
    {
        StoreException? failure = null;
        foreach (IBlobStore store in stores)
        {
            try
            {
                await store.PutNamedAsync(NameOf(hash), Encoding.ASCII.GetBytes(cid.ToString()), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (StoreException e)
            {
                failure ??= e;
            }
        }

        return failure;
    }

    private static string NameOf(ContentHash hash) => $"ipfs-{hash}";

    private static Cid Read(byte[] entry, ContentHash hash)
    {
        string text = Encoding.ASCII.GetString(entry);
        return !Cid.TryParse(text, out Cid cid) ? throw new InvalidDataException(
                $"{NameOf(hash)}: expected the text of a CID, got {entry.Length} other bytes.")
            : cid.Codec == CidCodec.Raw && cid.Digest != hash ? throw new InvalidDataException(
                $"{NameOf(hash)}: expected {Cid.RawOf(hash)} or a DAG's CID, got another raw block's, {cid}.")
            : cid;
    }
}
