namespace Research.Plotting;

/// <summary>The range an axis covers.</summary>
internal readonly record struct ValueRange(double Low, double High)
{
    private const double Largest = 1e300; // Differences and sums of drawable values never overflow.

    /// <summary>Says whether a value can be drawn.</summary>
    public static bool IsDrawable(double value, bool log) =>
        Math.Abs(value) <= Largest && (!log || value >= 1 / Largest);

    /// <summary>Covers all drawable values; a constant gets room on both sides, nothing at all gets 0 to 1.</summary>
    public static ValueRange Of(IEnumerable<double> values, bool log)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (IsDrawable(value, log))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        return low > high ? (log ? new ValueRange(0.1, 1) : new ValueRange(0, 1)) : Separate(low, high, log);
    }

    private static ValueRange Separate(double low, double high, bool log)
    {
        if (log)
        {
            return high / low > 1 + 1e-9 ? new ValueRange(low, high) : new ValueRange(low / 2, high * 2);
        }

        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        if (high - low > Math.Max(size * 1e-10, 1 / Largest))
        {
            return new ValueRange(low, high);
        }

        // Tiny values count as zero; otherwise the room is in proportion, so that the constant stays readable.
        return size < 1e-290 ? new ValueRange(0, 1) : new ValueRange(low - (size * 0.1), high + (size * 0.1));
    }
}
