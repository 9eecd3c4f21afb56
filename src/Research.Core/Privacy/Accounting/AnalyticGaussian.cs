using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The exact privacy of Gaussian mechanisms without sampling.</summary>
/// <remarks>
/// δ(ε) = Q(a) − e^ε·Q(a + μ) with a = ε/μ − μ/2 and μ = sensitivity/σ (Balle and Wang 2018, arXiv:1805.06530v2,
/// Theorem 8); releases compose as μ² = Σμᵢ². Since e^ε·φ(a + μ) = φ(a), δ = φ(a)·(m(a) − m(a + μ)) with Mills' ratio
/// m: the form used where the two terms would cancel. For small μ the difference is ∫(1 − x·m(x))dx over [a, a + μ], by
/// five Gauss nodes.
/// </remarks>
internal static class AnalyticGaussian
{
    private const double Rounding = 1e-11; // Relative, of δ; measured below 1e-12.
    private const double NarrowMu = 0.25;

    /// <summary>Gets an upper bound on δ, within a relative 2e-11.</summary>
    /// <param name="mu">μ, above 0.</param>
    /// <param name="epsilon">ε, 0 or more.</param>
    public static double Delta(double mu, double epsilon) =>
        Math.Min(1, DoubleExp.Of(LogDelta(mu, (epsilon / mu) - (mu / 2))) * (1 + Rounding));

    /// <summary>Gets an upper bound on ε, within a relative 1e-11 and 1e-12 in all.</summary>
    /// <param name="mu">μ, above 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    public static double Epsilon(double mu, double delta)
    {
        double goal = DoubleLog.Of(delta) + DoubleLog1P.Of(-Rounding);
        double low = -mu / 2; // ε = μ·(a + μ/2) is 0 here.
        if (LogDelta(mu, low) <= goal)
        {
            return 0;
        }

        double high = Math.Sqrt(-2 * goal) + 1; // δ ≤ Q(a) ≤ exp(−a²/2).
        double a = high;
        for (int i = 0; i < 200 && high - low > 1e-15 * (Math.Abs(high) + Math.Abs(low)); i++)
        {
            double excess = LogDelta(mu, a) - goal;
            if (Math.Abs(excess) < 1e-13)
            {
                break;
            }

            (low, high) = excess > 0 ? (a, high) : (low, a);
            double newton = a + (excess / Slope(mu, a));
            a = newton > low && newton < high ? newton : low + ((high - low) / 2);
        }

        double epsilon = mu * (a + (mu / 2));
        return Math.Max(0, epsilon + (1e-12 * (1 + (mu * mu) + epsilon)));
    }

    /// <summary>Gets ln δ at ε = μ·(a + μ/2).</summary>
    private static double LogDelta(double mu, double a)
    {
        if (a < -1)
        {
            double epsilon = mu * (a + (mu / 2));
            return DoubleLog.Of(NormalTail.Of(a) - DoubleExp.Of(epsilon + NormalTail.Log(a + mu)));
        }

        double difference = mu < NarrowMu
            ? Integral(a, mu)
            : NormalTail.MillsRatio(a) - NormalTail.MillsRatio(a + mu);
        return DoubleLog.Of(difference) - (0.5 * a * a) - NormalTail.LogRootTwoPi;
    }

    private static double Integral(double a, double mu)
    {
        double sum = 0;
        for (int i = 0; i < GaussLegendre.SixNodes.Length; i++)
        {
            double x = a + (mu * (0.5 + (0.5 * GaussLegendre.SixNodes[i])));
            sum += GaussLegendre.SixWeights[i] * (1 - (x * NormalTail.MillsRatio(x)));
        }

        return 0.5 * mu * sum;
    }

    // −d ln δ/da: dδ/dε = −e^ε·Q(a + μ), dε/da = μ.
    private static double Slope(double mu, double a)
    {
        double epsilon = mu * (a + (mu / 2));
        return mu * DoubleExp.Of(epsilon + NormalTail.Log(a + mu) - LogDelta(mu, a));
    }
}
