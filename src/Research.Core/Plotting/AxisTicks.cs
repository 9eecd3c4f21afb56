using System.Globalization;

namespace Research.Plotting;

/// <summary>Round positions on an axis.</summary>
internal static class AxisTicks
{
    /// <summary>Lists multiples of 1, 2 or 5 times a power of ten inside a range, ascending.</summary>
    /// <param name="low">The range's lower end, finite.</param>
    /// <param name="high">The range's upper end, above <paramref name="low"/>.</param>
    /// <param name="most">How many intervals fit at most; from 1.</param>
    /// <param name="whole">Whether fractions make no sense, as for rounds and steps.</param>
    public static double[] Linear(double low, double high, int most, bool whole = false)
    {
        Step step = Step.For(low, high, most, whole);
        long first = (long)Math.Ceiling(step.Count(low) - 1e-9);
        long last = (long)Math.Floor(step.Count(high) + 1e-9);
        double[] ticks = new double[Math.Max(0, last - first + 1)];
        for (int i = 0; i < ticks.Length; i++)
        {
            ticks[i] = step.Times(first + i);
        }

        return ticks;
    }

    /// <summary>Widens a range to the nearest ticks outside it.</summary>
    public static (double Low, double High) Widen(double low, double high, int most)
    {
        Step step = Step.For(low, high, most, whole: false);
        return (
            step.Times((long)Math.Floor(step.Count(low) + 1e-9)),
            step.Times((long)Math.Ceiling(step.Count(high) - 1e-9)));
    }

    /// <summary>Lists decades inside a positive range; below two decades, 1, 2 and 5 times them.</summary>
    public static double[] Logarithmic(double low, double high, int most)
    {
        int first = (int)Math.Floor(Math.Log10(low));
        int last = (int)Math.Ceiling(Math.Log10(high));
        int stride = Math.Max(1, (int)Math.Ceiling((last - first) / (double)most));
        double[] mantissas = last - first <= most / 3 ? [1, 2, 5] : [1];
        List<double> ticks = [];
        for (int exponent = first; exponent <= last; exponent += stride)
        {
            ticks.AddRange(mantissas.Select(mantissa => Step.Power(exponent) * mantissa));
        }

        double[] inside = [.. ticks.Where(tick => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))];
        return inside.Length >= 2 ? inside : Linear(low, high, most);
    }

    /// <summary>Widens a positive range to 1, 2 or 5 times a decade; bars take a whole decade to stand on.</summary>
    public static (double Low, double High) WidenLogarithmic(double low, double high, bool wholeDecadeBelow)
    {
        double below = Step.Power((int)Math.Floor(Math.Log10(low) - (wholeDecadeBelow ? 1e-9 : 0)));
        double above = Step.Power((int)Math.Floor(Math.Log10(high)));
        double[] mantissas = [1, 2, 5, 10];
        double least =
            wholeDecadeBelow ? below : mantissas.Select(m => m * below).LastOrDefault(tick => tick <= low, below);
        return (least, mantissas.Select(m => m * above).FirstOrDefault(tick => tick >= high, 10 * above));
    }

    /// <summary>m × 10^k with m in {1, 2, 5}; multiples are exact to the last bit of one rounding.</summary>
    private readonly record struct Step(int Mantissa, int Exponent)
    {
        public static Step For(double low, double high, int most, bool whole)
        {
            double raw = (high - low) / most;
            int exponent = (int)Math.Floor(Math.Log10(raw));
            foreach (int mantissa in (ReadOnlySpan<int>)[1, 2, 5])
            {
                if (mantissa * Power(exponent) >= raw * (1 - 1e-9))
                {
                    return whole && exponent < 0 ? new Step(1, 0) : new Step(mantissa, exponent);
                }
            }

            return whole && exponent < -1 ? new Step(1, 0) : new Step(1, exponent + 1);
        }

        public static double Power(int exponent) =>
            double.Parse($"1e{exponent}", NumberStyles.Float, CultureInfo.InvariantCulture);

        public double Count(double value) => value / Times(1);

        public double Times(long count) =>
            Exponent >= 0 ? count * Mantissa * Power(Exponent) : count * Mantissa / Power(-Exponent);
    }
}
