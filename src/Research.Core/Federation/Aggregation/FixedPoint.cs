namespace Research.Federation.Aggregation;

/// <summary>Weights as integers in units of 2⁻¹⁶: what travels, is hashed, averaged and scored.</summary>
/// <remarks>
/// Integers make aggregation exact and order-free. A weight stays within ±<see cref="Limit"/> units (±128), so that it
/// has at most 24 significant bits and its float32 image is exact: quantising what was dequantised returns the same
/// bits.
/// </remarks>
public static class FixedPoint
{
    /// <summary>Units to one: 2¹⁶.</summary>
    public const int UnitsPerOne = 1 << 16;

    /// <summary>The largest magnitude in units: 2²³, which is 128.</summary>
    public const int Limit = 1 << 23;

    /// <summary>
    /// Rounds to the nearest unit, ties to even, saturating at ±<see cref="Limit"/>; NaN becomes zero.
    /// </summary>
    /// <param name="value">The value, in ones.</param>
    /// <returns>The value, in units.</returns>
    public static int Quantise(float value)
    {
        double units = Math.Round((double)value * UnitsPerOne, MidpointRounding.ToEven);
        return double.IsNaN(units) ? 0 : (int)Math.Clamp(units, -Limit, Limit);
    }

    /// <summary>Converts units to ones, exactly.</summary>
    /// <param name="units">The value in units, within ±<see cref="Limit"/>.</param>
    public static float Dequantise(int units) => units * (1f / UnitsPerOne);

    /// <summary>Divides and rounds to nearest, ties away from zero: the one rounding of an integer mean.</summary>
    /// <param name="sum">The sum, in units.</param>
    /// <param name="count">How many were summed; positive.</param>
    public static long Mean(long sum, int count)
    {
        long magnitude = ((2 * Math.Abs(sum)) + count) / (2L * count);
        return sum < 0 ? -magnitude : magnitude;
    }
}
