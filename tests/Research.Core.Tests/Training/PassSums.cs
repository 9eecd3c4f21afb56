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
}
