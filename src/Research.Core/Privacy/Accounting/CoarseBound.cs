using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Upper bounds on a plan's ε and δ that take little work whatever the plan: what is left to say where no
/// integral and no lattice answers.</summary>
/// <remarks>
/// The lesser of two: Rényi divergences (<see cref="RdpAccountant"/>), and, for Gaussians, the closed form of those steps
/// that hold the record. Suppose that it is told which do: with either data set a step is marked with probability q, and
/// only a marked one's output depends on the record. Of K marked steps the output is a Gaussian's of μ = √K/σ, so that
/// δ(ε) ≤ E[δ_G(√K/σ, ε)] ≤ P(K &gt; k) + δ_G(√k/σ, ε) for any k; K is binomial.
/// </remarks>
internal static class CoarseBound
{
    private const double LeastRare = 1e-280;

    /// <summary>Gets an upper bound on ε; infinite where none is finite.</summary>
    /// <param name="plan">Events with their steps.</param>
    /// <param name="delta">δ in (0, 1).</param>
    public static double Epsilon(IReadOnlyList<PrivacyEvent> plan, double delta)
    {
        double mu = Mu(plan, delta / 2);
        double hits = double.IsFinite(mu) ? AnalyticGaussian.Epsilon(mu, delta / 2) : double.PositiveInfinity;
        return Math.Min(hits, Curve(plan).Best(delta));
    }

    /// <summary>Gets an upper bound on δ, 1 at most.</summary>
    /// <param name="plan">Events with their steps.</param>
    /// <param name="epsilon">ε, 0 or more.</param>
    public static double Delta(IReadOnlyList<PrivacyEvent> plan, double epsilon)
    {
        double least = Curve(plan).Delta(epsilon);
        for (double rare = LeastRare; rare < least; rare *= 1e4)
        {
            double mu = Mu(plan, rare);
            double hits = double.IsFinite(mu) ? AnalyticGaussian.Delta(mu, epsilon) : 1;
            least = Math.Min(least, hits + rare);
        }

        return least;
    }

    /// <summary>Gets an upper bound on the probability that some step holds the record: one that no step holds changes
    /// nothing, so δ is never above.</summary>
    /// <param name="plan">One step each, and how often.</param>
    public static double HitProbability(IEnumerable<(PrivacyEvent Step, long Count)> plan)
    {
        double logMissed = 0;
        foreach ((PrivacyEvent step, long count) in plan)
        {
            if (step is not GaussianEvent { SampleRate: < 1 } g)
            {
                return 1;
            }

            logMissed += count * DoubleLog1P.Of(-g.SampleRate);
        }

        return -DoubleExpM1.Of(logMissed) * (1 + 1e-14);
    }

    private static RenyiCurve Curve(IReadOnlyList<PrivacyEvent> plan)
    {
        RenyiCurve curve = RenyiCurve.Of(plan[0]);
        for (int i = 1; i < plan.Count; i++)
        {
            curve = curve.Plus(RenyiCurve.Of(plan[i]));
        }

        return curve;
    }

    // μ² = Σ k/σ², rounded up; infinite where not all are Gaussians.
    private static double Mu(IReadOnlyList<PrivacyEvent> plan, double rare)
    {
        double square = 0;
        foreach (PrivacyEvent e in plan)
        {
            square += e is GaussianEvent g
                ? Hits(g, rare / plan.Count) / g.NoiseMultiplier / g.NoiseMultiplier
                : double.PositiveInfinity;
        }

        return Math.Sqrt(square) * (1 + 1e-14);
    }

    // The least k that is passed with no more than a given probability.
    private static int Hits(GaussianEvent e, double rare)
    {
        if (e.SampleRate == 1 || !(rare > 0))
        {
            return e.Steps;
        }

        BinomialDistribution hits = new(e.Steps, e.SampleRate);
        (int tooFew, int enough) = (0, e.Steps);
        while (enough - tooFew > 1)
        {
            int middle = tooFew + ((enough - tooFew) / 2);
            (tooFew, enough) = hits.UpperTail(middle + 1) <= rare ? (tooFew, middle) : (middle, enough);
        }

        return enough;
    }
}
