using Research.TorchSharp.Gradients;
using Research.TorchSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Probing;

/// <summary>Finds out whether gradients follow from memory that nobody wrote.</summary>
/// <remarks>
/// It holds what was computed before, other records' numbers among it, and what is there changes from call to call: what a
/// record adds would not follow from the record. A few fills find what reads such memory each time.
/// </remarks>
internal static class MemoryProbe
{
    private const int Fills = 3;
    private const byte Zeros = 0;
    private const byte Large = 0x7F; // 3.4e38 in each number.

    /// <summary>Computes the same gradients over memory of zeros, of large numbers, and of NaN, which a zero does not
    /// hide.</summary>
    public static bool Reads(IExampleGradients gradients, ProbeBatch batch)
    {
        for (int fill = 0; fill < Fills; fill++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] zeros = UnwrittenMemory.Over(Zeros, Numbers);
            if (Differs(zeros, UnwrittenMemory.Over(Large, Numbers)))
            {
                return true;
            }

            UnwrittenMemory.Fill(float.NaN);
            if (Differs(zeros, Numbers()))
            {
                return true;
            }
        }

        return false;

        Tensor[] Numbers() =>
            [.. gradients.Compute(batch.Inputs, batch.Targets, batch.Seeds).Pieces.SelectMany(RowProbe.Numbers)];
    }

    private static bool Differs(Tensor[] some, Tensor[] others) =>
        !some.Zip(others).All(pair => RowProbe.Same(pair.First, pair.Second));
}
