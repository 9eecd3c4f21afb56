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
    /// <see cref="Bounds"/> shows.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public double Epsilon(double delta) => Bounds(delta).Upper;

    /// <summary>Gets bounds between which the smallest ε lies.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    public EpsilonBounds Bounds(double delta)
    {
        RenyiConversion.Check(delta);

        // A record that no step hits changes nothing: δ is never above the probability that one does.
        if (_steps.Sum(part => part.Value * (part.Key is GaussianEvent g ? g.SampleRate : 1)) <= delta)
        {
            return default;
        }

        EpsilonBounds bounds = Compute(delta * (1 - NoiseShare));
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
        double delta = plan.Length == 0 ? 0 : plan is [(GaussianEvent one, 1)]
            ? one.SampleRate * AnalyticGaussian.Delta(
                1 / one.NoiseMultiplier, DoubleLog1P.Of(DoubleExpM1.Of(epsilon) / one.SampleRate))
            : new DiscreteLoss(Events(plan)).Delta(epsilon).Upper;
        return Math.Min(1, delta * (1 + NoiseShare));
    }

    private EpsilonBounds Compute(double delta)
    {
        (PrivacyEvent Step, long Count)[] plan = Merge();
        if (plan is [(GaussianEvent one, 1)])
        {
            return OneGaussian(one, delta);
        }

        try
        {
            EpsilonBounds remove = Remove(plan, delta);
            LossContour add = new(plan, isRemoval: false);
            if (add.ChernoffLogDelta(remove.Lower) <= DoubleLog.Of(delta))
            {
                return remove;
            }

            EpsilonBounds other = add.Epsilon(delta, isThorough: true);
            return new(Math.Max(remove.Lower, other.Lower), Math.Max(remove.Upper, other.Upper));
        }
        catch (ContourException)
        {
            return OnLattice(plan, delta);
        }
    }

    // Slower and looser than the integral, but it takes any plan; where neither answers, Rényi divergences bound ε.
    private static EpsilonBounds OnLattice((PrivacyEvent Step, long Count)[] plan, double delta)
    {
        PrivacyEvent[] events = Events(plan);
        RdpAccountant renyi = new();
        foreach (PrivacyEvent e in events)
        {
            renyi.Compose(e);
        }

        double bound = renyi.Epsilon(delta);
        try
        {
            (double lower, double upper) = new DiscreteLoss(events).Epsilon(delta);
            return new(lower, Math.Min(upper, bound));
        }
        catch (ArithmeticException)
        {
            return new(0, bound);
        }
    }

    private static PrivacyEvent[] Events((PrivacyEvent Step, long Count)[] plan) =>
        [.. plan.Select(part => part.Step with { Steps = checked((int)part.Count) })];

    private static EpsilonBounds Remove((PrivacyEvent Step, long Count)[] plan, double delta)
    {
        LossContour contour = new(plan, isRemoval: true);
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
                    ? new JumpContour(plan).Epsilon(delta, guess)
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
