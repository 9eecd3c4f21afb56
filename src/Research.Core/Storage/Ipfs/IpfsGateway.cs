namespace Research.Storage.Ipfs;

/// <summary>Blobs that are on IPFS, read through a gateway that is not trusted: every byte is hashed here.</summary>
/// <remarks>
/// Needs no node. A blob of at most 1 MiB is found by its hash alone; a larger one through
/// <see cref="IpfsOptions.Names"/>, as <see cref="IpfsStore"/> says. A trustless gateway gives blocks, each of which is
/// checked as it comes; one that gives files only is checked at the end of each. Redirects to another host are refused.
/// </remarks>
public sealed class IpfsGateway : IBlobStore
{
    private readonly GatewayBlocks _gateway;
    private readonly BlobSearch _search;

    /// <summary>Takes a gateway's address; it is not asked yet.</summary>
    /// <param name="gateway">Its address, such as https://trustless-gateway.link, with or without <c>/ipfs</c>.</param>
    /// <param name="options">How it is asked; 30 s a block and no names unless given.</param>
    /// <exception cref="ArgumentException">The address is not http or https, or has a user or a query.</exception>
    public IpfsGateway(Uri gateway, IpfsOptions? options = null)
    {
        options ??= new IpfsOptions();
        _gateway = new GatewayBlocks(gateway, options);
        _search = new BlobSearch(
            _gateway.Name, new CidNames(options.Names), ReadFileAsync, _gateway.FindBlockAsync, options.Progress);
    }

    /// <inheritdoc/>
    public string Name => _gateway.Name;

    /// <inheritdoc/>
    public bool TakesWrites => false;

    /// <inheritdoc/>
    /// <remarks>Null where the gateway did not find it in time; nobody can know whether it is nowhere.</remarks>
    public Task<byte[]?> FindAsync(
        ContentHash hash, long mostBytes, CancellationToken cancellationToken = default) =>
        _search.FindAsync(hash, mostBytes, cancellationToken);

    /// <summary>Throws: a gateway only reads.</summary>
    /// <inheritdoc/>
    public Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        BlobLimits.Require(content);
        throw new StoreException(Name, "a gateway only reads; put through a node of your own");
    }

    /// <summary>Finds nothing: IPFS has no named entries.</summary>
    /// <inheritdoc/>
    public Task<byte[]?> FindNamedAsync(
        string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        return Task.FromResult<byte[]?>(null);
    }

    /// <summary>Throws: a gateway only reads.</summary>
    /// <inheritdoc/>
    public Task PutNamedAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        throw new StoreException(
            Name, $"the entry {name}: a gateway only reads; name a folder or an HTTP store beside it");
    }

    private async Task<byte[]?> ReadFileAsync(
        Cid cid, long mostBytes, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        GatewayAnswer? root = await _gateway
            .FindAsync(cid, UnixFsReader.MostBlockBytes, mostBytes, progress, cancellationToken).ConfigureAwait(false);
        return root is { IsBlock: true }
            ? await new UnixFsReader(_gateway, cid, progress)
                .ReadAsync(mostBytes, cancellationToken).ConfigureAwait(false)
            : root?.Bytes;
    }
}
