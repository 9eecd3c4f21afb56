using Research.Federation.Refutation;
using Research.Federation.Trace;

namespace Research.Federation.Adversaries;

/// <summary>A round's trace with one byte changed, and all hashes above it: what a liar would claim who computed
/// everything.</summary>
public sealed class ForgedTrace
{
    private readonly RoundTrace _trace;
    private readonly long _leaf;
    private readonly byte[] _bytes;

    /// <summary>Changes the lowest bit of a byte.</summary>
    /// <param name="trace">The right trace; not disposed of while this is used.</param>
    /// <param name="address">Which byte.</param>
    /// <exception cref="ArgumentOutOfRangeException">The trace has no such byte.</exception>
    public ForgedTrace(RoundTrace trace, long address)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(address, trace.Bytes);
        _trace = trace;
        _leaf = address / KeccakLanes.LeafBytes;
        _bytes = trace.Open(_leaf).Leaf;
        _bytes[address % KeccakLanes.LeafBytes] ^= 1;
        Root = Node(trace.Depth, 0);
    }

    /// <summary>Gets the root that a claim would carry.</summary>
    public TreeHash Root { get; }

    /// <summary>Makes the data that opens a demanded node.</summary>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="index">The node's number on its level of the tree.</param>
    public byte[] Answer(int level, long index) => Descent.Answer(
        _trace.Depth, level, index, Node, leaf => leaf == _leaf ? _bytes : _trace.Open(leaf).Leaf);

    /// <summary>Gets a node by its level above the leaves and its number.</summary>
    internal TreeHash Node(int level, long index) =>
        _leaf >> level != index ? _trace.Node(level, index)
        : level == 0 ? LeafTree.Root(_bytes)
        : TreeLevels.Parent(Node(level - 1, 2 * index), Node(level - 1, (2 * index) + 1));
}
