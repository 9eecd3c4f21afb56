using System.Runtime.InteropServices;
using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>The tree over bytes that are all here.</summary>
internal sealed class BytesTree : ITree
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly TreeHash[][] _levels;

    /// <param name="bytes">The bytes; the last leaf may be short.</param>
    public BytesTree(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        long leaves = LeafTree.Leaves(bytes.Length);
        Depth = LeafTree.Depth(leaves);
        _levels = new TreeHash[Depth + 1][];
        _levels[0] = new TreeHash[leaves];
        int whole = bytes.Length / KeccakLanes.LeafBytes;
        KeccakLanes.HashLeaves(
            bytes.Span[..(whole * KeccakLanes.LeafBytes)], MemoryMarshal.AsBytes(_levels[0].AsSpan(0, whole)));
        if (whole < leaves)
        {
            _levels[0][whole] = LeafTree.Root(Leaf(whole));
        }

        for (int level = 1; level <= Depth; level++)
        {
            _levels[level] = new TreeHash[(_levels[level - 1].Length + 1) / 2];
            TreeLevels.HashLevel(_levels[level - 1], level - 1, _levels[level]);
        }
    }

    public int Depth { get; }

    public TreeHash Node(int level, long index) =>
        index < _levels[level].Length ? _levels[level][index] : LeafTree.ZeroRoot(level);

    public byte[] Leaf(long index)
    {
        byte[] leaf = new byte[KeccakLanes.LeafBytes];
        long from = index * KeccakLanes.LeafBytes;
        if (from < _bytes.Length)
        {
            _bytes.Span.Slice((int)from, (int)Math.Min(leaf.Length, _bytes.Length - from)).CopyTo(leaf);
        }

        return leaf;
    }
}
