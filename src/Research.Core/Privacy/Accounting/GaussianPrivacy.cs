namespace Research.Privacy.Accounting;

/// <summary>μ-Gaussian differential privacy: no easier to tell apart than N(0, 1) and N(μ, 1).</summary>
/// <remarks>
/// Neighbours: those of the mechanisms composed. Definition, composition (√Σμ²) and groups (kμ): Dong, Roth and Su
/// 2022, arXiv:1905.02383v3, Definition 2.6, Corollary 3.3, Theorem 2.14. (ε, δ) in closed form and exactly: Balle and
/// Wang 2018, arXiv:1805.06530v2, Theorem 8. Steps of DP-SGD on samples are only <i>asymptotically</i> Gaussian, and
/// that limit under-reports (2.324 for a true 2.382): it is not offered.
/// </remarks>
public readonly record struct GaussianPrivacy
{
    private const double Rounding = 1 + 1e-12;

    /// <summary>Creates a guarantee.</summary>
    /// <param name="mu">μ; finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mu"/> lies outside its range.</exception>
    public GaussianPrivacy(double mu) => Mu = mu >= 0 && double.IsFinite(mu)
        ? mu
        : throw new ArgumentOutOfRangeException(nameof(mu), mu, "Expected a finite number, 0 or more.");

    /// <summary>Gets μ; finite, 0 or more.</summary>
    public double Mu { get; }

    /// <summary>Gets what Gaussian mechanisms without sampling guarantee together, rounded up.</summary>
    /// <param name="plan">The events.</param>
    /// <exception cref="NotSupportedException">An event is not a Gaussian mechanism on all records.</exception>
    public static GaussianPrivacy Of(IEnumerable<PrivacyEvent> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        double square = 0;
        foreach (PrivacyEvent e in plan)
        {
            square += e switch
            {
                { IsFree: true } => 0,
                GaussianEvent { SampleRate: 1 } g => e.Steps / g.NoiseMultiplier / g.NoiseMultiplier,
                GaussianEvent => throw new NotSupportedException(
                    "Poisson sampling is Gaussian only in the limit of many steps, which is not a bound."),
                _ => throw new NotSupportedException($"A {e.GetType().Name} is not a Gaussian mechanism."),
            };
        }

        return new GaussianPrivacy(Math.Sqrt(square) * Rounding);
    }

    /// <summary>Gets the ε for which this is (ε, δ)-differential privacy, rounded up.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    public double Epsilon(double delta)
    {
        RenyiConversion.Check(delta);
        return Mu == 0 ? 0 : RenyiConversion.RoundUp(AnalyticGaussian.Epsilon(Mu, delta));
    }

    /// <summary>Gets the δ for which this is (ε, δ)-differential privacy, rounded up.</summary>
    /// <param name="epsilon">ε; finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> lies outside its range.</exception>
    public double Delta(double epsilon)
    {
        if (!(epsilon >= 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number, 0 or more.");
        }

        return Mu == 0 ? 0 : AnalyticGaussian.Delta(Mu, epsilon);
    }
}
