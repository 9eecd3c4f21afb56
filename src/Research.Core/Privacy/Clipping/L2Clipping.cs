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

    /// <summary>Gets the factor in [0, 1] by which to multiply each element.</summary>
    /// <param name="squaredNorm">Sum of the squared elements, in double; NaN, infinite and negative give 0.</param>
    /// <param name="clipNorm">C, the largest norm allowed; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clipNorm"/> lies outside its range.</exception>
    public static float Factor(double squaredNorm, double clipNorm)
    {
        if (clipNorm is not (>= LeastBound and <= LargestBound))
        {
            throw new ArgumentOutOfRangeException(
                nameof(clipNorm), clipNorm, "Expected a clip norm in [2^-100, 2^100].");
        }

        if (!(squaredNorm >= 0 && double.IsFinite(squaredNorm)))
        {
            return 0;
        }

        double norm = Math.Sqrt(squaredNorm);
        double target = clipNorm * Aim;
        return norm <= target ? 1 : RoundDown(target / norm);
    }

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

    private static float RoundDown(double value)
    {
        float nearest = (float)value;
        return nearest <= value ? nearest : MathF.BitDecrement(nearest);
    }
}
