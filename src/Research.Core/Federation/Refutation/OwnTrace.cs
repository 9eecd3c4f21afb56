using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>The tree over a trace that was made here.</summary>
internal sealed class OwnTrace(RoundTrace trace) : ITree
{
    public int Depth => trace.Depth;

    public TreeHash Node(int level, long index) => trace.Node(level, index);

    public byte[] Leaf(long index)
    {
        long address = index * KeccakLanes.LeafBytes;
        return address < trace.Bytes ? trace.Read(address, KeccakLanes.LeafBytes) : new byte[KeccakLanes.LeafBytes];
    }
}
