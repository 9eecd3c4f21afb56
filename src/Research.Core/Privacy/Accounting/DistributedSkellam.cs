namespace Research.Privacy.Accounting;

/// <summary>Sums of rounded vectors to which clients add Skellam noise: differences of Poisson counts.</summary>
/// <remarks>
/// Neighbours: a client's vector is replaced by <b>zero</b>; its noise stays. Skellam noise is closed under sums, so
/// only the variance μ of the whole noise counts. With Δ₂ and Δ₁ the largest norms of a rounded vector, the divergence
/// of an
/// <i>integer</i> order α is at most αΔ₂²/2μ + min(((2α−1)Δ₂² + 6Δ₁)/4μ², 3Δ₁/2μ): Agarwal, Kairouz and Liu 2021,
/// arXiv:2110.04995v1, Theorem 3.5 and its corollary for vectors. No other order is used.
/// </remarks>
/// <param name="Scale">Factor by which vectors are multiplied before they are rounded; finite, above 0.</param>
/// <param name="CentralDeviation">Deviation of the sum's noise, before scaling; finite, above 0.</param>
/// <param name="ClipNorm">Largest norm of a vector before scaling; finite, above 0.</param>
/// <param name="Dimension">Entries of a vector; 1 or more.</param>
/// <param name="Beta">0 if a vector is rounded once, else it is rounded again until its norm is in bounds, which fails
/// with probability at most β each time.</param>
/// <param name="Steps">Number of sums; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record DistributedSkellam(
    double Scale, double CentralDeviation, double ClipNorm, int Dimension, double Beta, int Steps)
{
    private const double Rounding = 1 + 1e-12;

    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ZeroOutOne;

    /// <summary>Gets the factor by which vectors are multiplied before they are rounded.</summary>
    public double Scale { get; } = Parameter.Positive(Scale, nameof(Scale));

    /// <summary>Gets the deviation of the sum's noise, before scaling.</summary>
    public double CentralDeviation { get; } = Parameter.Positive(CentralDeviation, nameof(CentralDeviation));

    /// <summary>Gets the largest norm of a vector before scaling.</summary>
    public double ClipNorm { get; } = Parameter.Positive(ClipNorm, nameof(ClipNorm));

    /// <summary>Gets the entries of a vector.</summary>
    public int Dimension { get; } = Parameter.AtLeast(Dimension, 1, nameof(Dimension));

    /// <summary>Gets the probability with which one rounding is out of bounds at most; 0 if it is drawn once.</summary>
    public double Beta { get; } = RoundedVector.CheckBeta(Beta);

    /// <summary>Gets the number of sums; 0 or more.</summary>
    public int Steps { get; } = Parameter.AtLeast(Steps, 0, nameof(Steps));

    /// <summary>Gets an ε for which all sums together are (ε, δ)-differentially private, rounded up.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public double Epsilon(double delta)
    {
        RenyiConversion.Check(delta);
        double l2Norm = RoundedVector.L2Norm(Scale * ClipNorm, Dimension, Beta);
        double l1Norm = RoundedVector.L1Norm(l2Norm, Dimension);
        double variance = Scale * CentralDeviation * (Scale * CentralDeviation);
        RenyiCurve curve = new(order => Divergence(l2Norm, l1Norm, variance, order));
        return Steps == 0 ? 0 : curve.Times(Steps).Epsilon(delta);
    }

    /// <summary>Gets the divergence of one sum, rounded up; infinite at an order that is not whole.</summary>
    internal static double Divergence(double l2Norm, double l1Norm, double variance, double order)
    {
        if (order != Math.Floor(order))
        {
            return double.PositiveInfinity;
        }

        double square = l2Norm * l2Norm / variance;
        double wide = ((((2 * order) - 1) * square) + (6 * l1Norm / variance)) / (4 * variance);
        return ((order * square / 2) + Math.Min(wide, 1.5 * l1Norm / variance)) * Rounding;
    }
}
