using System.Numerics;

namespace Research.Tensors;

/// <summary>Discrete Fourier transform of 2ⁿ complex numbers, with the same bits on every processor.</summary>
/// <remarks>
/// Cooley and Tukey's radix 2 by decimation in time. Only IEEE additions and multiplications, element by element, so
/// that the vector's width changes nothing. Each result errs by at most <see cref="RelativeError"/>·Σ|xⱼ|: on its way
/// an
/// xⱼ meets one addition (1 unit of rounding), one complex multiplication (√5 units: Brent, Percival and Zimmermann
/// 2007,
/// Math. Comp. 76, Theorem 2) and one weight (6 units: 3 ulp in each part) in each of the log₂ n stages.
/// </remarks>
internal sealed class FourierTransform
{
    private const double Unit = 1.1102230246251565e-16;

    private readonly double[] _cos; // Weights of the stage with n/2 butterflies from n/2 on; [Length].
    private readonly double[] _sin;

    public FourierTransform(int length)
    {
        Length = length;
        _cos = new double[length];
        _sin = new double[length];
        for (int half = length / 2; half >= 1; half /= 2)
        {
            for (int k = 0; k < half; k++)
            {
                if (half < length / 2)
                {
                    _cos[half + k] = _cos[(2 * half) + (2 * k)];
                    _sin[half + k] = _sin[(2 * half) + (2 * k)];
                    continue;
                }

                (_sin[half + k], _cos[half + k]) = MinusTurn(k, length);
            }
        }
    }

    /// <summary>Gets the number of points, a power of 2.</summary>
    public int Length { get; }

    /// <summary>Gets the bound on a result's error over the sum of the moduli (for the inverse: over their
    /// mean).</summary>
    public double RelativeError => BitOperations.Log2((uint)Length) * (1 + 2.24 + 6) * Unit * 1.001;

    /// <summary>Replaces x by Σⱼ xⱼ·exp(−2πi·jk/n).</summary>
    public void Forward(double[] real, double[] imaginary)
    {
        Reverse(real, imaginary);
        for (int half = 1; half < Length; half *= 2)
        {
            for (int block = 0; block < Length; block += 2 * half)
            {
                Butterflies(
                    real.AsSpan(block, half), imaginary.AsSpan(block, half),
                    real.AsSpan(block + half, half), imaginary.AsSpan(block + half, half),
                    _cos.AsSpan(half, half), _sin.AsSpan(half, half));
            }
        }
    }

    /// <summary>Replaces x by (1/n)·Σₖ xₖ·exp(2πi·jk/n).</summary>
    public void Inverse(double[] real, double[] imaginary)
    {
        Forward(imaginary, real); // Exchanging the parts conjugates, up to a factor i that comes back.
        double scale = 1.0 / Length; // A power of 2: exact.
        for (int i = 0; i < Length; i++)
        {
            real[i] *= scale;
            imaginary[i] *= scale;
        }
    }

    private static void Butterflies(
        Span<double> topReal, Span<double> topImaginary, Span<double> real, Span<double> imaginary,
        ReadOnlySpan<double> cos, ReadOnlySpan<double> sin)
    {
        int i = 0;
        for (; i <= cos.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> c = new(cos[i..]);
            Vector<double> s = new(sin[i..]);
            Vector<double> x = new(real[i..]);
            Vector<double> y = new(imaginary[i..]);
            Vector<double> a = new(topReal[i..]);
            Vector<double> b = new(topImaginary[i..]);
            Vector<double> p = (x * c) - (y * s);
            Vector<double> q = (x * s) + (y * c);
            (a + p).CopyTo(topReal[i..]);
            (b + q).CopyTo(topImaginary[i..]);
            (a - p).CopyTo(real[i..]);
            (b - q).CopyTo(imaginary[i..]);
        }

        for (; i < cos.Length; i++)
        {
            double p = (real[i] * cos[i]) - (imaginary[i] * sin[i]);
            double q = (real[i] * sin[i]) + (imaginary[i] * cos[i]);
            (topReal[i], real[i]) = (topReal[i] + p, topReal[i] - p);
            (topImaginary[i], imaginary[i]) = (topImaginary[i] + q, topImaginary[i] - q);
        }
    }

    /// <summary>Sine and cosine of −2π·k/length, k below length/2.</summary>
    private static (double Sin, double Cos) MinusTurn(int k, int length)
    {
        double quarters = 4.0 * k / length; // In [0, 2).
        int nearest = (int)Math.Round(quarters);
        (double sin, double cos) = DoubleSinCos.OfQuarterTurns(quarters - nearest);
        return nearest switch
        {
            0 => (-sin, cos),
            1 => (-cos, -sin),
            _ => (sin, -cos),
        };
    }

    private static void Reverse(double[] real, double[] imaginary)
    {
        int n = real.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j |= bit;
            if (i < j)
            {
                (real[i], real[j]) = (real[j], real[i]);
                (imaginary[i], imaginary[j]) = (imaginary[j], imaginary[i]);
            }
        }
    }
}
