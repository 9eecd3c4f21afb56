using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>Consecutive leaves of a tree, and the hashes beside their way to the root.</summary>
/// <param name="First">The number of the first leaf.</param>
/// <param name="Data">The leaves, 128 bytes each.</param>
/// <param name="Siblings">From below: on each level the node left of them, where the first is a right child, then the node
/// right of them, where the last is a left child.</param>
public sealed record OpenLeaves(long First, ReadOnlyMemory<byte> Data, IReadOnlyList<TreeHash> Siblings)
{
    /// <summary>Opens the leaves that some bytes lie in.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="count">How many bytes, 1 or more.</param>
    internal static OpenLeaves Of(ITree tree, long address, int count)
    {
        long first = address / KeccakLanes.LeafBytes;
        long last = (address + count - 1) / KeccakLanes.LeafBytes;
        byte[] data = new byte[(last - first + 1) * KeccakLanes.LeafBytes];
        for (long leaf = first; leaf <= last; leaf++)
        {
            tree.Leaf(leaf).CopyTo(data, (leaf - first) * KeccakLanes.LeafBytes);
        }

        List<TreeHash> siblings = [];
        (long left, long right) = (first, last);
        for (int level = 0; level < tree.Depth; level++)
        {
            if (left % 2 == 1)
            {
                siblings.Add(tree.Node(level, left - 1));
            }

            if (right % 2 == 0)
            {
                siblings.Add(tree.Node(level, right + 1));
            }

            (left, right) = (left / 2, right / 2);
        }

        return new OpenLeaves(first, data, siblings);
    }

    /// <summary>Gets the root that the leaves and the hashes beside them lead to; what a contract computes.</summary>
    /// <param name="depth">Levels of the tree above its leaves.</param>
    /// <exception cref="InvalidDataException">There are more or fewer hashes than such a tree has beside them.</exception>
    internal TreeHash RootOf(int depth)
    {
        int count = Data.Length / KeccakLanes.LeafBytes;
        TreeHash[] nodes = new TreeHash[count];
        for (int i = 0; i < count; i++)
        {
            nodes[i] = LeafTree.Root(Data.Span.Slice(i * KeccakLanes.LeafBytes, KeccakLanes.LeafBytes));
        }

        int used = 0;
        (long left, long right) = (First, First + count - 1);
        for (int level = 0; level < depth; level++)
        {
            List<TreeHash> row = [];
            if (left % 2 == 1)
            {
                row.Add(Take(ref used));
            }

            row.AddRange(nodes);
            if (right % 2 == 0)
            {
                row.Add(Take(ref used));
            }

            nodes = [.. row.Chunk(2).Select(pair => TreeLevels.Parent(pair[0], pair[1]))];
            (left, right) = (left / 2, right / 2);
        }

        return used == Siblings.Count && nodes.Length == 1
            ? nodes[0]
            : throw new InvalidDataException($"Expected {used} hashes beside the leaves, got {Siblings.Count}.");
    }

    private TreeHash Take(ref int used) => used < Siblings.Count
        ? Siblings[used++]
        : throw new InvalidDataException($"Expected more than {Siblings.Count} hashes beside the leaves.");
}
