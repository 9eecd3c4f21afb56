using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>x·Φ(x) on blocks of 16 examples, and its gradient; Φ is the normal distribution function.</summary>
/// <remarks>Φ(x) = (1 + erf(x/√2)) / 2, from <see cref="ErrorFunction"/>.</remarks>
internal static unsafe class GaussianLinear
{
    private const float RootHalf = 0.70710678f;    // 1/√2
    private const float DensityAtZero = 0.3989423f; // 1/√(2π)

    /// <summary>Writes x·Φ(x) for [count, 16].</summary>
    public static void Forward(float* x, float* y, long count)
    {
        for (long i = 0; i < count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> value = Vector512.Load(x + i);
            (value * Distribution(value)).Store(y + i);
        }
    }

    /// <summary>Writes dy·(Φ(x) + x·φ(x)) for [count, 16]; dx may be dy.</summary>
    public static void Backward(float* x, float* dy, float* dx, long count)
    {
        for (long i = 0; i < count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> value = Vector512.Load(x + i);
            Vector512<float> density =
                Exponential.Vector(value * value * Vector512.Create(-0.5f)) * Vector512.Create(DensityAtZero);
            Vector512<float> slope = Vector512.FusedMultiplyAdd(value, density, Distribution(value));
            (Vector512.Load(dy + i) * slope).Store(dx + i);
        }
    }

    public static float Scalar(float x) =>
        x * MathF.FusedMultiplyAdd(ErrorFunction.Scalar(x * RootHalf), 0.5f, 0.5f);

    private static Vector512<float> Distribution(Vector512<float> x)
    {
        Vector512<float> half = Vector512.Create(0.5f);
        return Vector512.FusedMultiplyAdd(ErrorFunction.Vector(x * Vector512.Create(RootHalf)), half, half);
    }
}
