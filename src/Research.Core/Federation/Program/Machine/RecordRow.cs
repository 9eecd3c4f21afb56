using System.Buffers.Binary;
using Research.Federation.Trace;

namespace Research.Federation.Program.Machine;

/// <summary>Words of an evaluation record: its ciphertext, exclusive or keccak-256 of its key and the block's number.</summary>
internal static unsafe class RecordRow
{
    private const int Word = KeccakLanes.DigestBytes;
    private const int PerWord = Word / sizeof(short);

    public static void Run(CompiledStep step, in Row row)
    {
        // Of a pair, the second was opened where a is positive: then the first scores.
        int which = Rows.One(row.A, step.A.Width) > 0 ? 0 : 1;
        byte* cipher = row.B + ((long)which * step.Step.Length);
        byte* key = row.C + (which * Program.Step.Leaf);
        int blocks = (row.Count + PerWord - 1) / PerWord;
        byte[] pairs = new byte[2 * Word * blocks];
        for (int i = 0; i < blocks; i++)
        {
            Span<byte> pair = pairs.AsSpan(2 * Word * i, 2 * Word);
            new ReadOnlySpan<byte>(key, Word).CopyTo(pair);
            BinaryPrimitives.WriteInt32BigEndian(pair[^sizeof(int)..], i);
        }

        byte[] stream = new byte[Word * blocks];
        KeccakLanes.HashPairs(pairs, stream);
        for (int i = 0; i < row.Count; i++)
        {
            short masked = BinaryPrimitives.ReadInt16BigEndian(new ReadOnlySpan<byte>(cipher + (2 * i), 2));
            int value = (short)(masked ^ BinaryPrimitives.ReadInt16BigEndian(stream.AsSpan(2 * i)));
            ((short*)row.Output)[i] = (short)Math.Clamp(value, step.Step.Low, step.Step.High);
        }
    }
}
