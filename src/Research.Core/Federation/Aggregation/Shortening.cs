using System.Numerics;

namespace Research.Federation.Aggregation;

/// <summary>A factor of at most one that brings a vector within a length, in integers.</summary>
/// <remarks>In 2⁻²⁰, the largest whose square is at most the ratio of the squared lengths.</remarks>
internal readonly record struct Shortening
{
    private const int Bits = 20;

    private readonly long _taken; // From one: the default takes nothing.

    private Shortening(long factor) => _taken = (1L << Bits) - factor;

    /// <summary>Gets whether anything changes.</summary>
    public bool IsNone => _taken == 0;

    private long Factor => (1L << Bits) - _taken;

    /// <summary>Finds the factor.</summary>
    /// <param name="squared">The vector's squared length.</param>
    /// <param name="mostSquared">The squared length that it shall have at most, but for rounding.</param>
    public static Shortening Of(BigInteger squared, BigInteger mostSquared) => squared <= mostSquared
        ? default
        : new Shortening((long)Math.Sqrt((double)((mostSquared << (2 * Bits)) / squared))); // Of less than 2⁴⁰: exact.

    /// <summary>Shortens one component, rounded to nearest, ties away from zero.</summary>
    public long Apply(int component)
    {
        const long Half = 1L << (Bits - 1);
        long product = Math.Abs((long)component) * Factor;
        return IsNone ? component : Math.Sign(component) * ((product + Half) >> Bits);
    }

    /// <summary>Shortens a vector.</summary>
    public int[] Apply(ReadOnlySpan<int> vector)
    {
        int[] shortened = vector.ToArray();
        for (int i = 0; i < shortened.Length && !IsNone; i++)
        {
            shortened[i] = (int)Apply(shortened[i]);
        }

        return shortened;
    }
}
