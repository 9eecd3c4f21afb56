using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>How far a clipped vector can reach once its entries are rounded at random to integers.</summary>
/// <remarks>
/// For a vector of norm c in d dimensions: (c + √d)² always, and c² + d/4 + √(2·ln 1/β)·(c + √d/2) if the rounding is
/// drawn again until it holds, which each time it does with probability 1 − β or more (Kairouz, Liu and Steinke 2021,
/// arXiv:2102.06387v4, Theorem 1). Integers: the L1 norm is at most √d times the L2 norm, and at most its square.
/// </remarks>
internal static class RoundedVector
{
    private const double Rounding = 1 + 1e-12;

    /// <summary>Gets the largest L2 norm, rounded up.</summary>
    /// <param name="norm">c, in units of the grid.</param>
    /// <param name="dimension">d.</param>
    /// <param name="beta">β in [0, 1); 0 if the rounding is drawn once.</param>
    public static double L2Norm(double norm, int dimension, double beta)
    {
        double root = Math.Sqrt(dimension);
        double always = norm + root;
        if (beta == 0)
        {
            return always * Rounding;
        }

        double square = (norm * norm) + (dimension / 4.0)
            + (Math.Sqrt(-2 * DoubleLog.Of(beta)) * (norm + (root / 2)));
        return Math.Min(always, Math.Sqrt(square)) * Rounding;
    }

    /// <summary>Gets the largest L1 norm for such an L2 norm.</summary>
    public static double L1Norm(double l2Norm, int dimension) =>
        l2Norm * Math.Min(l2Norm, Math.Sqrt(dimension)) * Rounding;

    /// <summary>Refuses a β outside [0, 1), or too small for a logarithm.</summary>
    public static double CheckBeta(double beta) => beta is >= 0 and < 1 && (beta == 0 || double.IsNormal(beta))
        ? beta
        : throw new ArgumentOutOfRangeException(nameof(beta), beta, "Expected a probability in [0, 1).");
}
