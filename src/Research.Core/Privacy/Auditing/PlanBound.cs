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
    private const int Strides = 4;
    private const double RelativePrecision = 1e-3;
    private const int Rounds = 2;
    private const int Points = 3; // Of the curve, in a round: the fewer, the faster; the bound holds with any.

    private static readonly double[] Shares = [.. Enumerable.Range(1, 19).Select(i => i / 20.0)];
    private static readonly double[] SmallDeltas = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3];

    /// <summary>Gets the bound; 0 where the attack refutes nothing.</summary>
    /// <param name="claim">The plan that is claimed.</param>
    /// <param name="rates">The attack's rates.</param>
    /// <param name="delta">δ of the bound.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static double Epsilon(
        GaussianEvent claim, MembershipRates rates, double delta, CancellationToken cancellationToken)
    {
        if (claim.SampleRate == 1)
        {
            double mu = rates.GaussianMu(); // The curve of T Gaussians is that of one with μ = √T/σ.
            return mu > 0 ? AnalyticGaussian.Epsilon(mu, delta) : 0;
        }

        double[] deltas = [.. Deltas(rates).Where(d => rates.Epsilon(d) > 0)];
        GaussianEvent plan = claim;
        for (int round = 0; round < Rounds && deltas.Length > 0; round++)
        {
            ExactAccountant curve = Curve(plan);
            double[] sharpest =
                [.. deltas.OrderByDescending(d => rates.Epsilon(d) - EpsilonOf(curve, d, cancellationToken)).Take(Points)];
            plan = Refuted(plan, rates, sharpest, cancellationToken);
        }

        return IsRefuted(plan, rates, deltas, cancellationToken) ? EpsilonOf(Curve(plan), delta, cancellationToken) : 0;
    }

    // The curve is passed where its slope is the attack's, which the rates alone do not tell.
    private static IEnumerable<double> Deltas(MembershipRates rates) =>
    [
        .. SmallDeltas,
        .. Shares.Select(share => share * rates.TruePositive),
        .. Shares.Select(share => share * rates.TrueNegative),
    ];

    // From a plan on, in strides until the answer changes, then by halves: little noise takes long to account for.
    private static GaussianEvent Refuted(
        GaussianEvent plan, MembershipRates rates, double[] deltas, CancellationToken cancellationToken)
    {
        bool isRefuted = IsRefuted(plan, rates, deltas, cancellationToken);
        (double near, double far) = (plan.NoiseMultiplier, plan.NoiseMultiplier);
        for (int stride = 0; IsRefuted(plan with { NoiseMultiplier = far }, rates, deltas, cancellationToken) == isRefuted; stride++)
        {
            if (stride == Strides)
            {
                return plan with { NoiseMultiplier = far };
            }

            near = far;
            far *= isRefuted ? 0.5 : 2;
        }

        (double open, double refuted) = isRefuted ? (far, near) : (near, far);
        while (refuted - open > RelativePrecision * refuted)
        {
            double middle = Math.Sqrt(open * refuted);
            (open, refuted) = IsRefuted(plan with { NoiseMultiplier = middle }, rates, deltas, cancellationToken)
                ? (open, middle)
                : (middle, refuted);
        }

        return plan with { NoiseMultiplier = refuted };
    }

    private static bool IsRefuted(
        GaussianEvent plan, MembershipRates rates, IEnumerable<double> deltas, CancellationToken cancellationToken)
    {
        ExactAccountant curve = Curve(plan);
        return deltas.Any(delta => rates.Epsilon(delta) > EpsilonOf(curve, delta, cancellationToken));
    }

    // Too little noise for any finite bound: nothing refutes it.
    private static double EpsilonOf(ExactAccountant curve, double delta, CancellationToken cancellationToken)
    {
        try
        {
            return curve.Bounds(delta, cancellationToken).Upper;
        }
        catch (InvalidOperationException)
        {
            return double.PositiveInfinity;
        }
    }

    private static ExactAccountant Curve(GaussianEvent plan)
    {
        ExactAccountant accountant = new();
        accountant.Compose(plan);
        return accountant;
    }
}
