namespace Research.Tensors;

/// <summary>x^n for a whole n, with the same bits on every processor.</summary>
/// <remarks>
/// By repeated squaring, from the lowest bit of n up. Each squaring doubles the relative error, so it stays below
/// n·2⁻⁵²: 2e-8 at n = 10⁸, where a power of a number that is not 1 to seven digits has long become 0.
/// </remarks>
internal static class IntegerPower
{
    /// <summary>Gets x^n; 1 for n = 0.</summary>
    /// <param name="x">Any number.</param>
    /// <param name="n">At least 0.</param>
    public static double Of(double x, int n)
    {
        double result = 1;
        double square = x;
        for (int rest = n; rest > 0; rest >>= 1)
        {
            result = (rest & 1) == 0 ? result : result * square;
            square *= square;
        }

        return result;
    }
}
