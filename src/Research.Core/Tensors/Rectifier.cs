using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>
/// max(x, 0) and its gradient. A NaN passes through, so that a broken example is seen and not hidden.
/// </summary>
internal static class Rectifier
{
    /// <summary>Writes x where x is not negative, else 0.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        int i = 0;
        for (; i <= x.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> value = Vector512.Create(x[i..]);
            Vector512<float> negative = Vector512.LessThan(value, Vector512<float>.Zero);
            Vector512.ConditionalSelect(negative, Vector512<float>.Zero, value).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
        {
            y[i] = Scalar(x[i]);
        }
    }

    /// <summary>Writes dy where y is positive or NaN, else 0.</summary>
    public static void Backward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        int i = 0;
        for (; i <= y.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> closed = Vector512.LessThanOrEqual(Vector512.Create(y[i..]), Vector512<float>.Zero);
            Vector512.ConditionalSelect(closed, Vector512<float>.Zero, Vector512.Create(dy[i..])).CopyTo(dx[i..]);
        }

        for (; i < y.Length; i++)
        {
            dx[i] = y[i] <= 0 ? 0 : dy[i];
        }
    }

    public static float Scalar(float x) => x < 0 ? 0 : x;
}
