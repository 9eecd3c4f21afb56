namespace Research.Storage.Ipfs;

/// <summary>The Merkle DAG that a node makes of a file, computed here, so that no node is believed.</summary>
/// <remarks>
/// UnixFS (specs.ipfs.tech/unixfs), balanced layout: leaves of equal size from left to right, inner nodes filled one
/// after another, all leaves equally deep; content of one chunk is its own root.
/// </remarks>
public static class UnixFs
{
    /// <summary>Gets the CID of content as a node has it that adds it in chunks of 1 MiB.</summary>
    /// <param name="content">At most <see cref="BlobLimits.MostBytes"/>.</param>
    /// <remarks>Equal to <c>ipfs add --cid-version=1 --raw-leaves --chunker=size-1048576</c>, 174 links a node.</remarks>
    /// <exception cref="ArgumentException"><paramref name="content"/> is too large.</exception>
    public static Cid RootOf(ReadOnlyMemory<byte> content)
    {
        BlobLimits.Require(content);
        return Write(content, UnixFsLayout.Default, (_, _) => { });
    }

    /// <summary>Makes the blocks, children before parents, and returns the root, which comes last.</summary>
    /// <param name="content">The file.</param>
    /// <param name="layout">How it is cut.</param>
    /// <param name="write">Takes a block; its bytes are a part of the content or new.</param>
    internal static Cid Write(
        ReadOnlyMemory<byte> content, UnixFsLayout layout, Action<Cid, ReadOnlyMemory<byte>> write)
    {
        List<UnixFsLink> level = Leaves(content, layout, write);
        while (level.Count > 1)
        {
            List<UnixFsLink> above = [];
            foreach (UnixFsLink[] links in level.Chunk(layout.LinksPerNode))
            {
                above.Add(WriteNode(new UnixFsNode(links, default), layout, write));
            }

            level = above;
        }

        return level[0].Cid;
    }

    private static List<UnixFsLink> Leaves(
        ReadOnlyMemory<byte> content, UnixFsLayout layout, Action<Cid, ReadOnlyMemory<byte>> write)
    {
        List<UnixFsLink> leaves = [];
        int start = 0;
        do
        {
            ReadOnlyMemory<byte> chunk = content.Slice(start, Math.Min(layout.ChunkBytes, content.Length - start));
            leaves.Add(layout.RawLeaves
                ? WriteRaw(chunk, write)
                : WriteNode(new UnixFsNode([], chunk), layout, write));
            start += chunk.Length;
        }
        while (start < content.Length);

        return leaves;
    }

    private static UnixFsLink WriteRaw(ReadOnlyMemory<byte> chunk, Action<Cid, ReadOnlyMemory<byte>> write)
    {
        Cid cid = Cid.RawOf(ContentHash.Of(chunk.Span));
        write(cid, chunk);
        return new UnixFsLink(cid, chunk.Length, chunk.Length);
    }

    private static UnixFsLink WriteNode(
        UnixFsNode node, UnixFsLayout layout, Action<Cid, ReadOnlyMemory<byte>> write)
    {
        byte[] block = node.ToBlock();
        ContentHash digest = ContentHash.Of(block);
        Cid cid = layout.RawLeaves ? new Cid(CidCodec.DagPb, digest) : Cid.Version0Of(digest);
        write(cid, block);
        return new UnixFsLink(cid, node.FileBytes, block.Length + node.Links.Sum(link => link.TotalBytes));
    }
}
