using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Σ x², summed in double: no finite float vector overflows, and the order is fixed.</summary>
/// <remarks>
/// 16 running sums, sum l over the elements i ≡ l (mod 16), then halved by pairs l, l + 8; l, l + 4; l, l + 2; l, l +
/// 1.
/// </remarks>
internal static class SquaredNorm
{
    private const int Lanes = 16;

    public static double Of(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[Lanes];
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(Vector512.Create(x[i..]));
            low = Vector512.FusedMultiplyAdd(first, first, low);
            high = Vector512.FusedMultiplyAdd(second, second, high);
        }

        low.CopyTo(lanes);
        high.CopyTo(lanes[8..]);
        return Finish(x[i..], lanes);
    }

    /// <summary>The plain loop with the same 16 sums.</summary>
    public static double Scalar(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[Lanes];
        lanes.Clear();
        int whole = x.Length / Lanes * Lanes;
        for (int i = 0; i < whole; i++)
        {
            lanes[i % Lanes] = Math.FusedMultiplyAdd(x[i], (double)x[i], lanes[i % Lanes]);
        }

        return Finish(x[whole..], lanes);
    }

    private static double Finish(ReadOnlySpan<float> rest, Span<double> lanes)
    {
        for (int i = 0; i < rest.Length; i++)
        {
            lanes[i] = Math.FusedMultiplyAdd(rest[i], (double)rest[i], lanes[i]);
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0];
    }
}
