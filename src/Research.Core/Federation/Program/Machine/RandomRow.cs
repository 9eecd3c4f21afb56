using System.Buffers.Binary;
using System.Numerics;
using Research.Federation.Trace;

namespace Research.Federation.Program.Machine;

/// <summary>Coins and noise of a stream: keccak-256 of the seed and the number of the 32 bytes in which an output lies.</summary>
internal static unsafe class RandomRow
{
    private const int Word = KeccakLanes.DigestBytes;

    public static void Run(CompiledStep step, in Row row)
    {
        long first = row.Address / Word;
        int words = (int)(((row.Address + (2L * row.Count) - 1) / Word) - first) + 1;
        byte[] pairs = new byte[2 * Word * words];
        for (int i = 0; i < words; i++)
        {
            Span<byte> pair = pairs.AsSpan(2 * Word * i, 2 * Word);
            new ReadOnlySpan<byte>(row.B, Word).CopyTo(pair);
            BinaryPrimitives.WriteInt64BigEndian(pair[^sizeof(long)..], first + i);
        }

        byte[] stream = new byte[Word * words];
        KeccakLanes.HashPairs(pairs, stream);
        int skip = (int)(row.Address - (first * Word));
        short* output = (short*)row.Output;
        for (int i = 0; i < row.Count; i++)
        {
            ushort bits = BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(skip + (2 * i)));
            long value = step.Step.Kind == StepKind.Noise
                ? (2 * BitOperations.PopCount(bits)) - 16
                : bits < Rows.One(row.A + (i * row.StrideA), step.A.Width) ? 1 : 0;
            output[i] = (short)Math.Clamp(value, step.Step.Low, step.Step.High);
        }
    }
}
