using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Rényi divergence of one Laplace mechanism.</summary>
/// <remarks>
/// With x = 1/b and the order α: A = (α·exp((α−1)x) + (α−1)·exp(−αx))/(2α−1), and the divergence is ln(A)/(α−1), the
/// same in both directions. Source: Mironov 2017, arXiv:1702.07476v3, Proposition 6 (there Λ = b, sensitivity 1).
/// The weights sum to 1 and the linear terms cancel, so A − 1 is a sum of terms eʸ − 1 − y, none of them negative.
/// </remarks>
internal static class LaplaceDivergence
{
    private const double SafetyFactor = 1 + 1e-9; // Covers rounding, some 1e-14.
    private const double LeastExponent = 1e-100; // The divergence grows with x: raising x keeps every square normal.

    /// <summary>Gets an upper bound, tight to a relative 2e-9.</summary>
    /// <param name="scale">b over the sensitivity, above 0.</param>
    /// <param name="order">α, above 1.</param>
    /// <returns>Nats; infinite where 1/b is.</returns>
    public static double Of(double scale, double order)
    {
        double x = Math.Max(1 / scale, LeastExponent);
        double twice = (2 * order) - 1;
        double y = (order - 1) * x;
        if (y < 1)
        {
            double excess = ((order * Remainder(y)) + ((order - 1) * Remainder(-order * x))) / twice;
            return DoubleLog1P.Of(excess) / (order - 1) * SafetyFactor;
        }

        double inner = (order / twice) + ((order - 1) / twice * DoubleExp.Of(-twice * x));
        return (x + (DoubleLog.Of(inner) / (order - 1))) * SafetyFactor;
    }

    // eʸ − 1 − y. Ten terms of the series leave 1e-18 of the sum where |y| < ¼.
    private static double Remainder(double y)
    {
        if (Math.Abs(y) >= 0.25)
        {
            return DoubleExpM1.Of(y) - y;
        }

        double sum = 1;
        for (int j = 12; j >= 3; j--)
        {
            sum = 1 + (y / j * sum);
        }

        return 0.5 * y * y * sum;
    }
}
