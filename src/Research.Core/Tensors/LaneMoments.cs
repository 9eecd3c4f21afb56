using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Sums of [count, 16] lane by lane, for means and variances.</summary>
/// <remarks>
/// Element i goes to partial sum i mod 4, and these are added as (0 + 1) + (2 + 3): four chains hide the latency of
/// additions and lose less than one.
/// </remarks>
internal static unsafe class LaneMoments
{
    private const int Chains = 4;

    /// <summary>Gets Σ x.</summary>
    public static Vector512<float> Sum(float* x, int count)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= count - Chains; i += Chains, x += Chains * Lanes.Count)
        {
            s0 += Vector512.Load(x);
            s1 += Vector512.Load(x + Lanes.Count);
            s2 += Vector512.Load(x + (2 * Lanes.Count));
            s3 += Vector512.Load(x + (3 * Lanes.Count));
        }

        for (; i < count; i++, x += Lanes.Count)
        {
            s0 += Vector512.Load(x);
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        return Join(s0, s1, s2, s3, count);
    }

    /// <summary>Gets Σ (x − mean)².</summary>
    public static Vector512<float> SumSquares(float* x, int count, Vector512<float> mean)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int i = 0; i < count; i++, x += Lanes.Count)
        {
            Vector512<float> apart = Vector512.Load(x) - mean;
            s0 = Vector512.FusedMultiplyAdd(apart, apart, s0);
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        return Join(s0, s1, s2, s3, count);
    }

    /// <summary>Gets Σ a·(x − mean).</summary>
    public static Vector512<float> SumProducts(float* a, float* x, int count, Vector512<float> mean)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int i = 0; i < count; i++, a += Lanes.Count, x += Lanes.Count)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a), Vector512.Load(x) - mean, s0);
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        return Join(s0, s1, s2, s3, count);
    }

    // The chains have turned count times: put them back before they are added.
    private static Vector512<float> Join(
        Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, int count) =>
        (count % Chains) switch
        {
            1 => (s3 + s0) + (s1 + s2),
            2 => (s2 + s3) + (s0 + s1),
            3 => (s1 + s2) + (s3 + s0),
            _ => (s0 + s1) + (s2 + s3),
        };
}
