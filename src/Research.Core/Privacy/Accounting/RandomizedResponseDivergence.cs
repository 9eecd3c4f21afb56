using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Rényi divergence of one k-ary randomised response, and so of any pure mechanism.</summary>
/// <remarks>
/// The truth has probability e^ε/(e^ε + k − 1), each other value 1/(e^ε + k − 1). Summing p^α·q^(1−α) over the values,
/// A − 1 = (e^(αε) − 1)(1 − e^(−(α−1)ε))/(e^ε + k − 1), and the divergence is ln(A)/(α−1), the same in both directions;
/// k = 2 is Mironov 2017, arXiv:1702.07476v3, Proposition 5. It bounds every ε-private mechanism too: the ratio P/Q
/// lies in [e^−ε, e^ε] with mean 1 under Q, and its power α, being convex, averages at most what the chord between the
/// two ends does (proof of Proposition 3.3 in Bun and Steinke 2016, arXiv:1605.02065v1).
/// </remarks>
internal static class RandomizedResponseDivergence
{
    private const double SafetyFactor = 1 + 1e-9; // Covers rounding, some 1e-13.
    private const double LeastEpsilon = 1e-100; // The divergence grows with ε: raising it keeps every product normal.
    private const double LargestEpsilon = 600; // Above it the divergence is ε itself, which always bounds it.

    /// <summary>Gets an upper bound, tight to a relative 2e-9.</summary>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="categories">k, 2 or more.</param>
    /// <param name="order">α, above 1.</param>
    /// <returns>Nats, at most ε.</returns>
    public static double Of(double epsilon, int categories, double order)
    {
        if (epsilon > LargestEpsilon)
        {
            return epsilon;
        }

        double e = Math.Max(epsilon, LeastEpsilon);
        double scale = -DoubleExpM1.Of(-(order - 1) * e) / (DoubleExp.Of(e) + categories - 1);
        double power = order * e;
        double logarithm = power < 40
            ? DoubleLog1P.Of(scale * DoubleExpM1.Of(power))
            : power + DoubleLog.Of(scale + DoubleExp.Of(-power)); // Drops e^(−αε)·scale: an upper bound.
        return Math.Min(e, logarithm / (order - 1) * SafetyFactor);
    }
}
