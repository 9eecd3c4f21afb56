using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Bounds on the (ε, δ) of a plan by its privacy-loss distribution on a lattice.</summary>
/// <remarks>
/// Neighbours: add or remove one record; the worse direction counts. Sound for every plan of events but
/// <see cref="ConcentratedEvent"/>, and the fallback where an integral over the moments cancels. The bounds hold by
/// construction, and how far they lie apart is seen by the caller. PROOFS.md, "Privacy loss on a grid".
/// </remarks>
internal sealed class DiscreteLoss
{
    private const int LeastPoints = 1 << 15;
    private const int MostPoints = 1 << 20;
    private const double MostCells = 1 << 17; // Twice as many are possible; they cost about 0.1 s.
    private const double BlurGoal = 1e-6; // Of ε, in nats: the points are doubled until about there.
    private const double LogOutside = -32; // Goal for the tilted mass outside the window.
    private const double CutShare = 1e-10; // Of δ, for the cut tails.
    private const double LeastCut = 1e-280;
    private const double DeltaOfInterest = 1e-30; // Tails beyond are cut where no δ is given.
    private const double Clearly = 0.99; // Covers the moments' quadrature, good to 1e-6.

    private readonly List<PrivacyEvent> _plan;

    /// <param name="plan">Events of any kind but <see cref="ConcentratedEvent"/>.</param>
    public DiscreteLoss(IEnumerable<PrivacyEvent> plan)
    {
        _plan = [.. plan.Where(e => !e.IsFree)];
        foreach (PrivacyEvent release in _plan)
        {
            if (release is ConcentratedEvent)
            {
                throw new NotSupportedException("A concentrated event has no known privacy loss; use RdpAccountant.");
            }
        }
    }

    /// <summary>Gets a lower and an upper bound on ε, in nats.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    public (double Lower, double Upper) Epsilon(double delta)
    {
        if (delta is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "Expected a probability in (0, 1).");
        }

        return Worse(
            moments => moments.TiltOfDelta(delta), delta, law => law.Epsilon(delta),
            (moments, tilt, lower) => moments.EpsilonBound(tilt, delta) < lower * Clearly);
    }

    /// <summary>Gets a lower and an upper bound on δ.</summary>
    /// <param name="epsilon">ε in nats, 0 or more.</param>
    public (double Lower, double Upper) Delta(double epsilon)
    {
        if (!(epsilon >= 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number, 0 or more.");
        }

        return Worse(
            moments => moments.TiltOfEpsilon(epsilon), DeltaOfInterest, law => law.Delta(epsilon),
            (moments, tilt, lower) => moments.At(tilt).Log - (tilt * epsilon) < DoubleLog.Of(lower * Clearly));
    }

    private (double Lower, double Upper) Worse(
        Func<LossMoments, double> tiltOf, double delta, Func<LossConvolution, (double Lower, double Upper)> ask,
        Func<LossMoments, double, double, bool> isClearlyBelow)
    {
        (double lower, double upper) = (0, 0);
        if (_plan.Count == 0)
        {
            return (lower, upper);
        }

        double steps = _plan.Sum(e => (double)e.Steps);
        double cut = Math.Max(delta * CutShare / steps, LeastCut);
        bool oneDirection = !_plan.Any(e => e is GaussianEvent { SampleRate: < 1 });
        foreach (bool removing in oneDirection ? [true] : (ReadOnlySpan<bool>)[true, false])
        {
            List<(OneStepLoss Loss, int Steps)> plan =
                [.. _plan.Select(e => (OneStepLoss.Of(e, removing, cut), e.Steps))];
            LossMoments moments = new(plan);
            double tilt = tiltOf(moments);
            if (lower > 0 && isClearlyBelow(moments, tilt, lower))
            {
                continue; // Chernoff's bound in this direction lies below the other direction's lower bound.
            }

            (double Lower, double Upper) bounds = ask(Convolve(plan, moments, tilt));
            (lower, upper) = (Math.Max(lower, bounds.Lower), Math.Max(upper, bounds.Upper));
        }

        return double.IsFinite(upper)
            ? (lower, upper)
            : throw new ArithmeticException("The window of losses does not hold the answer; no bound can be given.");
    }

    private static LossConvolution Convolve(
        List<(OneStepLoss Loss, int Steps)> plan, LossMoments moments, double tilt)
    {
        ((double below, double above), (double slopeBelow, double slopeAbove)) = moments.Reach(tilt, LogOutside);
        double range = plan.Max(p => p.Loss.Greatest - p.Loss.Least);
        int points = LeastPoints;
        double step;
        while (true)
        {
            step = Math.Max(1.01 * (below + above) / points, range / (2 * points));
            // The tilt turns added variance into ε.
            if (points == MostPoints || range / step > MostCells || tilt * moments.Blur(tilt, step) < BlurGoal)
            {
                break;
            }

            points *= 2;
        }

        OneStepLoss grained = plan.MaxBy(p => p.Loss.Grain > 0 ? p.Steps : 0).Loss;
        if (grained.Grain > step)
        {
            step = grained.Grain / Math.Floor(grained.Grain / step); // Atoms then need no rounding.
        }

        return new LossConvolution(
            plan, step, tilt, points, below + (0.005 * (below + above)), (slopeBelow, slopeAbove));
    }
}
