using System.Runtime.InteropServices;

namespace Research.Federation.Trace;

/// <summary>The levels of a binary keccak tree: a node is the hash of its children, left then right.</summary>
internal static class TreeLevels
{
    /// <summary>The greatest level of a node: 2⁶² leaves.</summary>
    public const int Greatest = 62;

    private static readonly TreeHash[] ZeroRoots = HashZeros();

    /// <summary>Gets the level of the root of a tree with so many leaves: log₂, rounded up; 0 for none.</summary>
    public static int Depth(long leaves)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaves);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leaves, 1L << Greatest);
        return leaves <= 1 ? 0 : (int)long.Log2(leaves - 1) + 1;
    }

    /// <summary>Gets the node at a level above leaves of 128 zero bytes; level 0 is such a leaf's hash.</summary>
    public static TreeHash ZeroRoot(int level) => ZeroRoots[level];

    /// <summary>Hashes two children.</summary>
    public static TreeHash Parent(TreeHash left, TreeHash right)
    {
        Span<TreeHash> pair = [left, right];
        KeccakLanes.HashPairs(MemoryMarshal.AsBytes(pair), MemoryMarshal.AsBytes(pair[..1]));
        return pair[0];
    }

    /// <summary>Hashes the nodes of a level in pairs; a last one without a sibling pairs with zero leaves.</summary>
    /// <param name="nodes">The first nodes of a level.</param>
    /// <param name="level">Their level.</param>
    /// <param name="parents">Receives half as many, rounded up; may begin where <paramref name="nodes"/> does.</param>
    public static void HashLevel(ReadOnlySpan<TreeHash> nodes, int level, Span<TreeHash> parents)
    {
        int whole = nodes.Length / 2;
        TreeHash last = nodes.IsEmpty ? default : nodes[^1];
        bool alone = nodes.Length % 2 == 1;
        KeccakLanes.HashPairs(
            MemoryMarshal.AsBytes(nodes[..(2 * whole)]), MemoryMarshal.AsBytes(parents[..whole]));
        if (alone)
        {
            parents[whole] = Parent(last, ZeroRoot(level));
        }
    }

    /// <summary>Gets the node at a higher level above nodes, and on the way the siblings of a path.</summary>
    /// <param name="nodes">The first nodes of a level, at most 2^(top − level); overwritten. Zero leaves lie under the
    /// others.</param>
    /// <param name="level">Their level.</param>
    /// <param name="top">The level of the result.</param>
    /// <param name="index">The node at <paramref name="level"/> whose path is wanted.</param>
    /// <param name="siblings">Empty, or receives top − level siblings, bottom up.</param>
    public static TreeHash Reduce(
        Span<TreeHash> nodes, int level, int top, long index = 0, Span<TreeHash> siblings = default)
    {
        for (int at = level; at < top; at++)
        {
            if (!siblings.IsEmpty)
            {
                long sibling = (index >> (at - level)) ^ 1;
                siblings[at - level] = sibling < nodes.Length ? nodes[(int)sibling] : ZeroRoot(at);
            }

            Span<TreeHash> parents = nodes[..((nodes.Length + 1) / 2)];
            HashLevel(nodes, at, parents);
            nodes = parents;
        }

        return nodes.IsEmpty ? ZeroRoot(top) : nodes[0];
    }

    private static TreeHash[] HashZeros()
    {
        TreeHash[] roots = new TreeHash[Greatest + 1];
        KeccakLanes.HashLeaves(new byte[KeccakLanes.LeafBytes], MemoryMarshal.AsBytes(roots.AsSpan(0, 1)));
        for (int level = 1; level < roots.Length; level++)
        {
            roots[level] = Parent(roots[level - 1], roots[level - 1]);
        }

        return roots;
    }
}
