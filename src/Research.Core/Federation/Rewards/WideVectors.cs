namespace Research.Federation.Rewards;

/// <summary>Products of integer vectors in 128 bits, exact: the order of the terms changes nothing.</summary>
/// <remarks>
/// An update's components stay within 2²⁴ units and a model has fewer than 2³⁰ weights, so a product stays below 2⁷⁸.
/// </remarks>
internal static class WideVectors
{
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
