namespace Research.Privacy.Accounting;

/// <summary>Upper bounds on the Rényi divergence of one release of an event, in both directions.</summary>
internal static class RenyiDivergence
{
    /// <summary>Gets an upper bound on the divergence, in nats.</summary>
    /// <param name="e">The event; its steps are not multiplied in.</param>
    /// <param name="order">α, above 1.</param>
    /// <exception cref="NotSupportedException">The event has no such analysis.</exception>
    public static double OfOneStep(PrivacyEvent e, double order) => e switch
    {
        GaussianEvent g => SubsampledGaussian.RenyiDivergence(g.SampleRate, g.NoiseMultiplier, order),
        _ => throw new NotSupportedException($"No Rényi divergence is known of a {e.GetType().Name}."),
    };
}
