using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Composes plans exactly: ε between two bounds that differ by far less than anyone reads.</summary>
/// <remarks>
/// <para>
/// Neighbours: add or remove one record, the worse of the two. ε in nats. Sound for plans whose parameters are fixed
/// before the first release; where later plans may depend on earlier results, the ledger enforces a filter instead.
/// </para>
/// <para>
/// Closed forms where there are: Gaussians without sampling (<see cref="AnalyticGaussian"/>), one Poisson-sampled
/// Gaussian (Balle, Barthe and Gaboardi 2018, arXiv:1807.01647v2, Theorem 8). Otherwise a contour integral over the
/// transform of the privacy loss, without discretisation. See Privacy/PROOFS.md for the errors of each. Not safe for
/// concurrent use.
/// </para>
/// </remarks>
public sealed class ExactAccountant
{
    // Added to each bound, of max(1, ε): fifty times the differences from independent truths, a fiftieth of 1e-6.
    private const double Margin = 2e-8;

    // Of δ, set aside for the distance of the noise from the ideal: PROOFS.md, "The bulk Gaussian". 2⁻⁴⁰.
    private const double NoiseShare = 9.094947017729282e-13;

    private const double IntegralShare = 1.5e8; // Of a query's work.
    private const double RenyiWork = 5e6; // Of each event; no budget stops it, and it counts.
    private const double Close = 1e-3; // Rényi divergences are not asked where bounds lie closer, of max(1, ε).

    private readonly Dictionary<PrivacyEvent, long> _steps = [];

    /// <summary>Adds a plan to everything composed so far.</summary>
    /// <exception cref="NotSupportedException">The distribution of the event's privacy loss is not known.</exception>
    public void Compose(PrivacyEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e is ConcentratedEvent)
        {
            throw new NotSupportedException(
                "Of a ConcentratedEvent only Rényi divergences are known, not the privacy loss: use RdpAccountant.");
        }

        if (!e.IsFree)
        {
            PrivacyEvent step = e with { Steps = 1 };
            _steps[step] = _steps.GetValueOrDefault(step) + e.Steps;
        }
    }

    /// <summary>Gets an ε for which everything composed so far is (ε, δ)-differentially private; 0 when nothing
    /// is.</summary>
    /// <param name="delta">δ in (0, 1); below 1/records for any meaning.</param>
    /// <returns>Nats, at least the true value, and within 1e-6·max(1, ε) of it but for the cases that
    /// <see cref="Bounds(double, CancellationToken)"/> shows.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public double Epsilon(double delta) => Bounds(delta).Upper;

    /// <summary>Gets bounds between which the smallest ε lies.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="cancellationToken">Stops the computing, which takes some tenths of a second at most.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public EpsilonBounds Bounds(double delta, CancellationToken cancellationToken = default) =>
        Bounds(delta, new WorkBudget(WorkBudget.Query, cancellationToken));

    /// <summary>Gets bounds between which the smallest ε lies; looser ones once the budget is spent.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="budget">Pays for integrals and lattices.</param>
    internal EpsilonBounds Bounds(double delta, WorkBudget budget)
    {
        RenyiConversion.Check(delta);
        double usable = delta * (1 - NoiseShare);
        if (CoarseBound.HitProbability(_steps.Select(part => (part.Key, part.Value))) <= usable)
        {
            return default;
        }

        EpsilonBounds bounds = Compute(usable, budget);
        if (!double.IsFinite(bounds.Upper))
        {
            throw new InvalidOperationException(
                "No finite epsilon bounds what was composed: there is too little noise.");
        }

        double margin = bounds.Upper > 0 ? Margin * Math.Max(1, bounds.Upper) : 0;
        return new(Math.Max(0, bounds.Lower - margin), RenyiConversion.RoundUp(bounds.Upper + margin));
    }

    /// <summary>Gets an upper bound on the δ for which everything composed so far is (ε, δ)-differentially private.</summary>
    /// <param name="epsilon">ε in nats, finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is negative or not finite.</exception>
    public double Delta(double epsilon)
    {
        if (!(epsilon >= 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite epsilon of 0 or more.");
        }

        (PrivacyEvent Step, long Count)[] plan = Merge();
        if (plan.Length == 0)
        {
            return 0;
        }

        double delta = plan is [(GaussianEvent one, 1)] ? OneGaussianDelta(one, epsilon) : DeltaOnLattice(plan, epsilon);
        return Math.Min(Math.Min(1, CoarseBound.HitProbability(plan)), delta * (1 + NoiseShare));
    }

    private static double OneGaussianDelta(GaussianEvent e, double epsilon)
    {
        // ln(1 + (e^ε − 1)/q), and ε − ln q, which is less, where that leaves double precision.
        double ratio = DoubleExpM1.Of(epsilon) / e.SampleRate;
        double unsampled = double.IsFinite(ratio) ? DoubleLog1P.Of(ratio) : epsilon - DoubleLog.Of(e.SampleRate);
        return e.SampleRate * AnalyticGaussian.Delta(1 / e.NoiseMultiplier, unsampled);
    }

    private static double DeltaOnLattice((PrivacyEvent Step, long Count)[] plan, double epsilon)
    {
        PrivacyEvent[] events = Events(plan);
        double upper;
        try
        {
            upper = new DiscreteLoss(events, WorkBudget.OfQuery()).Delta(epsilon).Upper;
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            upper = 1;
        }

        return Math.Min(upper, CoarseBound.Delta(events, epsilon));
    }

    private EpsilonBounds Compute(double delta, WorkBudget budget)
    {
        (PrivacyEvent Step, long Count)[] plan = Merge();
        if (plan is [(GaussianEvent one, 1)])
        {
            return OneGaussian(one, delta);
        }

        try
        {
            WorkBudget share = budget.Part(IntegralShare);
            EpsilonBounds remove = Remove(plan, delta, share);
            LossContour add = new(plan, isRemoval: false, share);
            if (add.IsBelow(remove.Lower, DoubleLog.Of(delta)))
            {
                return remove;
            }

            EpsilonBounds other = add.Epsilon(delta, isThorough: true);
            return new(Math.Max(remove.Lower, other.Lower), Math.Max(remove.Upper, other.Upper));
        }
        catch (ContourException)
        {
            return OnLattice(plan, delta, budget);
        }
    }

    // Slower and looser than the integral, but it takes most plans; what it does not, Rényi divergences bound.
    private static EpsilonBounds OnLattice((PrivacyEvent Step, long Count)[] plan, double delta, WorkBudget budget)
    {
        PrivacyEvent[] events = Events(plan);
        EpsilonBounds bounds;
        try
        {
            (double lower, double upper) = new DiscreteLoss(events, budget).Epsilon(delta);
            bounds = new(lower, upper);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            bounds = new(0, double.PositiveInfinity);
        }

        if (double.IsFinite(bounds.Upper) && bounds.Upper - bounds.Lower <= Close * Math.Max(1, bounds.Upper))
        {
            return bounds;
        }

        budget.Charge(RenyiWork * events.Length);
        return bounds with { Upper = Math.Min(bounds.Upper, CoarseBound.Epsilon(events, delta)) };
    }

    private static bool IsNoAnswer(Exception exception) =>
        exception is ContourException or ArithmeticException or NotSupportedException;

    private static PrivacyEvent[] Events((PrivacyEvent Step, long Count)[] plan) =>
        [.. plan.SelectMany(part => Split(part.Step, part.Count))];

    // An event has no more steps than an int holds.
    private static IEnumerable<PrivacyEvent> Split(PrivacyEvent step, long count)
    {
        for (; count > 0; count -= int.MaxValue)
        {
            yield return step with { Steps = (int)Math.Min(count, int.MaxValue) };
        }
    }

    private static EpsilonBounds Remove((PrivacyEvent Step, long Count)[] plan, double delta, WorkBudget budget)
    {
        LossContour contour = new(plan, isRemoval: true, budget);
        try
        {
            return contour.Epsilon(delta, isThorough: false);
        }
        catch (ContourException)
        {
            try
            {
                double guess = plan.Max(
                    part => part.Step is GaussianEvent g ? OneGaussian(g, delta / part.Count).Upper : 1);
                return guess > 0
                    ? new JumpContour(plan, budget).Epsilon(delta, guess)
                    : throw new ContourException("No single step exceeds its share of δ.");
            }
            catch (ContourException)
            {
                return contour.Epsilon(delta, isThorough: true);
            }
        }
    }

    // Removing is the worse direction: see PROOFS.md.
    private static EpsilonBounds OneGaussian(GaussianEvent e, double delta)
    {
        if (delta >= e.SampleRate)
        {
            return default;
        }

        double unsampled = AnalyticGaussian.Epsilon(1 / e.NoiseMultiplier, delta / e.SampleRate);
        double epsilon = unsampled < 40
            ? DoubleLog1P.Of(e.SampleRate * DoubleExpM1.Of(unsampled))
            : unsampled + DoubleLog.Of(e.SampleRate);
        double error = 1e-10 * Math.Max(1, epsilon);
        return new(Math.Max(0, epsilon - error), epsilon + error);
    }

    // Gaussians without sampling are one: μ² = Σ steps/σ².
    private (PrivacyEvent Step, long Count)[] Merge()
    {
        List<(PrivacyEvent Step, long Count)> plan = [];
        double square = 0;
        foreach ((PrivacyEvent step, long count) in _steps)
        {
            if (step is GaussianEvent { SampleRate: 1 } g)
            {
                square += count / (g.NoiseMultiplier * g.NoiseMultiplier);
            }
            else
            {
                plan.Add((step, count));
            }
        }

        if (square > 0)
        {
            double noise = 1 / Math.Sqrt(square);
            plan.Add(noise > 0
                ? (new GaussianEvent(1, noise, 1), 1)
                : throw new InvalidOperationException(
                    "No finite epsilon bounds what was composed: there is too little noise."));
        }

        return [.. plan];
    }
}
