using Research.Federation.Evaluation;
using Research.Federation.Trace;

namespace Research.Federation.Program.Machine;

/// <summary>Bits of the choice of records: keccak-256 of the seed and a number, 256 at once.</summary>
internal static unsafe class ChoiceRow
{
    private const int Word = KeccakLanes.DigestBytes;

    public static void Run(CompiledStep step, in Row row)
    {
        byte[] bits = RecordChoice.BitsOf(new ReadOnlySpan<byte>(row.B, Word), row.Count);
        short* output = (short*)row.Output;
        for (int i = 0; i < row.Count; i++)
        {
            output[i] = (short)Math.Clamp((bits[i / 8] >> (i % 8)) & 1, step.Step.Low, step.Step.High);
        }
    }
}
