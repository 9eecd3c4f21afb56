using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>Cosine similarity of two integer updates, compared with a threshold without leaving the integers.</summary>
/// <remarks>
/// Independently trained private updates are far from parallel, because most of their length is independent noise: for
/// d weights their noise has cosine of order 1/√d. A copy, scaled or lightly perturbed, stays close to 1.
/// </remarks>
public static class CopySimilarity
{
    /// <summary>Says whether cos(a, b) is at least <paramref name="threshold"/>.</summary>
    /// <param name="a">An update, [P], in fixed-point units.</param>
    /// <param name="b">Another, [P].</param>
    /// <param name="threshold">The cosine, 0 to 1; compared in thousandths, rounded to nearest.</param>
    public static bool IsCopy(ReadOnlySpan<int> a, ReadOnlySpan<int> b, double threshold)
    {
        (Int128 dot, Int128 aa, Int128 bb) = Products(a, b);
        if (dot <= 0 || aa == 0 || bb == 0)
        {
            return false;
        }

        // cos² ≥ t²  ⇔  dot² · 1000² ≥ (1000 t)² · |a|² · |b|², exact in BigInteger.
        BigInteger thousandths = (BigInteger)Math.Round(threshold * 1000);
        return (BigInteger)dot * dot * 1_000_000 >= thousandths * thousandths * (BigInteger)aa * bb;
    }

    /// <summary>Gets cos(a, b) for people to read; 0 when either is zero.</summary>
    public static double Cosine(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        (Int128 dot, Int128 aa, Int128 bb) = Products(a, b);
        return aa == 0 || bb == 0 ? 0 : (double)dot / Math.Sqrt((double)aa) / Math.Sqrt((double)bb);
    }

    private static (Int128 Dot, Int128 AA, Int128 BB) Products(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException(
                $"Expected two updates of one length; got {a.Length} and {b.Length}.", nameof(b));
        }

        Int128 dot = 0;
        Int128 aa = 0;
        Int128 bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += Math.BigMul(a[i], b[i]);
            aa += Math.BigMul(a[i], a[i]);
            bb += Math.BigMul(b[i], b[i]);
        }

        return (dot, aa, bb);
    }
}
