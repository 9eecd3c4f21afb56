using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>a ← a + share·(x − a), an exponential moving average.</summary>
/// <remarks>
/// Not a ← decay·a + (1 − decay)·x: in single precision 0.9999 and 0.0001 do not add up to 1, and an average of equal
/// values would then drift away from them, by 0.02% for those two.
/// </remarks>
internal static class MovingAverage
{
    public static void Apply(Span<float> average, ReadOnlySpan<float> x, float share)
    {
        Vector512<float> shares = Vector512.Create(share);
        int i = 0;
        for (; i <= average.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> a = Vector512.Create<float>(average[i..]);
            Vector512.FusedMultiplyAdd(shares, Vector512.Create(x[i..]) - a, a).CopyTo(average[i..]);
        }

        Scalar(average[i..], x[i..], share);
    }

    /// <summary>The plain loop.</summary>
    public static void Scalar(Span<float> average, ReadOnlySpan<float> x, float share)
    {
        for (int i = 0; i < average.Length; i++)
        {
            average[i] = MathF.FusedMultiplyAdd(share, x[i] - average[i], average[i]);
        }
    }
}
