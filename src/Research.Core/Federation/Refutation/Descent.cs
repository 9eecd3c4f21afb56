using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>Goes down a claimed tree to its first leaf that differs from one's own, by what is shown of it.</summary>
/// <remarks>
/// Each answer shows the descendants of a node four levels down; that of the root so many levels down that a multiple of
/// four is left; and the last one a leaf. Everything left of the way hashes to one's own nodes, hence is one's own: the least
/// descendant that differs is where the first difference lies. See contracts/PROTOCOL.md, section Refutation.
/// </remarks>
public sealed class Descent
{
    private const int Step = 4;

    private readonly Func<int, long, TreeHash> _own;
    private readonly Dictionary<(int Level, long Index), TreeHash> _shown = [];
    private readonly int _depth;

    /// <summary>Begins at the root.</summary>
    /// <param name="depth">Levels of the tree above its leaves.</param>
    /// <param name="root">The claimed root, which is not one's own.</param>
    /// <param name="own">Gets one's own node by its level above the leaves and its number.</param>
    /// <exception cref="ArgumentException">The root is one's own.</exception>
    public Descent(int depth, TreeHash root, Func<int, long, TreeHash> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        (_depth, _own) = (depth, own);
        if (own(depth, 0) == root)
        {
            throw new ArgumentException($"Expected another root than one's own, {root}.", nameof(root));
        }

        _shown[(depth, 0)] = root;
        Next = new DemandedNode(0, 0, root, []);
    }

    /// <summary>Gets what must be shown to go on; null once the leaf is there.</summary>
    public DemandedNode? Next { get; private set; }

    /// <summary>Gets the first leaf that differs from one's own; null until it was shown.</summary>
    public (long Index, byte[] Bytes)? Leaf { get; private set; }

    /// <summary>Gets how many answers a descent takes.</summary>
    /// <param name="depth">Levels of the tree above its leaves.</param>
    public static int Levels(int depth) => ((depth + Step - 1) / Step) + 1;

    /// <summary>Takes an answer to <see cref="Next"/>.</summary>
    /// <param name="data">The node's descendants, 32 bytes each, or the leaf's 128 bytes; from anybody.</param>
    /// <returns>Whether they are what hashes to the node.</returns>
    public bool Show(ReadOnlySpan<byte> data)
    {
        if (Next is not { } next)
        {
            return false;
        }

        int height = HeightOf(_depth, next.Level);
        return height == 0 ? ShowLeaf(next, data) : ShowNodes(next, height, data);
    }

    /// <summary>Makes the data that opens a demanded node.</summary>
    /// <param name="depth">Levels of the tree above its leaves.</param>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="index">The node's number on its level of the tree.</param>
    /// <param name="node">Gets a node by its level above the leaves and its number.</param>
    /// <param name="leaf">Gets a leaf's bytes.</param>
    public static byte[] Answer(
        int depth, int level, long index, Func<int, long, TreeHash> node, Func<long, byte[]> leaf)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(leaf);
        int height = HeightOf(depth, level);
        if (height == 0)
        {
            return leaf(index);
        }

        int down = DownFrom(height);
        byte[] data = new byte[TreeHash.Size << down];
        for (int i = 0; i < 1 << down; i++)
        {
            node(height - down, (index << down) + i).CopyTo(data.AsSpan(i * TreeHash.Size));
        }

        return data;
    }

    /// <summary>Gets the level above the leaves of the nodes that a step of the descent is about.</summary>
    internal static int HeightOf(int depth, int level) =>
        level == 0 ? depth : Math.Max(0, ((depth + Step - 1) / Step * Step) - (Step * level));

    /// <summary>Gets a claimed node that was shown, or that lies left of the way and so is one's own.</summary>
    /// <exception cref="InvalidOperationException">It lies right of the way, and nobody showed it.</exception>
    internal TreeHash Claimed(int level, long index)
    {
        if (_shown.TryGetValue((level, index), out TreeHash shown))
        {
            return shown;
        }

        long way = Leaf!.Value.Index >> level;
        return index < way
            ? _own(level, index)
            : throw new InvalidOperationException($"Node {index} of level {level} was not shown.");
    }

    private static int DownFrom(int height) => height % Step == 0 ? Step : height % Step;

    private bool ShowLeaf(DemandedNode next, ReadOnlySpan<byte> data)
    {
        if (data.Length != KeccakLanes.LeafBytes || LeafTree.Root(data) != next.Node)
        {
            return false;
        }

        Leaf = (next.Index, data.ToArray());
        Next = null;
        return true;
    }

    private bool ShowNodes(DemandedNode next, int height, ReadOnlySpan<byte> data)
    {
        int down = DownFrom(height);
        if (data.Length != TreeHash.Size << down)
        {
            return false;
        }

        Dictionary<(int Level, long Index), TreeHash> nodes = [];
        for (int i = 0; i < 1 << down; i++)
        {
            nodes[(height - down, (next.Index << down) + i)] = new TreeHash(data.Slice(i * TreeHash.Size, TreeHash.Size));
        }

        for (int level = height - down + 1; level <= height; level++)
        {
            for (long i = next.Index << (height - level); i < (next.Index + 1) << (height - level); i++)
            {
                nodes[(level, i)] = TreeLevels.Parent(nodes[(level - 1, 2 * i)], nodes[(level - 1, (2 * i) + 1)]);
            }
        }

        if (nodes[(height, next.Index)] != next.Node)
        {
            return false;
        }

        foreach (((int Level, long Index) at, TreeHash node) in nodes)
        {
            _shown[at] = node;
        }

        // One of them differs: they hash to a node that does.
        long child = next.Index << down;
        while (_shown[(height - down, child)] == _own(height - down, child))
        {
            child++;
        }

        Next = new DemandedNode(
            next.Level + 1, child, _shown[(height - down, child)], [.. Siblings(height - down, child)]);
        return true;
    }

    private IEnumerable<TreeHash> Siblings(int level, long index)
    {
        for (; level < _depth; level++, index /= 2)
        {
            yield return _shown[(level, index ^ 1)];
        }
    }
}
