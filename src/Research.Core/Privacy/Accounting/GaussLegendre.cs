using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Nodes and weights of Gauss and Legendre's rule on [−1, 1].</summary>
internal static class GaussLegendre
{
    /// <summary>Gets three nodes.</summary>
    public static ReadOnlySpan<double> ThreeNodes => [-0.7745966692414834, 0, 0.7745966692414834];

    /// <summary>Gets the weights of <see cref="ThreeNodes"/>.</summary>
    public static ReadOnlySpan<double> ThreeWeights => [0.5555555555555556, 0.8888888888888888, 0.5555555555555556];

    /// <summary>Gets six nodes.</summary>
    public static ReadOnlySpan<double> SixNodes =>
    [
        -0.9324695142031521, -0.6612093864662645, -0.2386191860831969,
        0.2386191860831969, 0.6612093864662645, 0.9324695142031521,
    ];

    /// <summary>Gets the weights of <see cref="SixNodes"/>.</summary>
    public static ReadOnlySpan<double> SixWeights =>
    [
        0.1713244923791704, 0.3607615730481386, 0.4679139345726910,
        0.4679139345726910, 0.3607615730481386, 0.1713244923791704,
    ];

    /// <summary>Gets any number of nodes, in descending order, and their weights.</summary>
    public static (double[] At, double[] Weight) Of(int count)
    {
        double[] at = new double[count];
        double[] weight = new double[count];
        for (int i = 0; i < count; i++)
        {
            // Newton from Tricomi's approximation, the recurrence for Pₙ.
            (_, double x) = Turn((i + 0.75) / (count + 0.5));
            double slope = 0;
            for (int round = 0; round < 6; round++)
            {
                double before = 1;
                double value = x;
                for (int n = 2; n <= count; n++)
                {
                    (before, value) = (value, ((((2 * n) - 1) * x * value) - ((n - 1) * before)) / n);
                }

                slope = count * ((x * value) - before) / ((x * x) - 1);
                x -= value / slope;
            }

            (at[i], weight[i]) = (x, 2 / ((1 - (x * x)) * slope * slope));
        }

        return (at, weight);
    }

    // Sine and cosine of up to half a turn, in half turns.
    private static (double Sin, double Cos) Turn(double halves)
    {
        double quarters = 2 * halves;
        double whole = Math.Round(quarters);
        (double sin, double cos) = DoubleSinCos.OfQuarterTurns(quarters - whole);
        return whole switch { 0 => (sin, cos), 1 => (cos, -sin), _ => (-sin, -cos) };
    }
}
