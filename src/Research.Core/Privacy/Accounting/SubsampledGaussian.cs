namespace Research.Privacy.Accounting;

/// <summary>Rényi divergence of one step of the Poisson-subsampled Gaussian mechanism.</summary>
/// <remarks>
/// Neighbours: add or remove one record. With μ₀ = N(0, σ²), μ₁ = N(1, σ²) and the mixture μ = (1−q)μ₀ + qμ₁, the
/// divergence of either direction is at most ln(A)/(α−1), A = E over μ₀ of (μ/μ₀)ᵅ.
/// Source: Mironov, Talwar and Zhang 2019, arXiv:1908.10530v1, Theorem 4 and Corollary 7; q = 1 is Mironov 2017,
/// arXiv:1702.07476v3, Corollary 3. Both forms below sum A − 1 from terms that are never negative, so nothing cancels.
/// </remarks>
internal static class SubsampledGaussian
{
    /// <summary>Covers rounding: the relative error measured against multi-precision truths is below 1e-12.</summary>
    private const double SafetyFactor = 1 + 1e-9;

    // The divergence grows with q and falls with σ, so these bounds only raise it; they keep every logarithm in range.
    private const double LeastSampleRate = 1e-100;
    private const double LargestNoise = 1e8;

    /// <summary>
    /// Below this noise, quadrature takes too many nodes and interpolation over integer orders stands in.
    /// </summary>
    private const double LeastNoiseForQuadrature = 0.1;

    /// <summary>Gets an upper bound on the divergence, tight to a relative 2e-9 (looser for σ below 0.1).</summary>
    /// <param name="sampleRate">q in [0, 1].</param>
    /// <param name="noiseMultiplier">σ, above 0.</param>
    /// <param name="order">α, above 1.</param>
    /// <returns>Nats; infinite where the bound leaves double precision.</returns>
    public static double RenyiDivergence(double sampleRate, double noiseMultiplier, double order)
    {
        if (sampleRate == 0)
        {
            return 0;
        }

        sampleRate = Math.Max(sampleRate, LeastSampleRate);
        noiseMultiplier = Math.Min(noiseMultiplier, LargestNoise);
        if (sampleRate == 1)
        {
            return order / (2 * noiseMultiplier * noiseMultiplier) * SafetyFactor;
        }

        double divergence = LogMoment(sampleRate, noiseMultiplier, order) / (order - 1) * SafetyFactor;
        return divergence >= 0
            ? divergence
            : throw new InvalidOperationException(
                $"No bound for q {sampleRate}, noise multiplier {noiseMultiplier}, order {order}: got {divergence}.");
    }

    private static double LogMoment(double q, double sigma, double order)
    {
        double floor = Math.Floor(order);
        if (floor == order)
        {
            return SubsampledGaussianMoment.AtInteger(q, sigma, (int)order);
        }

        if (sigma >= LeastNoiseForQuadrature)
        {
            return SubsampledGaussianMoment.AtFraction(q, sigma, order);
        }

        // ln A is convex in the order and 0 at order 1 (Hölder), so a chord lies above it.
        double weight = order - floor;
        double below = floor == 1 ? 0 : SubsampledGaussianMoment.AtInteger(q, sigma, (int)floor);
        double above = SubsampledGaussianMoment.AtInteger(q, sigma, (int)floor + 1);
        return ((1 - weight) * below) + (weight * above);
    }
}
