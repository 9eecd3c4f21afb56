using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>A privacy loss of finitely many values, after a cut: the same in both directions.</summary>
internal sealed class AtomicLoss : OneStepLoss
{
    private const double LargestSigma = 1e4; // Beyond, the atoms are too many to list.

    private readonly double[] _losses; // Ascending.
    private readonly double[] _masses;

    private AtomicLoss(double[] losses, double[] masses, double beyond, double grain)
    {
        _losses = losses;
        _masses = masses;
        Beyond = beyond;
        Grain = grain;
    }

    /// <inheritdoc/>
    public override double Least => _losses[0];

    /// <inheritdoc/>
    public override double Greatest => _losses[^1];

    /// <inheritdoc/>
    public override double Beyond { get; }

    /// <inheritdoc/>
    public override double Grain { get; }

    /// <summary>Gets the loss of k-ary randomised response.</summary>
    public static AtomicLoss Of(double epsilon, int categories)
    {
        double small = DoubleExp.Of(-epsilon);
        double total = 1 + ((categories - 1) * small);
        return categories == 2
            ? new([-epsilon, epsilon], [small / total, 1 / total], 0, epsilon)
            : new([-epsilon, 0, epsilon], [small / total, (categories - 2) * small / total, 1 / total], 0, epsilon);
    }

    /// <summary>Gets the loss of the discrete Gaussian: (2n + 1)/2σ² where the noise is n.</summary>
    public static AtomicLoss Of(DiscreteGaussianEvent release, double beyond)
    {
        double sigma = release.Sigma;
        if (sigma > LargestSigma)
        {
            throw new NotSupportedException($"Expected σ up to {LargestSigma} on the lattice of losses; got {sigma}.");
        }

        // P(n ≥ m) is at most P(σZ ≥ m − 1): Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Proposition 25.
        int reach = (int)Math.Ceiling(NormalTail.Quantile(beyond) * sigma) + 1;
        double[] losses = new double[(2 * reach) + 1];
        double[] masses = new double[(2 * reach) + 1];
        double variance = sigma * sigma;
        double total = 0;
        for (int i = 0; i < masses.Length; i++)
        {
            double n = i - reach;
            losses[i] = ((2 * n) + 1) / (2 * variance);
            masses[i] = DoubleExp.Of(-n * n / (2 * variance));
            total += masses[i];
        }

        for (int i = 0; i < masses.Length; i++)
        {
            masses[i] /= total;
        }

        return new AtomicLoss(losses, masses, beyond, 1 / (2 * variance));
    }

    /// <summary>Adds an atom; what is a point of the lattice up to rounding is taken as that point.</summary>
    internal static void Add(LossLattice lattice, double mass, double loss)
    {
        int before = (int)Math.Floor((loss / lattice.Step) + LossLattice.PlaceRounding);
        int nearest = (int)Math.Floor(((loss - lattice.Phase) / lattice.Step) + 0.5);
        lattice.Add(mass, loss, before, Math.Clamp(nearest, before, before + 1));
    }

    /// <inheritdoc/>
    public override void Sample(Action<double, double> massAndLoss)
    {
        for (int i = 0; i < _losses.Length; i++)
        {
            massAndLoss(_masses[i], _losses[i]);
        }
    }

    /// <inheritdoc/>
    public override LossLattice Discretize(double step)
    {
        LossLattice lattice = new(step, Least, Greatest, _losses[Array.IndexOf(_masses, _masses.Max())]);
        for (int i = 0; i < _losses.Length; i++)
        {
            Add(lattice, _masses[i], _losses[i]);
        }

        lattice.Balance();
        return lattice;
    }
}
