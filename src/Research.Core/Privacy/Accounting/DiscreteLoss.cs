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
    private const double MostCells = 1 << 17; // Twice as many are possible.
    private const double FarthestCell = 1 << 30; // Indices are whole numbers of 32 bits, and of a sum, of 64.
    private const double BlurGoal = 1e-6; // Of ε, in nats: the points are doubled until about there.
    private const double LogOutside = -32; // Goal for the tilted mass outside the window.
    private const double CutShare = 1e-10; // Of δ, for the cut tails.
    private const double LeastCut = 1e-280;
    private const double Clearly = 0.99; // Covers the moments' quadrature, good to 1e-6.

    private const double MostSums = 1e18;
    private const double LeastStep = 1e-12; // Of the largest loss: no finer than a thousand roundings.
    private const double PerCell = 500; // Operations: a dozen nodes.
    private const double PerPoint = 60; // Transform, power, error bound, and the way back.

    private readonly List<PrivacyEvent> _plan;
    private readonly WorkBudget _budget;

    /// <summary>Tails below this are cut where no δ is given: a δ near it says nothing.</summary>
    private const double DeltaOfInterest = 1e-30;

    /// <param name="plan">Events of any kind but <see cref="ConcentratedEvent"/>.</param>
    public DiscreteLoss(IEnumerable<PrivacyEvent> plan)
        : this(plan, WorkBudget.OfQuery())
    {
    }

    /// <param name="plan">Events of any kind but <see cref="ConcentratedEvent"/>.</param>
    /// <param name="budget">Pays for it all; the fewer points, the less is left.</param>
    public DiscreteLoss(IEnumerable<PrivacyEvent> plan, WorkBudget budget)
    {
        _budget = budget;
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
    /// <exception cref="ContourException">The budget does not pay for it.</exception>
    /// <exception cref="ArithmeticException">No lattice of so many points holds the answer.</exception>
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
    /// <exception cref="ContourException">The budget does not pay for it.</exception>
    /// <exception cref="ArithmeticException">No lattice of so many points holds the answer.</exception>
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
            WorkBudget share = _budget.Part(removing && !oneDirection ? _budget.Left / 2 : _budget.Left);
            List<(OneStepLoss Loss, int Steps)> plan =
                [.. _plan.Select(e => (OneStepLoss.Of(e, removing, cut), e.Steps))];
            LossMoments moments = new(plan, share);
            double tilt = tiltOf(moments);
            if (lower > 0 && isClearlyBelow(moments, tilt, lower))
            {
                continue; // Chernoff's bound in this direction lies below the other direction's lower bound.
            }

            (double Lower, double Upper) bounds = ask(Convolve(plan, moments, tilt, share));
            (lower, upper) = (Math.Max(lower, bounds.Lower), Math.Max(upper, bounds.Upper));
        }

        return double.IsFinite(lower) && double.IsFinite(upper) && lower <= upper
            ? (lower, upper)
            : throw new ArithmeticException("The window of losses does not hold the answer; no bound can be given.");
    }

    private static LossConvolution Convolve(
        List<(OneStepLoss Loss, int Steps)> plan, LossMoments moments, double tilt, WorkBudget budget)
    {
        ((double below, double above), (double slopeBelow, double slopeAbove)) = moments.Reach(tilt, LogOutside);
        double range = plan.Max(p => p.Loss.Greatest - p.Loss.Least);
        double farthest = plan.Max(p => Math.Max(Math.Abs(p.Loss.Least), Math.Abs(p.Loss.Greatest)));
        double scattered = plan.Sum(p => p.Loss.Pieces) * PerCell;
        double Cost(int points, double step) =>
            (plan.Count * points * PerPoint) + (plan.Count * (range / step) * PerCell) + scattered;
        int points = LeastPoints;
        double step;
        while (true)
        {
            step = Step(points);
            // The tilt turns added variance into ε.
            if (points == MostPoints || range / step > MostCells
                || Cost(2 * points, Step(2 * points)) > budget.Left || tilt * moments.Blur(tilt, step) < BlurGoal)
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

        double steps = plan.Sum(p => (double)p.Steps);
        if (!(step > 0 && double.IsFinite(step) && double.IsFinite(1 / step)
            && farthest / step < FarthestCell && steps * (farthest / step) < MostSums && range / step < 3 * MostCells))
        {
            throw new ArithmeticException("The losses lie too far apart, or too close, for a lattice.");
        }

        budget.Spend(Cost(points, step));

        return new LossConvolution(
            plan, step, tilt, points, below + (0.005 * (below + above)), (slopeBelow, slopeAbove));

        double Step(int count) => Math.Max(
            Math.Max(1.01 * (below + above) / count, range / (2 * count)), LeastStep * farthest);
    }
}
