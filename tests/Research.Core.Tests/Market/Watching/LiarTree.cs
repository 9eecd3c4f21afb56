using Research.Federation.Refutation;
using Research.Federation.Trace;

namespace Research.Tests.Market.Watching;

/// <summary>A trace with one leaf changed, and all hashes above it.</summary>
internal sealed class LiarTree(RoundTrace trace, long leaf, byte[] bytes)
{
    public TreeHash Root => Node(trace.Depth, 0);

    /// <summary>Changes a bit of a byte.</summary>
    public static LiarTree Of(RoundTrace trace, long address)
    {
        byte[] bytes = trace.Open(address / KeccakLanes.LeafBytes).Leaf;
        bytes[address % KeccakLanes.LeafBytes] ^= 1;
        return new LiarTree(trace, address / KeccakLanes.LeafBytes, bytes);
    }

    public byte[] Answer(int level, long index) => Descent.Answer(
        trace.Depth, level, index, Node, index => index == leaf ? bytes : trace.Open(index).Leaf);

    private TreeHash Node(int level, long index) =>
        leaf >> level != index ? trace.Node(level, index)
        : level == 0 ? LeafTree.Root(bytes)
        : TreeLevels.Parent(Node(level - 1, 2 * index), Node(level - 1, (2 * index) + 1));
}
