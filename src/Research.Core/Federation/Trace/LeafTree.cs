using System.Runtime.InteropServices;

namespace Research.Federation.Trace;

/// <summary>A binary keccak tree over bytes, in leaves of 128.</summary>
/// <remarks>
/// A leaf's hash is keccak-256 of its 128 bytes, a node's that of its children, left ‖ right. The bytes are filled up
/// with zeros to whole leaves, and the leaves with leaves of zeros to a power of two, at least one.
/// <para>Warning: nothing in the hashes tells a leaf from a node or the true length from a longer one in zeros. Whoever
/// checks a path knows the depth, and the length is committed to beside the root.</para>
/// </remarks>
internal static class LeafTree
{
    private const int ChunkLevel = 10; // 128 kB of leaves, whose hashes stay in the first cache.

    /// <summary>Gets how many leaves hold so many bytes, before these are filled up to a power of two.</summary>
    public static long Leaves(long bytes) =>
        (bytes / KeccakLanes.LeafBytes) + (bytes % KeccakLanes.LeafBytes > 0 ? 1 : 0);

    /// <summary>Gets the length of a path: log₂ of the leaves, rounded up; 0 for none.</summary>
    public static int Depth(long leaves) => TreeLevels.Depth(leaves);

    /// <summary>Gets the node at a level above leaves of 128 zero bytes; level 0 is such a leaf's hash.</summary>
    public static TreeHash ZeroRoot(int level) => TreeLevels.ZeroRoot(level);

    /// <summary>Gets the root over <paramref name="bytes"/>.</summary>
    /// <remarks>Takes 32 bytes of memory to 128 kB, and 32 kB.</remarks>
    public static TreeHash Root(ReadOnlySpan<byte> bytes)
    {
        int depth = Depth(Leaves(bytes.Length));
        int chunkLevel = Math.Min(ChunkLevel, depth);
        return TreeLevels.Reduce(HashChunks(bytes, chunkLevel, 0, []), chunkLevel, depth);
    }

    /// <summary>Gets the siblings on the way from a leaf up to the root.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="leafIndex">The leaf, 0 to 2^depth − 1: it may be one of the padding.</param>
    /// <returns>Depth hashes, bottom up.</returns>
    public static TreeHash[] Path(ReadOnlySpan<byte> bytes, long leafIndex)
    {
        int depth = Depth(Leaves(bytes.Length));
        ArgumentOutOfRangeException.ThrowIfNegative(leafIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leafIndex, 1L << depth);

        int chunkLevel = Math.Min(ChunkLevel, depth);
        TreeHash[] siblings = new TreeHash[depth];
        TreeHash[] chunks = HashChunks(bytes, chunkLevel, leafIndex, siblings.AsSpan(0, chunkLevel));
        _ = TreeLevels.Reduce(chunks, chunkLevel, depth, leafIndex >> chunkLevel, siblings.AsSpan(chunkLevel));
        return siblings;
    }

    /// <summary>Gets the siblings on the way from a whole subtree up to the root.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="level">The subtree's level: it has 2^level leaves. Of a smaller tree it is the root.</param>
    /// <param name="index">Its number on that level.</param>
    /// <returns>The hashes above that level, bottom up.</returns>
    public static TreeHash[] PathAbove(ReadOnlySpan<byte> bytes, int level, int index)
    {
        TreeHash[] whole = Path(bytes, (long)index << Math.Min(level, Depth(Leaves(bytes.Length))));
        return whole.Length <= level ? [] : whole[level..];
    }

    /// <summary>Gets whether a leaf lies at an index of the tree with this root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="depth">The tree's depth, known beforehand.</param>
    /// <param name="leafIndex">Where the leaf is said to lie.</param>
    /// <param name="leaf">128 bytes; any other length is no leaf.</param>
    /// <param name="siblings">The path, bottom up; any other number than <paramref name="depth"/> is none.</param>
    public static bool Verify(
        TreeHash root, int depth, long leafIndex, ReadOnlySpan<byte> leaf, ReadOnlySpan<TreeHash> siblings)
    {
        if (depth is < 0 or > TreeLevels.Greatest
            || siblings.Length != depth
            || leaf.Length != KeccakLanes.LeafBytes
            || leafIndex < 0
            || leafIndex >> depth != 0)
        {
            return false;
        }

        TreeHash node = default;
        KeccakLanes.HashLeaves(leaf, MemoryMarshal.AsBytes(new Span<TreeHash>(ref node)));
        for (int level = 0; level < depth; level++)
        {
            node = (leafIndex >> level) % 2 == 0
                ? TreeLevels.Parent(node, siblings[level])
                : TreeLevels.Parent(siblings[level], node);
        }

        return node == root;
    }

    /// <summary>Hashes each chunk of 2^<paramref name="chunkLevel"/> leaves to its node.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="chunkLevel">The level of the nodes.</param>
    /// <param name="leafIndex">The leaf whose path is wanted.</param>
    /// <param name="siblings">Empty, or receives the siblings below <paramref name="chunkLevel"/>.</param>
    private static TreeHash[] HashChunks(
        ReadOnlySpan<byte> bytes, int chunkLevel, long leafIndex, Span<TreeHash> siblings)
    {
        int leavesPerChunk = 1 << chunkLevel;
        int bytesPerChunk = leavesPerChunk * KeccakLanes.LeafBytes;
        TreeHash[] hashes = new TreeHash[leavesPerChunk];
        TreeHash[] chunks = new TreeHash[(bytes.Length / bytesPerChunk) + (bytes.Length % bytesPerChunk > 0 ? 1 : 0)];
        for (int level = 0; level < siblings.Length; level++)
        {
            siblings[level] = ZeroRoot(level); // Of a leaf in a chunk of padding.
        }

        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            int start = chunk * bytesPerChunk;
            ReadOnlySpan<byte> part = bytes.Slice(start, Math.Min(bytesPerChunk, bytes.Length - start));
            Span<TreeHash> nodes = hashes.AsSpan(0, (int)Leaves(part.Length));
            HashLeaves(part, nodes);
            chunks[chunk] = leafIndex >> chunkLevel == chunk
                ? TreeLevels.Reduce(nodes, 0, chunkLevel, leafIndex % leavesPerChunk, siblings)
                : TreeLevels.Reduce(nodes, 0, chunkLevel);
        }

        return chunks;
    }

    /// <summary>Hashes leaves, of which the last may be short.</summary>
    private static void HashLeaves(ReadOnlySpan<byte> bytes, Span<TreeHash> hashes)
    {
        int whole = bytes.Length / KeccakLanes.LeafBytes;
        ReadOnlySpan<byte> rest = bytes[(whole * KeccakLanes.LeafBytes)..];
        KeccakLanes.HashLeaves(bytes[..^rest.Length], MemoryMarshal.AsBytes(hashes[..whole]));
        if (!rest.IsEmpty)
        {
            Span<byte> leaf = stackalloc byte[KeccakLanes.LeafBytes];
            leaf.Clear();
            rest.CopyTo(leaf);
            KeccakLanes.HashLeaves(leaf, MemoryMarshal.AsBytes(hashes[whole..]));
        }
    }
}
