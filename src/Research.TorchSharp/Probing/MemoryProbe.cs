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

    /// <summary>Computes the same gradients over memory of zeros and over memory of NaN.</summary>
    public static bool Reads(IExampleGradients gradients, ProbeBatch batch)
    {
        for (int fill = 0; fill < Fills; fill++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] zeros = Over(0);
            Tensor[] other = Over(float.NaN);
            if (!zeros.Zip(other).All(pair => RowProbe.Same(pair.First, pair.Second)))
            {
                return true;
            }
        }

        return false;

        Tensor[] Over(float value)
        {
            UnwrittenMemory.Fill(value);
            IReadOnlyList<GradientPiece> pieces = gradients.Compute(batch.Inputs, batch.Targets, batch.Seeds).Pieces;
            return [.. pieces.SelectMany(RowProbe.Numbers)];
        }
    }
}
