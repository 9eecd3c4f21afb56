namespace Research.Privacy.Clipping;

/// <summary>Scales a vector so that its L2 norm never exceeds a bound, in the floats that result.</summary>
/// <remarks>
/// The factor aims at C·(1 − 2⁻²²) and is rounded down. That margin is four units of float rounding: one (2⁻²⁴) for
/// each product with the factor, one for a squared norm summed in double over up to 2²⁸ elements, and two to spare for
/// the rounding of division and root. A vector whose norm may exceed C is therefore always scaled; one below
/// C·(1 − 2⁻²²) is left as it is. NaN and infinity give factor 0, and <see cref="Apply"/> writes zeros: the record then
/// contributes nothing.
/// </remarks>
public static class L2Clipping
{
    private const double Aim = 1 - 2.384185791015625e-07; // 1 − 2⁻²²
    // 2⁻¹⁰⁰: products that underflow stay far below the margin.
    private const double LeastBound = 7.888609052210118e-31;
    private const double LargestBound = 1.2676506002282294e30; // 2¹⁰⁰
    private const double Stability = 0.01;
    private const double LayerAim = 1 - 8.881784197001252e-16; // 1 − 2⁻⁵⁰

    /// <summary>Gets the factor in [0, 1] by which to multiply each element.</summary>
    /// <param name="squaredNorm">Sum of the squared elements, in double; NaN, infinite and negative give 0.</param>
    /// <param name="clipNorm">C, the largest norm allowed; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clipNorm"/> lies outside its range.</exception>
    public static float Factor(double squaredNorm, double clipNorm)
    {
        CheckBound(clipNorm);
        if (!(squaredNorm >= 0 && double.IsFinite(squaredNorm)))
        {
            return 0;
        }

        double norm = Math.Sqrt(squaredNorm);
        double target = clipNorm * Aim;
        return norm <= target ? 1 : RoundDown(target / norm);
    }

    /// <summary>Gets the factor of automatic clipping, C / (norm + 0.01), rounded down; it may exceed 1.</summary>
    /// <remarks>
    /// Source: Bu, Wang, Zha and Karypis 2023, arXiv:2206.07136v3, variant AUTO-S with stability constant 0.01.
    /// The scaled norm is at most C·(1 − 2⁻²²)·norm / (norm + 0.01) but for the rounding that the same margin covers in
    /// <see cref="Factor"/>, so it stays below C; a zero gradient stays zero. The factor is at most 100·C: no float
    /// overflows, since each element is at most the norm.
    /// </remarks>
    /// <param name="squaredNorm">Sum of the squared elements, in double; NaN, infinite and negative give 0.</param>
    /// <param name="clipNorm">C, which the scaled norm never reaches; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clipNorm"/> lies outside its range.</exception>
    public static float AutomaticFactor(double squaredNorm, double clipNorm)
    {
        CheckBound(clipNorm);
        if (!(squaredNorm >= 0 && double.IsFinite(squaredNorm)))
        {
            return 0;
        }

        return RoundDown(clipNorm * Aim / (Math.Sqrt(squaredNorm) + Stability));
    }

    /// <summary>Gets the bound C/√L of each of L parts, so that the whole stays within C.</summary>
    /// <remarks>
    /// (C/√L)²·L = C². Root, product and quotient round by 2⁻⁵³ each; the factor 1 − 2⁻⁵⁰ keeps the result below the
    /// exact quotient.
    /// </remarks>
    /// <param name="clipNorm">C, the largest norm of the whole; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <param name="layers">L, at least 1.</param>
    internal static double LayerBound(double clipNorm, int layers) =>
        layers == 1 ? clipNorm : clipNorm * LayerAim / Math.Sqrt(layers);

    /// <summary>Gets the sum of the squared elements.</summary>
    /// <param name="vector">Any length up to 2²⁸.</param>
    /// <returns>Each square is exact in double; the sum runs from first to last, so the bits
    /// are always the same.</returns>
    public static double SquaredNorm(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            sum = Math.FusedMultiplyAdd((double)vector[i], vector[i], sum);
        }

        return sum;
    }

    /// <summary>Scales a vector in place so that its norm is at most <paramref name="clipNorm"/>.</summary>
    /// <param name="vector">Any floats; zeros afterwards if one of them was NaN or infinite.</param>
    /// <param name="clipNorm">C, the largest norm allowed; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <returns>The factor used, in [0, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clipNorm"/> lies outside its range.</exception>
    public static float Apply(Span<float> vector, double clipNorm)
    {
        float factor = Factor(SquaredNorm(vector), clipNorm);
        if (factor == 0)
        {
            vector.Clear(); // Not by multiplication: 0 · NaN is NaN.
        }
        else if (factor < 1)
        {
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] *= factor;
            }
        }

        return factor;
    }

    internal static void CheckBound(double clipNorm)
    {
        if (clipNorm is not (>= LeastBound and <= LargestBound))
        {
            throw new ArgumentOutOfRangeException(
                nameof(clipNorm), clipNorm, "Expected a clip norm in [2^-100, 2^100].");
        }
    }

    /// <summary>Gets the largest float that is not above a number; for one beyond all floats, the largest.</summary>
    internal static float RoundDown(double value)
    {
        float nearest = (float)value;
        return nearest <= value && float.IsFinite(nearest) ? nearest : MathF.BitDecrement(nearest);
    }
}
