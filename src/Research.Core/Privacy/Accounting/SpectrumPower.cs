using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The product of powers of transforms, for the upper and the lower law at once, with a bound on its
/// error.</summary>
/// <remarks>
/// Both laws are real: one rides in the real part, one in the imaginary part, and frequencies 0..n/2 tell all. Let e
/// bound the
/// error of a transform's entry φ. Then |Πφᵀ computed − exact| ≤ Π(|φ| + e)ᵀ·Σ T·(e + |φ|·ρ)/(|φ| + e), with ρ the
/// rounding of one
/// complex multiplication (√5 units, as in <see cref="FourierTransform"/>).
/// </remarks>
internal sealed class SpectrumPower
{
    private const double ProductRounding = 3.4e-16; // √5 units of rounding, and a little for the sum that follows.
    private const double Negligible = 1e-60;

    private readonly FourierTransform _transform;
    private readonly double[][] _real = new double[2][]; // [law][n/2 + 1]
    private readonly double[][] _imaginary = new double[2][];
    private readonly double[][] _bound = new double[2][]; // Π(|φ| + e)ᵀ
    private readonly double[][] _relative = new double[2][]; // Σ T·(…)/(|φ| + e)

    public SpectrumPower(FourierTransform transform)
    {
        _transform = transform;
        int count = (transform.Length / 2) + 1;
        for (int law = 0; law < 2; law++)
        {
            _real[law] = new double[count];
            _imaginary[law] = new double[count];
            _bound[law] = new double[count];
            _relative[law] = new double[count];
            Array.Fill(_real[law], 1);
            Array.Fill(_bound[law], 1);
        }
    }

    /// <summary>Multiplies by the transforms of two laws, each to the power of <paramref name="steps"/>.</summary>
    public void Multiply(TiltedLattice upper, TiltedLattice lower, int origin, int steps)
    {
        int n = _transform.Length;
        double[] real = Wrapped(upper.Weights, origin, n);
        double[] imaginary = Wrapped(lower.Weights, origin, n);
        (double upperPeak, double lowerPeak) = (real[0], imaginary[0]);
        (real[0], imaginary[0]) = (0, 0); // Its transform is a constant: kept apart, it adds no rounding.
        double entryError = _transform.RelativeError * SumOfModuli(real, imaginary) * 1.01;
        _transform.Forward(real, imaginary);
        for (int k = 0; k <= n / 2; k++)
        {
            int mirror = (n - k) & (n - 1);
            double upperReal = (real[k] + real[mirror]) / 2;
            double upperImaginary = (imaginary[k] - imaginary[mirror]) / 2;
            double lowerReal = (imaginary[k] + imaginary[mirror]) / 2;
            double lowerImaginary = (real[mirror] - real[k]) / 2;
            Raise(0, k, upperPeak + upperReal, upperImaginary, entryError, steps);
            Raise(1, k, lowerPeak + lowerReal, lowerImaginary, entryError, steps);
        }
    }

    /// <summary>Transforms back.</summary>
    /// <returns>The two laws modulo n, and for each a bound on the error of any entry.</returns>
    public (double[] Upper, double[] Lower, double UpperError, double LowerError) Invert()
    {
        int n = _transform.Length;
        double[] real = new double[n];
        double[] imaginary = new double[n];
        double[] errors = new double[2];
        for (int k = 0; k <= n / 2; k++)
        {
            int mirror = (n - k) & (n - 1);
            for (int law = 0; law < 2; law++)
            {
                if (_bound[law][k] < Negligible)
                {
                    (_real[law][k], _imaginary[law][k], _relative[law][k]) = (0, 0, 1);
                }

                errors[law] += _bound[law][k] * _relative[law][k] * (mirror == k ? 1 : 2);
            }

            real[mirror] = _real[0][k] + _imaginary[1][k];
            imaginary[mirror] = _real[1][k] - _imaginary[0][k];
            real[k] = _real[0][k] - _imaginary[1][k];
            imaginary[k] = _real[1][k] + _imaginary[0][k];
        }

        double back = _transform.RelativeError * SumOfModuli(real, imaginary) / n * 1.01;
        _transform.Inverse(real, imaginary);
        return (real, imaginary, (errors[0] / n * 1.01) + back, (errors[1] / n * 1.01) + back);
    }

    private void Raise(int law, int k, double real, double imaginary, double error, int steps)
    {
        double modulus = Math.Sqrt((real * real) + (imaginary * imaginary));
        double bound = modulus + error + (modulus * ProductRounding);
        _relative[law][k] += steps * (error + (modulus * 2 * ProductRounding)) / bound;
        _bound[law][k] *= IntegerPower.Of(bound, steps);
        if (_bound[law][k] < Negligible)
        {
            return;
        }

        (double x, double y) = (_real[law][k], _imaginary[law][k]);
        for (int power = steps; ;)
        {
            if ((power & 1) != 0)
            {
                (x, y) = ((x * real) - (y * imaginary), (x * imaginary) + (y * real));
            }

            power >>= 1;
            if (power == 0)
            {
                break;
            }

            (real, imaginary) = ((real * real) - (imaginary * imaginary), 2 * real * imaginary);
        }

        (_real[law][k], _imaginary[law][k]) = (x, y);
    }

    private static double[] Wrapped(double[] weights, int origin, int n)
    {
        double[] wrapped = new double[n];
        for (int i = 0; i < weights.Length; i++)
        {
            wrapped[(i - origin) & (n - 1)] += weights[i];
        }

        return wrapped;
    }

    private static double SumOfModuli(double[] real, double[] imaginary)
    {
        double sum = 0;
        for (int i = 0; i < real.Length; i++)
        {
            sum += Math.Sqrt((real[i] * real[i]) + (imaginary[i] * imaginary[i]));
        }

        return sum;
    }
}
