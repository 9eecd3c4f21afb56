namespace Research.Privacy.Mechanisms;

/// <summary>The spacing of the grid on which noise of a standard deviation is added.</summary>
/// <remarks>
/// The noise's deviation is 2²⁴ steps exactly. Values are first rounded to whole steps, which moves two neighbours'
/// values apart: at most ½ + 2⁻⁴ steps a coordinate and neighbour (2⁻⁴ is for the product below in double precision), so
/// a distance C becomes at most C + (9/8)·√d steps. Noise of z·C for a distance C therefore gets the deviation
/// z·(C + (9/8)·√d·step): the noise multiplier z holds for what is added to, the rounding included.
/// </remarks>
internal readonly struct NoiseGrid
{
    /// <summary>Values beyond so many steps, 2²⁴ deviations, are cut: a float so large does not resolve noise.</summary>
    public const double LargestSteps = 281474976710656.0; // 2⁴⁸

    private const double RoundingPerRoot = 1.125;
    private const double Above = 1 + 1.1102230246251565e-15; // 1 + 5·2⁻⁵²: more than four roundings take away.

    /// <summary>Takes the deviation as it is.</summary>
    public NoiseGrid(double standardDeviation)
    {
        Step = standardDeviation / GaussianZiggurat.Deviation;
        StepsPerUnit = 1 / Step;
    }

    /// <summary>Raises the deviation by as much as the rounding of values raises their sensitivity.</summary>
    /// <param name="standardDeviation">Deviation that the noise would need without a grid.</param>
    /// <param name="sensitivity">L2 sensitivity C of the vector; above 0.</param>
    /// <param name="count">Length d of the whole vector.</param>
    public NoiseGrid(double standardDeviation, double sensitivity, int count)
        : this(Raised(standardDeviation, sensitivity, count))
    {
    }

    /// <summary>Gets the spacing: 2⁻²⁴ of the deviation.</summary>
    public double Step { get; }

    /// <summary>Gets 1/<see cref="Step"/>, rounded.</summary>
    public double StepsPerUnit { get; }

    // s = z·(C + (9/8)·√d·s/2²⁴) solved for s.
    private static double Raised(double standardDeviation, double sensitivity, int count)
    {
        double share = RoundingPerRoot * Math.Sqrt(count) / GaussianZiggurat.Deviation;
        double rest = 1 - (standardDeviation / sensitivity * share * Above);
        if (!(sensitivity > 0 && rest >= 0.5))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sensitivity),
                sensitivity,
                $"Expected at least {2 * standardDeviation * share:G3}, so that the rounding of {count} values to a "
                + $"grid for noise of deviation {standardDeviation:G3} stays small beside it.");
        }

        return standardDeviation / rest * Above;
    }
}
