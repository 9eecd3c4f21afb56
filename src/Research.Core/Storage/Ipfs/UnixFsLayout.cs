namespace Research.Storage.Ipfs;

/// <summary>How a node cuts content into blocks, which decides the content's CID.</summary>
/// <param name="ChunkBytes">How many bytes a leaf has, but the last: 1 to 1,048,576.</param>
/// <param name="LinksPerNode">How many links an inner node has at most, at least 2.</param>
/// <param name="RawLeaves">Whether leaves are raw blocks; else they are nodes with data, and CIDs are of version 0.</param>
internal readonly record struct UnixFsLayout(int ChunkBytes, int LinksPerNode, bool RawLeaves = true)
{
    /// <summary>Gets what this library writes: chunks of 1 MiB, the largest that all nodes take.</summary>
    /// <remarks>
    /// <c>ipfs add --cid-version=1 --raw-leaves --chunker=size-1048576</c>. 174 links a node is what kubo has unless
    /// told otherwise (boxo, <c>DefaultLinksPerBlock</c>), and what js-ipfs always has.
    /// </remarks>
    public static UnixFsLayout Default => new(1 << 20, 174);
}
