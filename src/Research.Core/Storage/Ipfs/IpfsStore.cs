namespace Research.Storage.Ipfs;

/// <summary>Blobs on IPFS, by the RPC of a node of one's own.</summary>
/// <remarks>
/// <para>A blob of at most 1 MiB is one raw block. Its CID follows from its SHA-256, so whoever knows the hash, which
/// stands on chain, finds it through any node or gateway, and needs nothing else. 1 MiB is what every node takes: kubo
/// refused larger blocks before it raised the limit to the 2 MiB of specs.ipfs.tech/bitswap-protocol.</para>
/// <para>A larger blob is a DAG of blocks, and its CID does not follow from its SHA-256: nobody can find it by its hash
/// alone, on IPFS or by any trick with it. Its CID is therefore written to <see cref="IpfsOptions.Names"/> as a named
/// entry of some tens of bytes; whoever reads the same store finds it. Without such a store a larger blob is refused.
/// What is found that way is hashed like everything else.</para>
/// <para>IPFS has no agreed names without keys and upkeep (IPNS expires within days, and MFS is a node's own), so there
/// are no named entries: none is ever found, and none can be put. Use a folder or an HTTP store beside this one.</para>
/// <para>A blob is on IPFS for as long as some node pins it: here, the node that it was put through.</para>
/// </remarks>
public sealed class IpfsStore : IBlobStore
{
    private readonly IpfsRpc _node;
    private readonly CidNames _names;
    private readonly BlobSearch _search;
    private readonly IProgress<BlobProgress>? _progress;

    /// <summary>Takes a node's RPC; it is not asked yet.</summary>
    /// <param name="rpc">Its address, such as http://127.0.0.1:5001, with or without <c>/api/v0</c>.</param>
    /// <param name="options">How it is asked; 30 s a block and no names unless given.</param>
    /// <exception cref="ArgumentException">The address is not http or https, or has a user or a query.</exception>
    public IpfsStore(Uri rpc, IpfsOptions? options = null)
    {
        options ??= new IpfsOptions();
        _node = new IpfsRpc(rpc, options);
        _names = new CidNames(options.Names);
        _search = new BlobSearch(
            _node.Name,
            _names,
            (cid, mostBytes, progress, token) => new UnixFsReader(_node, cid, progress).ReadAsync(mostBytes, token),
            _node.FindBlockAsync,
            options.Progress);
        _progress = options.Progress;
    }

    /// <inheritdoc/>
    public string Name => _node.Name;

    /// <inheritdoc/>
    /// <remarks>Null where the node did not find it in time; nobody can know whether it is nowhere.</remarks>
    public Task<byte[]?> FindAsync(
        ContentHash hash, long mostBytes, CancellationToken cancellationToken = default) =>
        _search.FindAsync(hash, mostBytes, cancellationToken);

    /// <inheritdoc/>
    public async Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        ContentHash hash = ContentHash.Of(content.Span);
        Cid expected = UnixFs.RootOf(content);
        bool isNamed = expected != Cid.RawOf(hash);
        if (isNamed && !_names.Any)
        {
            throw new StoreException(
                Name,
                $"the blob {hash} has {content.Length} bytes; over {UnixFsLayout.Default.ChunkBytes} its CID does not "
                + "follow from its hash: name a store, such as a folder or an HTTP store, that tells which it is");
        }

        Cid added = await _node.AddAsync(
            content,
            sent => _progress?.Report(new BlobProgress(Name, hash, BlobDirection.Upload, sent, content.Length)),
            cancellationToken).ConfigureAwait(false);
        if (added != expected)
        {
            throw new StoreException(
                Name, $"the blob {hash}: expected the node to add {expected}, got {added}; it makes other blocks of it");
        }

        if (isNamed && await _names.PutAsync(hash, expected, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            throw new StoreException(
                Name, $"the blob {hash} is stored as {expected}, but not named everywhere: {failure.Message}", failure);
        }

        return hash;
    }

    /// <summary>Finds nothing: IPFS has no named entries.</summary>
    /// <inheritdoc/>
    public Task<byte[]?> FindNamedAsync(
        string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        return Task.FromResult<byte[]?>(null);
    }

    /// <summary>Throws: IPFS has no named entries.</summary>
    /// <inheritdoc/>
    public Task PutNamedAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        throw new StoreException(
            Name, $"the entry {name}: IPFS has no named entries; name a folder or an HTTP store beside it");
    }
}
