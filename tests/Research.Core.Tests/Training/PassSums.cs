using Research.Privacy.Sums;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

/// <summary>Sums of a pass as floats, clipped or not: clipped ones come in whole grid steps.</summary>
internal static class PassSums
{
    /// <summary>Clipping on the grid of noise multiplier 1.</summary>
    public static Clipping Clip(ClippingMode mode, double norm) => new(mode, norm, new SumGrid(1, norm));

    /// <summary>Adds gradients, clipped if asked for.</summary>
    public static double AddGradients(
        this BatchPass pass,
        Dataset data,
        ReadOnlySpan<int> chosen,
        Clipping? clipping,
        float[] sum,
        long step = 1)
    {
        if (clipping is not { } bounded)
        {
            return pass.AddGradients(data, chosen, sum, step);
        }

        long[] sums = new long[sum.Length];
        double loss = pass.AddClipped(data, chosen, bounded, sums, step);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += (float)(sums[i] * bounded.Norm / bounded.Grid.Bound);
        }

        return loss;
    }

    /// <summary>
    /// Asserts that a clipped sum is the expected one: but for float rounding, or, where a layer rounds its factors (which
    /// enters all layers by the norm), for some parts in a thousand of the layer's largest.
    /// </summary>
    public static void AssertClose(
        Network network, double[] expected, float[] actual, double tolerance, int copies = 1)
    {
        bool rounds = copies > 0 && network.Nodes.Any(node => node.Operator.HasFactors(copies));
        for (int node = 0; node < network.Nodes.Count; node++)
        {
            double[] own = expected[network.RangeOf(node)];
            double rounding = rounds && own.Length > 0 ? 2e-2 * own.Max(Math.Abs) : 0;
            Assert.All(
                own.Zip(actual[network.RangeOf(node)]),
                pair => Assert.Equal(pair.First, pair.Second, tolerance + rounding));
        }
    }
}
