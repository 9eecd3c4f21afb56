namespace Research.Federation.Rewards;

/// <summary>Products of integer vectors in 128 bits, exact: the order of the terms changes nothing.</summary>
/// <remarks>
/// An update's components stay within 2²⁴ units and a model has fewer than 2³⁰ weights, so a product stays below 2⁷⁸.
/// </remarks>
internal static class WideVectors
{
    private const int Most = 1 << 24;
    private const int Block = 1 << 12; // 2¹² products of 2²⁴ · 2²⁴ stay below 2⁶³.

    /// <summary>Computes the scalar product of two vectors, [P] each, whose components are within ±2²⁵.</summary>
    public static Int128 Dot(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"Expected vectors of one length; got {a.Length} and {b.Length}.", nameof(b));
        }

        Int128 total = 0;
        for (int from = 0; from < a.Length; from += Block)
        {
            int length = Math.Min(Block, a.Length - from);
            total += BlockDot(a.Slice(from, length), b.Slice(from, length));
        }

        return total;
    }

    /// <summary>Subtracts from a vector its projection on another, each component rounded to nearest.</summary>
    /// <param name="vector">Changed in place.</param>
    /// <param name="direction">Where all zero, nothing changes.</param>
    public static void Reject(Span<int> vector, ReadOnlySpan<int> direction)
    {
        Int128 squared = Dot(direction, direction);
        Int128 along = Dot(vector, direction);
        if (squared == 0 || along == 0)
        {
            return;
        }

        for (int i = 0; i < vector.Length; i++)
        {
            Int128 product = along * direction[i]; // Below 2⁷⁸ · 2²⁵.
            Int128 half = product < 0 ? -(squared / 2) : squared / 2;
            Int128 left = vector[i] - ((product + half) / squared);
            vector[i] = (int)Int128.Clamp(left, -Most, Most);
        }
    }

    private static long BlockDot(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        long even = 0;
        long odd = 0;
        int i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even += (long)a[i] * b[i];
            odd += (long)a[i + 1] * b[i + 1];
        }

        return even + odd + (i < a.Length ? (long)a[i] * b[i] : 0);
    }
}
