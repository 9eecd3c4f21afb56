using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Masses on a lattice, tilted by e^(tℓ) and normalised.</summary>
internal sealed class TiltedLattice
{
    private readonly double[] _logarithms; // Of the tilted masses.
    private readonly double _step;

    /// <param name="masses">Masses at (first + i)·step.</param>
    /// <param name="first">Index of the first mass.</param>
    /// <param name="step">h.</param>
    /// <param name="tilt">t.</param>
    public TiltedLattice(double[] masses, int first, double step, double tilt)
    {
        _step = step;
        _logarithms = new double[masses.Length];
        double top = double.NegativeInfinity;
        for (int i = 0; i < masses.Length; i++)
        {
            _logarithms[i] = masses[i] > 0
                ? DoubleLog.Of(masses[i]) + (tilt * step * (first + i))
                : double.NegativeInfinity;
            if (_logarithms[i] > top)
            {
                (top, Peak) = (_logarithms[i], i);
            }
        }

        Weights = new double[masses.Length];
        (double sum, double lost) = (0, 0); // Kahan's sum: 10⁶ steps would amplify a plain sum's rounding.
        for (int i = 0; i < masses.Length; i++)
        {
            Weights[i] = DoubleExp.Of(_logarithms[i] - top);
            double term = Weights[i] - lost;
            double next = sum + term;
            lost = (next - sum) - term;
            sum = next;
        }

        LogMoment = top + DoubleLog.Of(sum);
        for (int i = 0; i < masses.Length; i++)
        {
            _logarithms[i] -= LogMoment;
            Weights[i] /= sum;
            Mean += Weights[i] * i;
        }
    }

    /// <summary>Gets ln Σ mass·e^(tℓ).</summary>
    public double LogMoment { get; }

    /// <summary>Gets the tilted masses; they sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>Gets the place of the largest weight.</summary>
    public int Peak { get; }

    /// <summary>Gets the mean place.</summary>
    public double Mean { get; }

    /// <summary>Gets ln Σ weight·e^(s·(i − origin)·h).</summary>
    public double LogMomentAround(int origin, double s)
    {
        double top = double.NegativeInfinity;
        for (int i = 0; i < _logarithms.Length; i++)
        {
            top = Math.Max(top, _logarithms[i] + (s * _step * (i - origin)));
        }

        double sum = 0;
        for (int i = 0; i < _logarithms.Length; i++)
        {
            sum += DoubleExp.Of(_logarithms[i] + (s * _step * (i - origin)) - top);
        }

        return top + DoubleLog.Of(sum);
    }
}
