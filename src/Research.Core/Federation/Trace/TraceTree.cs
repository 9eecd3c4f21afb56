using Research.Federation.Program.Machine;

namespace Research.Federation.Trace;

/// <summary>Hashes a trace's leaves as they come.</summary>
/// <param name="bytes">The bytes of the trace, whole leaves.</param>
internal sealed class TraceTree(long bytes) : ITraceSink
{
    /// <summary>Gets the tree; finished once every leaf came.</summary>
    public ChunkedTree Tree { get; } = new(bytes / KeccakLanes.LeafBytes);

    public bool Wants(long address, long count) => true;

    public void Take(long address, ReadOnlySpan<byte> leaves)
    {
        byte[] hashes = System.Buffers.ArrayPool<byte>.Shared.Rent(leaves.Length / KeccakLanes.LeafBytes * TreeHash.Size);
        Span<byte> used = hashes.AsSpan(0, leaves.Length / KeccakLanes.LeafBytes * TreeHash.Size);
        KeccakLanes.HashLeaves(leaves, used);
        Tree.Add(address / KeccakLanes.LeafBytes, used);
        System.Buffers.ArrayPool<byte>.Shared.Return(hashes);
    }
}
