using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Privacy loss of one step of the Poisson-subsampled Gaussian mechanism.</summary>
/// <remarks>
/// With the record N(0, σ²)·(1−q) + N(1, σ²)·q, without N(0, σ²) (Zhu, Dong and Wang 2022, arXiv:2106.08567v4,
/// section 4): at output x the loss is ±ln(1 − q + q·e^r), r = (2x − 1)/2σ². Cells, cut where those of the lower law
/// meet, are integrated by Gauss and Legendre's rule.
/// </remarks>
internal sealed class GaussianLoss : OneStepLoss
{
    private const double Subdivision = 0.25; // Of σ: six nodes then err by less than 1e-14, within 5σ.
    private const double Narrow = 1.0 / 128; // Of σ: so do three.

    private readonly double _q;
    private readonly double _sigma;
    private readonly double _variance;
    private readonly bool _removing;
    private readonly double _low; // Range of the output x, or of −x where a record is added: the loss grows with it.
    private readonly double _high;

    public GaussianLoss(GaussianEvent release, bool removing, double beyond)
    {
        _q = release.SampleRate;
        _sigma = release.NoiseMultiplier;
        _variance = _sigma * _sigma;
        _removing = removing;
        double reach = NormalTail.Quantile(beyond) * _sigma;
        (_low, _high) = removing ? (-reach, 1 + reach) : (-reach, reach);
        Beyond = beyond;
        Least = Loss(_low);
        Greatest = Loss(_high);
    }

    /// <inheritdoc/>
    public override double Least { get; }

    /// <inheritdoc/>
    public override double Greatest { get; }

    /// <inheritdoc/>
    public override double Beyond { get; }

    /// <inheritdoc/>
    public override double Pieces => (_high - _low) / (Subdivision * _sigma);

    /// <inheritdoc/>
    public override void Sample(Action<double, double> massAndLoss)
    {
        double width = Math.Min(_sigma / 40, (_high - _low) / 1000);
        int count = (int)Math.Min((_high - _low) / width, 20_000);
        width = (_high - _low) / count;
        for (int i = 0; i <= count; i++)
        {
            double x = _low + (i * width);
            double loss = Loss(x);
            massAndLoss(width * Density(x, loss), loss);
        }
    }

    /// <inheritdoc/>
    public override LossLattice Discretize(double step)
    {
        LossLattice lattice = new(step, Least, Greatest, Loss(0)); // Few hits: most of the mass lies about there.
        int last = (int)Math.Floor(Greatest / step);
        double left = _low;
        for (int cell = (int)Math.Floor(Least / step); cell <= last; cell++)
        {
            double middle = Math.Clamp(Output(((cell + 0.5) * step) + lattice.Phase), left, _high);
            double right = cell == last ? _high : Math.Clamp(Output((cell + 1) * step), middle, _high);
            Integrate(lattice, cell, cell, left, middle);
            Integrate(lattice, cell, cell + 1, middle, right);
            left = right;
        }

        lattice.Balance();
        return lattice;
    }

    private void Integrate(LossLattice lattice, int before, int nearest, double left, double right)
    {
        int parts = (int)Math.Ceiling((right - left) / (Subdivision * _sigma));
        bool narrow = right - left < Narrow * _sigma;
        ReadOnlySpan<double> nodes = narrow ? GaussLegendre.ThreeNodes : GaussLegendre.SixNodes;
        ReadOnlySpan<double> weights = narrow ? GaussLegendre.ThreeWeights : GaussLegendre.SixWeights;
        double half = (right - left) / (2 * parts);
        for (int part = 0; part < parts; part++)
        {
            double middle = left + (((2 * part) + 1) * half);
            for (int i = 0; i < nodes.Length; i++)
            {
                double x = middle + (half * nodes[i]);
                double loss = Loss(x);
                lattice.Add(half * weights[i] * Density(x, loss), loss, before, nearest);
            }
        }
    }

    /// <summary>P's density.</summary>
    private double Density(double x, double loss)
    {
        double exponent = -x * x / (2 * _variance);
        return 0.3989422804014327 / _sigma * DoubleExp.Of(_removing ? exponent + loss : exponent);
    }

    private double Loss(double x) => _removing
        ? LogMixture(((2 * x) - 1) / (2 * _variance))
        : -LogMixture(((-2 * x) - 1) / (2 * _variance));

    /// <summary>ln(1 − q + q·e^r).</summary>
    private double LogMixture(double r)
    {
        if (_q == 1)
        {
            return r;
        }

        if (r > 30)
        {
            return r + DoubleLog.Of(_q + ((1 - _q) * DoubleExp.Of(-r)));
        }

        return r < -0.5 && _q > 0.5
            ? DoubleLog.Of((1 - _q) + (_q * DoubleExp.Of(r)))
            : DoubleLog1P.Of(_q * DoubleExpM1.Of(r));
    }

    /// <summary>The inverse of the loss; infinite outside its range.</summary>
    private double Output(double loss)
    {
        double log = _removing ? loss : -loss;
        double r;
        if (_q == 1)
        {
            r = log;
        }
        else if (log > 30)
        {
            r = log + DoubleLog1P.Of(-(1 - _q) * DoubleExp.Of(-log)) - DoubleLog.Of(_q);
        }
        else
        {
            double inside = DoubleExpM1.Of(log) / _q;
            r = inside > -1 ? DoubleLog1P.Of(inside) : double.NegativeInfinity;
        }

        double x = (_variance * r) + 0.5;
        return _removing ? x : -x;
    }
}
