using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>y += factor·x by fused multiply-add, and x ·= factor.</summary>
internal static class ScaledSum
{
    /// <summary>Adds factor·x to y.</summary>
    public static void Add(float factor, ReadOnlySpan<float> x, Span<float> y)
    {
        Vector512<float> factors = Vector512.Create(factor);
        int i = 0;
        for (; i <= x.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> sum = Vector512.Create<float>(y[i..]);
            Vector512.FusedMultiplyAdd(factors, Vector512.Create(x[i..]), sum).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
        {
            y[i] = MathF.FusedMultiplyAdd(factor, x[i], y[i]);
        }
    }

    /// <summary>Multiplies x by a factor; by 0 clears it, NaN and infinity included.</summary>
    public static void Scale(float factor, Span<float> x)
    {
        if (factor == 0)
        {
            x.Clear();
            return;
        }

        Vector512<float> factors = Vector512.Create(factor);
        int i = 0;
        for (; i <= x.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            (factors * Vector512.Create<float>(x[i..])).CopyTo(x[i..]);
        }

        for (; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }
}
