using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>The filters of the scattering transform in the Fourier domain, where all of them are real.</summary>
/// <remarks>
/// The definitions of Kymatio 0.3.0 (Andreux et al. 2020, JMLR 21(60); scattering2d/filter_bank.py), evaluated in
/// double: ψ(u) = g(u)(exp(iξ·u) − β) with a Gaussian g of bandwidth 0.8·2ʲ and slant 4/L, ξ = ¾π/2ʲ, β such that ψ
/// sums to 0, made periodic by adding 5 × 5 copies. Its constant 3.1415 in place of π is kept.
/// </remarks>
internal static class MorletFilter
{
    private const int Copies = 2; // on either side
    private const double Bandwidth = 0.8;
    private const double KymatioPi = 3.1415;

    /// <summary>Gets the real spectrum of ψ, [height, width].</summary>
    public static double[] Wavelet(int height, int width, int scale, int angle, int angles)
    {
        double slant = 4.0 / angles;
        double sigma = Bandwidth * (1 << scale);
        int quarter = (int)(angles - (angles / 2.0) - 1) - angle; // Truncates, as Python's int does.
        (double sin, double cos) = UnitCircle.OfTurns(quarter, 2L * angles);
        double[] envelope = new double[height * width];
        double[] re = new double[height * width];
        double[] im = new double[height * width];
        AddCopies(height, width, new Gabor(sigma, slant, sin, cos, 1.5 / (1 << scale)), envelope, re, im);

        // β is complex only by rounding where the angle is 0; Kymatio keeps that rounding too.
        double sum = Sum(envelope);
        double betaRe = Sum(re) / sum;
        double betaIm = Sum(im) / sum;
        double scaleBy = slant / (2 * KymatioPi * sigma * sigma);
        for (int i = 0; i < re.Length; i++)
        {
            re[i] = (re[i] - (betaRe * envelope[i])) * scaleBy;
            im[i] = (im[i] - (betaIm * envelope[i])) * scaleBy;
        }

        return RealSpectrum(height, width, re, im);
    }

    /// <summary>
    /// Gets the spectrum of the low-pass filter along one axis, [length]: the filter is a round Gaussian, so its
    /// spectrum is the product of one such factor for each axis.
    /// </summary>
    public static double[] LowPassFactor(int length, int scales)
    {
        double sigma = Bandwidth * (1 << (scales - 1));
        double[] signal = new double[length];
        for (int copy = -Copies; copy <= Copies; copy++)
        {
            for (int i = 0; i < length; i++)
            {
                double x = i + (copy * (double)length);
                signal[i] += DoubleExp.Of(-(x * x) / (2 * sigma * sigma));
            }
        }

        double scaleBy = Math.Sqrt(1 / (2 * KymatioPi * sigma * sigma)); // The other half comes with the other axis.
        double[] spectrum = new double[length];
        for (int k = 0; k < length; k++)
        {
            double sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum += signal[i] * UnitCircle.OfTurns((long)k * i, length).Cos;
            }

            spectrum[k] = sum * scaleBy;
        }

        return spectrum;
    }

    private static void AddCopies(int height, int width, Gabor gabor, double[] envelope, double[] re, double[] im)
    {
        for (int copyY = -Copies; copyY <= Copies; copyY++)
        {
            for (int copyX = -Copies; copyX <= Copies; copyX++)
            {
                for (int i = 0; i < envelope.Length; i++)
                {
                    double x = (i / width) + (copyY * height); // Kymatio's x runs down the image.
                    double y = (i % width) + (copyX * width);
                    double g = gabor.Envelope(x, y);
                    if (g != 0)
                    {
                        (double sin, double cos) = UnitCircle.OfQuarterTurns(gabor.QuarterTurns(x, y));
                        envelope[i] += g;
                        re[i] += g * cos;
                        im[i] += g * sin;
                    }
                }
            }
        }
    }

    private static double Sum(double[] values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }

    // The real part of the discrete Fourier transform, one axis after the other.
    private static double[] RealSpectrum(int height, int width, double[] re, double[] im)
    {
        (double Sin, double Cos)[] across = Circle(width);
        (double Sin, double Cos)[] down = Circle(height);
        double[] rowRe = new double[re.Length];
        double[] rowIm = new double[re.Length];
        double[] spectrum = new double[re.Length];
        for (int o = 0; o < re.Length; o++)
        {
            int row = o / width * width;
            for (int c = 0; c < width; c++)
            {
                (double sin, double cos) = across[o % width * c % width];
                rowRe[o] += (re[row + c] * cos) + (im[row + c] * sin);
                rowIm[o] += (im[row + c] * cos) - (re[row + c] * sin);
            }
        }

        for (int o = 0; o < re.Length; o++)
        {
            for (int r = 0; r < height; r++)
            {
                (double sin, double cos) = down[o / width * r % height];
                int from = (r * width) + (o % width);
                spectrum[o] += (rowRe[from] * cos) + (rowIm[from] * sin);
            }
        }

        return spectrum;
    }

    private static (double Sin, double Cos)[] Circle(int length)
    {
        (double Sin, double Cos)[] circle = new (double Sin, double Cos)[length];
        for (int i = 0; i < length; i++)
        {
            circle[i] = UnitCircle.OfTurns(i, length);
        }

        return circle;
    }

    /// <summary>A Gaussian, rotated and slanted, times a plane wave.</summary>
    private readonly struct Gabor(double sigma, double slant, double sin, double cos, double quarterTurnsPerPixel)
    {
        private readonly double _xx = ((cos * cos) + (slant * slant * sin * sin)) / (2 * sigma * sigma);
        private readonly double _xy = 2 * (1 - (slant * slant)) * sin * cos / (2 * sigma * sigma);
        private readonly double _yy = ((sin * sin) + (slant * slant * cos * cos)) / (2 * sigma * sigma);

        public double Envelope(double x, double y) =>
            DoubleExp.Of(-((_xx * x * x) + (_xy * x * y) + (_yy * y * y)));

        public double QuarterTurns(double x, double y) => quarterTurnsPerPixel * ((x * cos) + (y * sin));
    }
}
