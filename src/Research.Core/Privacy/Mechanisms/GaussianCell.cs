using System.Numerics;
using Research.Tensors;

namespace Research.Privacy.Mechanisms;

/// <summary>The mass of a Gaussian on one cell, and comparisons with it that are never wrong.</summary>
/// <remarks>
/// F(m) = S·∫ exp(−t²/2) dt over [m/S, (m + 1)/S], S = 2²⁴: the mass of the cell, times a constant. About its middle
/// t = (2m + 1)/2²⁵, and with h = 2⁻²⁵, F(m) = exp(−t²/2)·Σₖ He₂ₖ(t)·h²ᵏ/(2k + 1)!, from the generating function
/// exp(−tu − u²/2) = Σ Heₙ(t)·(−u)ⁿ/n!. Error bounds in Privacy/PROOFS.md.
/// </remarks>
internal static class GaussianCell
{
    private const int MiddleBits = 25; // t = (2m + 1)/2²⁵
    private const int Halvings = 15; // of the exponential's argument: t²/2 ≤ 128 becomes at most 2⁻⁸.
    private const int GuardBits = 64;

    /// <summary>Gets the mass within 2⁻⁴² of itself: the terms after the first amount to less than 2⁻⁴⁴.</summary>
    /// <param name="cell">Below <see cref="GaussianZiggurat.Cutoff"/>.</param>
    public static double Mass(uint cell)
    {
        double t = (cell + 0.5) / GaussianZiggurat.Deviation;
        return DoubleExp.Of(t * t * -0.5);
    }

    /// <summary>Tells whether a uniform height within a layer lies below a cell's mass, however close.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cell">A cell of the layer.</param>
    /// <param name="word">The height's first 64 bits, as a part of the layer's height.</param>
    /// <param name="more">Its further bits.</param>
    public static bool IsBelow<TWords>(int layer, uint cell, ulong word, ref TWords more)
        where TWords : struct, IWords, allows ref struct
    {
        BigInteger height = word;
        for (int bits = 64; ; bits += 64)
        {
            (BigInteger lower, BigInteger upper) = PartOfLayer(layer, cell, bits);
            if (height + 1 <= lower)
            {
                return true; // The height is in [height, height + 1)/2^bits.
            }

            if (height >= upper)
            {
                return false;
            }

            height = (height << 64) | more.Next();
        }
    }

    /// <summary>Gets bounds on (F(cell) − bottom of the layer)/(height of the layer)·2^bits.</summary>
    internal static (BigInteger Lower, BigInteger Upper) PartOfLayer(int layer, uint cell, int bits)
    {
        // (F − A·Σ 1/Xⱼ)·Xᵢ/A = (F/A − Σ 1/Xⱼ)·Xᵢ, over the layers j below i.
        int precision = bits + GuardBits;
        (BigInteger lower, BigInteger upper) = MassBounds(cell, precision);
        lower = BigInteger.Divide(lower, GaussianZiggurat.Area);
        upper = BigInteger.Divide(upper, GaussianZiggurat.Area) + 1;
        for (int j = 0; j < layer; j++)
        {
            BigInteger inverse = (BigInteger.One << precision) / GaussianZiggurat.Width(j);
            lower -= inverse + 1;
            upper -= inverse;
        }

        uint width = GaussianZiggurat.Width(layer);
        return ((lower * width) >> GuardBits, ((upper * width) >> GuardBits) + 1);
    }

    /// <summary>Gets bounds on F(cell)·2^bits.</summary>
    internal static (BigInteger Lower, BigInteger Upper) MassBounds(uint cell, int bits)
    {
        int precision = bits + GuardBits;
        BigInteger middle = (2 * (BigInteger)cell) + 1;
        BigInteger product = (Exponential(middle * middle, precision) * Series(middle, precision)) >> precision;

        // Both factors err by less than 2⁻³⁰ of a unit at the scale of bits (PROOFS.md), and are below 2 together.
        BigInteger error = BigInteger.One << (GuardBits - 8);
        return ((product - error) >> GuardBits, ((product + error) >> GuardBits) + 1);
    }

    // exp(−square/2⁵¹)·2^precision: Taylor of the argument over 2¹⁵, then 15 squarings, each doubling the error.
    private static BigInteger Exponential(BigInteger square, int precision)
    {
        BigInteger one = BigInteger.One << precision;
        BigInteger sum = one;
        BigInteger term = one;
        for (int n = 1; !term.IsZero; n++)
        {
            term = ((term * square) >> ((2 * MiddleBits) + 1 + Halvings)) / n;
            sum += (n & 1) == 0 ? term : -term;
        }

        for (int i = 0; i < Halvings; i++)
        {
            sum = (sum * sum) >> precision;
        }

        return sum;
    }

    // Σₖ He₂ₖ(t)·h²ᵏ/(2k + 1)!·2^precision; Heₙ(t)·2²⁵ⁿ is a whole number, by Heₙ₊₁ = t·Heₙ − n·Heₙ₋₁.
    private static BigInteger Series(BigInteger middle, int precision)
    {
        BigInteger sum = BigInteger.Zero;
        BigInteger before = BigInteger.Zero;
        BigInteger hermite = BigInteger.One;
        BigInteger factorial = BigInteger.One; // (n + 1)!
        for (int n = 0; 2 * MiddleBits * n <= 2 * (precision + MiddleBits); n++)
        {
            if (n % 2 == 0)
            {
                sum += ((hermite << precision) >> (2 * MiddleBits * n)) / factorial;
            }

            (before, hermite) = (hermite, (middle * hermite) - ((n * before) << (2 * MiddleBits)));
            factorial *= n + 2;
        }

        return sum;
    }
}
