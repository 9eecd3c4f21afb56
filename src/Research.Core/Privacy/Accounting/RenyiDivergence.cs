namespace Research.Privacy.Accounting;

/// <summary>Upper bounds on the Rényi divergence of one release of an event, in both directions.</summary>
internal static class RenyiDivergence
{
    private const double SafetyFactor = 1 + 1e-15; // Four roundings at most.

    /// <summary>Gets an upper bound on the divergence, in nats.</summary>
    /// <remarks>
    /// Discrete Gaussian: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Proposition 5. Concentrated: Bun and
    /// Steinke 2016, arXiv:1605.02065v1, Definition 1.1. The others: see the classes named.
    /// </remarks>
    /// <param name="e">The event; its steps are not multiplied in.</param>
    /// <param name="order">α, above 1.</param>
    /// <exception cref="NotSupportedException">The event has no such analysis.</exception>
    public static double OfOneStep(PrivacyEvent e, double order) => e switch
    {
        GaussianEvent g => SubsampledGaussian.RenyiDivergence(g.SampleRate, g.NoiseMultiplier, order),
        LaplaceEvent l => LaplaceDivergence.Of(l.Scale, order),
        RandomizedResponseEvent r => RandomizedResponseDivergence.Of(r.Epsilon, r.Categories, order),
        PureEvent p => RandomizedResponseDivergence.Of(p.Epsilon, categories: 2, order),
        DiscreteGaussianEvent d => order / d.Sigma / (2 * d.Sigma) * SafetyFactor,
        ConcentratedEvent c => order * c.Rho * SafetyFactor,
        _ => throw new NotSupportedException($"No Rényi divergence is known of a {e.GetType().Name}."),
    };
}
