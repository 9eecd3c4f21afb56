namespace Research.Privacy.Mechanisms;

/// <summary>The spacing of the grid on which noise of a standard deviation is added.</summary>
/// <remarks>
/// The noise's deviation is 2²⁴ steps exactly. The number of steps to a unit has 29 bits, so that its product with a
/// float is exact in double precision, and rounding moves a value by at most half a step, whatever its size. Hence
/// values of neighbours at distance C are at most C + √d steps apart once rounded. Noise of z·C for a distance C
/// therefore gets the deviation z·(C + √d·step): the noise multiplier z holds for what is added to, the rounding
/// included.
/// </remarks>
internal readonly struct NoiseGrid
{
    private const long DroppedBits = (1L << 24) - 1; // Of the 52 after the first.
    private const double Above = 1 + 1.7763568394002505e-15; // 1 + 2⁻⁴⁹: more than the ten roundings here take away.

    /// <summary>Takes the deviation as it is, or up to 2⁻²⁸ of itself larger.</summary>
    public NoiseGrid(double standardDeviation)
    {
        double stepsPerUnit = GaussianZiggurat.Deviation / standardDeviation;
        StepsPerUnit = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(stepsPerUnit) & ~DroppedBits);
        Step = 1 / StepsPerUnit;
    }

    /// <summary>Raises the deviation by as much as the rounding of values raises their sensitivity.</summary>
    /// <param name="standardDeviation">Deviation that the noise would need without a grid.</param>
    /// <param name="sensitivity">L2 sensitivity C of the vector; above 0.</param>
    /// <param name="count">Length d of the whole vector.</param>
    public NoiseGrid(double standardDeviation, double sensitivity, int count)
        : this(Raised(standardDeviation, sensitivity, count))
    {
    }

    /// <summary>Gets 1/spacing, in 29 bits.</summary>
    public double StepsPerUnit { get; }

    /// <summary>Gets the spacing, rounded: it takes part only when noise has been added.</summary>
    public double Step { get; }

    /// <summary>Gets the largest multiplier for which rounding at most doubles the noise: 8,388 at 10⁶.</summary>
    /// <param name="count">Length of the vector.</param>
    public static double LargestMultiplier(int count) =>
        GaussianZiggurat.Deviation / (2 * Above * Math.Sqrt(count));

    // s = z·(C + √d·s/2²⁴) solved for s.
    private static double Raised(double standardDeviation, double sensitivity, int count)
    {
        double largest = LargestMultiplier(count);
        double multiplier = standardDeviation / sensitivity;
        if (!(sensitivity > 0 && multiplier <= largest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sensitivity),
                sensitivity,
                $"Expected at least {standardDeviation / largest:G3}, so that the rounding of {count} values to a "
                + $"grid for noise of deviation {standardDeviation:G3} stays small beside it.");
        }

        return standardDeviation / (1 - (multiplier / (2 * largest))) * Above;
    }
}
