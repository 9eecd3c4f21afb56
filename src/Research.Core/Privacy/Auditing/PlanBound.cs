using Research.Privacy.Accounting;

namespace Research.Privacy.Auditing;

/// <summary>The least ε that an attack's success leaves possible for a plan of DP-SGD.</summary>
/// <remarks>
/// A claim of DP-SGD is more than one (ε, δ): it is a whole curve of them, and an attack refutes the claim where it
/// passes any point of the curve. Of the plans with the claim's sampling and steps, those with much noise are refuted;
/// the bound is the ε of the one with the least noise among these. It exceeds the claimed ε only if the claim itself
/// is refuted, which is sound whatever the trainer really does; as a measure of what it does, it takes sampling and
/// steps as they are claimed. Nasr et al. 2023, arXiv:2302.07956v1, section 4, introduce the idea.
/// </remarks>
internal static class PlanBound
{
    private const double WidestNoise = 64;
    private const double RelativePrecision = 1e-4;

    // Where the curve is compared: the fewer, the faster; the bound holds with any.
    private static readonly double[] Deltas =
        [0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.03, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6, 1e-7, 1e-8];

    /// <summary>Gets the bound; 0 where the attack refutes nothing.</summary>
    /// <param name="claim">The plan that is claimed.</param>
    /// <param name="rates">The attack's rates.</param>
    /// <param name="delta">δ of the bound.</param>
    public static double Epsilon(GaussianEvent claim, in MembershipRates rates, double delta)
    {
        if (claim.SampleRate == 1)
        {
            double mu = rates.GaussianMu(); // The curve of T Gaussians is that of one with μ = √T/σ.
            return mu > 0 ? AnalyticGaussian.Epsilon(mu, delta) : 0;
        }

        bool isClaimRefuted = IsRefuted(claim, rates);
        double open = isClaimRefuted ? claim.NoiseMultiplier / WidestNoise : claim.NoiseMultiplier;
        double refuted = isClaimRefuted ? claim.NoiseMultiplier : claim.NoiseMultiplier * WidestNoise;
        if (!isClaimRefuted && !IsRefuted(claim with { NoiseMultiplier = refuted }, rates))
        {
            return 0;
        }

        while (refuted - open > RelativePrecision * refuted)
        {
            double middle = Math.Sqrt(open * refuted);
            (open, refuted) = IsRefuted(claim with { NoiseMultiplier = middle }, rates)
                ? (open, middle)
                : (middle, refuted);
        }

        return EpsilonOf(Curve(claim with { NoiseMultiplier = refuted }), delta);
    }

    private static bool IsRefuted(GaussianEvent plan, in MembershipRates rates)
    {
        RdpAccountant curve = Curve(plan);
        foreach (double delta in Deltas)
        {
            double shown = rates.Epsilon(delta);
            if (shown > 0 && shown > EpsilonOf(curve, delta))
            {
                return true;
            }
        }

        return false;
    }

    // Too little noise for any finite bound: nothing refutes it.
    private static double EpsilonOf(RdpAccountant curve, double delta)
    {
        try
        {
            return curve.Epsilon(delta);
        }
        catch (InvalidOperationException)
        {
            return double.PositiveInfinity;
        }
    }

    private static RdpAccountant Curve(GaussianEvent plan)
    {
        RdpAccountant accountant = new();
        accountant.Compose(plan);
        return accountant;
    }
}
