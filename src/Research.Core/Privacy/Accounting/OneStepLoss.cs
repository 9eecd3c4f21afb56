namespace Research.Privacy.Accounting;

/// <summary>One step's privacy loss in one direction, cut where less than a given mass lies beyond.</summary>
internal abstract class OneStepLoss
{
    /// <summary>Gets the least loss left after the cut.</summary>
    public abstract double Least { get; }

    /// <summary>Gets the greatest loss left after the cut.</summary>
    public abstract double Greatest { get; }

    /// <summary>Gets the mass cut off above, at most; below as much again.</summary>
    public abstract double Beyond { get; }

    /// <summary>Gets about how many pieces the law falls into, besides the lattice's cells.</summary>
    public virtual double Pieces => 0;

    /// <summary>Gets a length of which every loss is a multiple, or 0.</summary>
    public virtual double Grain => 0;

    /// <summary>Creates the loss of one step of an event.</summary>
    /// <param name="release">Any event but <see cref="ConcentratedEvent"/>.</param>
    /// <param name="removing">Whether P is the output with the record.</param>
    /// <param name="beyond">Mass that may be cut off on either side, above 0.</param>
    public static OneStepLoss Of(PrivacyEvent release, bool removing, double beyond) => release switch
    {
        GaussianEvent g => new GaussianLoss(g, removing, beyond),
        LaplaceEvent l => new LaplaceLoss(l.Scale),
        DiscreteGaussianEvent d => AtomicLoss.Of(d, beyond),
        RandomizedResponseEvent r => AtomicLoss.Of(r.Epsilon, r.Categories),
        PureEvent p => AtomicLoss.Of(p.Epsilon, 2), // Randomised response is the worst: Kairouz, Oh, Viswanath 2015.
        _ => throw new NotSupportedException($"No privacy loss is known of a {release.GetType().Name}."),
    };

    /// <summary>Visits a coarse sample of the law: enough for moments to a few digits.</summary>
    public abstract void Sample(Action<double, double> massAndLoss);

    /// <summary>Puts the law on a lattice of step h.</summary>
    public abstract LossLattice Discretize(double step);
}
