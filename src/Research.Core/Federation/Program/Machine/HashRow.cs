using Research.Federation.Trace;

namespace Research.Federation.Program.Machine;

/// <summary>Hashes of leaves, or of pairs of nodes.</summary>
internal static unsafe class HashRow
{
    public static void Run(CompiledStep compiled, in Row row)
    {
        int size = compiled.Step.Length;
        byte[] messages = new byte[row.Count * size];
        for (int i = 0; i < row.Count; i++)
        {
            Span<byte> message = messages.AsSpan(i * size, size);
            if (size == Program.Step.Leaf)
            {
                NativeOrder.Swap(new ReadOnlySpan<byte>(row.A + (i * row.StrideA), size), message, compiled.A.Width);
            }
            else
            {
                new ReadOnlySpan<byte>(row.A + (i * row.StrideA), size / 2).CopyTo(message);
                new ReadOnlySpan<byte>(row.B + (i * row.StrideB), size / 2).CopyTo(message[(size / 2)..]);
            }
        }

        Span<byte> hashes = new(row.Output, row.Count * KeccakLanes.DigestBytes);
        if (size == Program.Step.Leaf)
        {
            KeccakLanes.HashLeaves(messages, hashes);
        }
        else
        {
            KeccakLanes.HashPairs(messages, hashes);
        }
    }
}
