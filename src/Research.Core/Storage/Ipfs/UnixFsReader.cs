namespace Research.Storage.Ipfs;

/// <summary>Reads a file's DAG block by block, in the file's order, some blocks ahead.</summary>
/// <remarks>
/// Whoever made the DAG is a stranger, so what it costs is bounded by what the file may have: its nodes agree on their
/// sizes, no part is empty, no block is over 2 MiB, and there are no more blocks than files of that size have.
/// </remarks>
/// <param name="source">Who has the blocks.</param>
/// <param name="root">The file.</param>
/// <param name="progress">Hears how many of its bytes are here, and how many there are; null for nobody.</param>
internal sealed class UnixFsReader(IBlockSource source, Cid root, Action<long, long?>? progress = null)
{
    /// <summary>The largest block that nodes exchange.</summary>
    /// <remarks>specs.ipfs.tech/bitswap-protocol, "Block Sizes".</remarks>
    public const int MostBlockBytes = 2 << 20;

    private const int Ahead = 8;
    private const int LeastBlockBytes = 16 << 10; // On the average; nodes cut at 256 KiB or 1 MiB.
    private const int BlocksBesides = 64;

    // Top first: the next block in the file's order.
    private readonly Stack<Wanted> _wanted = new();
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private long _blocks;
    private long _bytes;

    /// <summary>Reads the file.</summary>
    /// <param name="mostBytes">How many bytes it may have.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The file; null where its root was not found.</returns>
    /// <exception cref="InvalidDataException">It is no file, or larger, or a block is not what its CID names.</exception>
    /// <exception cref="StoreException">A block cannot be had.</exception>
    public async Task<byte[]?> ReadAsync(long mostBytes, CancellationToken cancellationToken)
    {
        if (await source.FindBlockAsync(root, MostBlockBytes, cancellationToken).ConfigureAwait(false) is not { } block)
        {
            return null;
        }

        long size = root.Codec == CidCodec.Raw ? block.Length : Node(root, block).FileBytes;
        if (size > mostBytes)
        {
            throw Wrong(root, $"expected a file of at most {mostBytes} bytes, got {size}");
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Take(new UnixFsLink(root, size, 0), block, size);
            progress?.Invoke(_bytes, size);
            while (_wanted.Count > 0)
            {
                StartAhead(stop.Token);
                Wanted next = _wanted.Pop();
                block = await next.FindAsync(source, stop.Token).ConfigureAwait(false)
                    ?? throw new StoreException(source.Name, $"the block {next.Link.Cid} of {root} was not found");
                Take(next.Link, block, size);
                progress?.Invoke(_bytes, size);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await EndAsync().ConfigureAwait(false);
        }

        return Join(size);
    }

    private void StartAhead(CancellationToken cancellationToken)
    {
        // Only leaves are held before their turn: together they have no more bytes than the file may have.
        foreach (Wanted leaf in _wanted.Take(Ahead).Where(wanted => wanted.Link.Cid.Codec == CidCodec.Raw))
        {
            _ = leaf.FindAsync(source, cancellationToken);
        }
    }

    // What was started ahead of an error ends before the error is told; nothing is left running.
    private async Task EndAsync()
    {
        foreach (Wanted wanted in _wanted)
        {
            await wanted.EndAsync().ConfigureAwait(false);
        }
    }

    private void Take(UnixFsLink link, byte[] block, long size)
    {
        if (link.Cid.Codec == CidCodec.Raw)
        {
            Require(link, block.Length);
            Add(block);
            return;
        }

        UnixFsNode node = Node(link.Cid, block);
        Require(link, node.FileBytes);
        if (!node.Data.IsEmpty)
        {
            Add(node.Data);
        }

        _blocks += node.Links.Count;
        long most = BlocksBesides + (size / LeastBlockBytes);
        if (_blocks > most)
        {
            throw Wrong(link.Cid, $"expected at most {most} blocks of a file of {size} bytes, got more");
        }

        foreach (UnixFsLink below in node.Links.Reverse())
        {
            _wanted.Push(new Wanted(below));
        }
    }

    private void Add(ReadOnlyMemory<byte> part)
    {
        _parts.Add(part);
        _bytes += part.Length;
    }

    private void Require(UnixFsLink link, long bytes)
    {
        if (bytes != link.FileBytes)
        {
            throw Wrong(link.Cid, $"expected {link.FileBytes} bytes of the file {root}, got {bytes}");
        }
    }

    private UnixFsNode Node(Cid cid, byte[] block)
    {
        try
        {
            return UnixFsNode.Read(block);
        }
        catch (InvalidDataException e)
        {
            throw Wrong(cid, e.Message, e);
        }
    }

    private byte[] Join(long size)
    {
        byte[] file = new byte[size]; // All of it is here by now.
        int start = 0;
        foreach (ReadOnlyMemory<byte> part in _parts)
        {
            part.CopyTo(file.AsMemory(start));
            start += part.Length;
        }

        return file;
    }

    private InvalidDataException Wrong(Cid cid, string why, Exception? inner = null) =>
        new($"{source.Name}: block {cid}: {why}.", inner);

    private sealed class Wanted(UnixFsLink link)
    {
        private Task<byte[]?>? _running;

        public UnixFsLink Link => link;

        // A leaf is as large as its link says, or it is none of this file.
        public Task<byte[]?> FindAsync(IBlockSource source, CancellationToken cancellationToken) =>
            _running ??= source.FindBlockAsync(
                link.Cid,
                link.Cid.Codec == CidCodec.Raw ? Math.Min(link.FileBytes, MostBlockBytes) : MostBlockBytes,
                cancellationToken);

        public Task EndAsync() => _running is null
            ? Task.CompletedTask
            : _running.ContinueWith(
                ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
