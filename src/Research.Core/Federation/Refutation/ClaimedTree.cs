using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>A claimed tree as far as it is known: one's own left of the first difference, and what was shown.</summary>
internal sealed class ClaimedTree(ITree own, Descent shown) : ITree
{
    public int Depth => own.Depth;

    public TreeHash Node(int level, long index) => shown.Claimed(level, index);

    public byte[] Leaf(long index) => index == shown.Leaf!.Value.Index ? shown.Leaf.Value.Bytes : own.Leaf(index);
}
