using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Sums of rounded vectors to which each client adds its own discrete Gaussian noise.</summary>
/// <remarks>
/// Neighbours: a client's vector is replaced by <b>zero</b>; its noise stays. All the clients that are counted add
/// their noise. With Δ the largest norm of a rounded vector and s the deviation of a client's noise, both in units of
/// the grid, the sum is ½ε²-concentrated, ε = Δ/(√n·s) + τ√d, τ = 10·Σ exp(−2π²s²·k/(k+1)) over k from 1 to n−1, for s
/// ≥ ½: Kairouz, Liu and Steinke 2021, arXiv:2102.06387v4, Theorem 1 (τ is what a sum of discrete Gaussians differs
/// from one).
/// </remarks>
/// <param name="Granularity">Grid γ on which vectors are rounded; finite, above 0.</param>
/// <param name="LocalDeviation">Deviation σ of a client's noise, at least γ/2.</param>
/// <param name="Clients">Clients n who add noise; 1 or more.</param>
/// <param name="ClipNorm">Largest norm c of a vector before it is rounded; finite, above 0.</param>
/// <param name="Dimension">Entries d of a vector; 1 or more.</param>
/// <param name="Beta">β: 0 if a vector is rounded once, else it is rounded again until its norm is in bounds, which
/// fails with probability at most β each time.</param>
/// <param name="Steps">Number of sums; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record DistributedDiscreteGaussian(
    double Granularity, double LocalDeviation, int Clients, double ClipNorm, int Dimension, double Beta, int Steps)
{
    private const double Rounding = 1 + 1e-12;

    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ZeroOutOne;

    /// <summary>Gets the grid on which vectors are rounded.</summary>
    public double Granularity { get; } = Parameter.Positive(Granularity, nameof(Granularity));

    /// <summary>Gets the deviation of a client's noise.</summary>
    public double LocalDeviation { get; } = LocalDeviation >= Granularity / 2 && double.IsFinite(LocalDeviation)
        ? LocalDeviation
        : throw new ArgumentOutOfRangeException(
            "localDeviation", LocalDeviation, $"Expected at least half the granularity, {Granularity}.");

    /// <summary>Gets the clients who add noise.</summary>
    public int Clients { get; } = Parameter.AtLeast(Clients, 1, nameof(Clients));

    /// <summary>Gets the largest norm of a vector before it is rounded.</summary>
    public double ClipNorm { get; } = Parameter.Positive(ClipNorm, nameof(ClipNorm));

    /// <summary>Gets the entries of a vector.</summary>
    public int Dimension { get; } = Parameter.AtLeast(Dimension, 1, nameof(Dimension));

    /// <summary>Gets the probability with which one rounding is out of bounds at most; 0 if it is drawn once.</summary>
    public double Beta { get; } = RoundedVector.CheckBeta(Beta);

    /// <summary>Gets the number of sums; 0 or more.</summary>
    public int Steps { get; } = Parameter.AtLeast(Steps, 0, nameof(Steps));

    /// <summary>Gets the mechanism to which this reduces.</summary>
    public ConcentratedEvent Event
    {
        get
        {
            double local = LocalDeviation / Granularity;
            double sensitivity = RoundedVector.L2Norm(ClipNorm / Granularity, Dimension, Beta);
            double epsilon = (sensitivity / (Math.Sqrt(Clients) * local)) + (Distance(local) * Math.Sqrt(Dimension));
            return new ConcentratedEvent(epsilon * epsilon / 2 * Rounding, Steps);
        }
    }

    // τ, rounded up; the terms fall to a limit above 0, so past the thousandth the thousandth stands for the rest.
    private double Distance(double local)
    {
        const int Summed = 1000;
        double exponent = -2 * Math.PI * Math.PI * local * local;
        double sum = 0;
        double term = 0;
        for (int k = 1; k < Clients && k <= Summed; k++)
        {
            term = DoubleExp.Of(exponent * k / (k + 1.0));
            sum += term;
        }

        return 10 * (sum + (term * Math.Max(0, Clients - 1 - Summed))) * (1 + 1e-9);
    }
}
