using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Privacy loss of one Laplace mechanism of sensitivity 1: the same in both directions.</summary>
/// <remarks>
/// P centred at 1, Q at 0, scale b: the loss is 1/b above 1 (mass ½), −1/b below 0 (mass ½·e^(−1/b)), and (2x − 1)/b
/// between,
/// where P has the density e^((x−1)/b)/2b.
/// </remarks>
internal sealed class LaplaceLoss(double scale) : OneStepLoss
{
    /// <inheritdoc/>
    public override double Least => -1 / scale;

    /// <inheritdoc/>
    public override double Greatest => 1 / scale;

    /// <inheritdoc/>
    public override double Beyond => 0;

    /// <inheritdoc/>
    public override double Pieces => 2 / scale;

    /// <inheritdoc/>
    public override double Grain => 1 / scale;

    /// <inheritdoc/>
    public override void Sample(Action<double, double> massAndLoss)
    {
        massAndLoss(0.5 * DoubleExp.Of(-1 / scale), -1 / scale);
        massAndLoss(0.5, 1 / scale);
        int count = (int)Math.Clamp(40 / scale, 200, 20_000);
        for (int i = 0; i < count; i++)
        {
            double x = (i + 0.5) / count;
            massAndLoss(Density(x) / count, ((2 * x) - 1) / scale);
        }
    }

    /// <inheritdoc/>
    public override LossLattice Discretize(double step)
    {
        LossLattice lattice = new(step, Least, Greatest, Greatest);
        int first = (int)Math.Floor(Least / step);
        int last = (int)Math.Floor((Greatest / step) + LossLattice.PlaceRounding);
        AtomicLoss.Add(lattice, 0.5 * DoubleExp.Of(-1 / scale), Least);
        AtomicLoss.Add(lattice, 0.5, Greatest);
        double left = 0;
        for (int cell = first; cell <= last; cell++)
        {
            double middle = Math.Clamp(Output(((cell + 0.5) * step) + lattice.Phase), left, 1);
            double right = cell == last ? 1 : Math.Clamp(Output((cell + 1) * step), middle, 1);
            Integrate(lattice, cell, cell, left, middle);
            Integrate(lattice, cell, cell + 1, middle, right);
            left = right;
        }

        lattice.Balance();
        return lattice;
    }

    private void Integrate(LossLattice lattice, int before, int nearest, double left, double right)
    {
        int parts = (int)Math.Ceiling((right - left) * 2 / scale);
        double half = (right - left) / (2 * parts);
        for (int part = 0; part < parts; part++)
        {
            double middle = left + (((2 * part) + 1) * half);
            for (int i = 0; i < 6; i++)
            {
                double x = middle + (half * GaussLegendre.SixNodes[i]);
                double mass = half * GaussLegendre.SixWeights[i] * Density(x);
                lattice.Add(mass, ((2 * x) - 1) / scale, before, nearest);
            }
        }
    }

    private double Output(double loss) => ((loss * scale) + 1) / 2;

    private double Density(double x) => DoubleExp.Of((x - 1) / scale) / (2 * scale);
}
