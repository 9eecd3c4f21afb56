using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>x·σ(x) on blocks of 16 examples, and its gradient; σ is <see cref="Logistic"/>.</summary>
internal static unsafe class SigmoidLinear
{
    /// <summary>Writes x·σ(x) for [count, 16].</summary>
    public static void Forward(float* x, float* y, long count)
    {
        for (long i = 0; i < count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> value = Vector512.Load(x + i);
            (value * Logistic.Vector(value)).Store(y + i);
        }
    }

    /// <summary>Writes dy·σ(x)·(1 + x·(1 − σ(x))) for [count, 16]; dx may be dy.</summary>
    public static void Backward(float* x, float* dy, float* dx, long count)
    {
        for (long i = 0; i < count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> value = Vector512.Load(x + i);
            Vector512<float> share = Logistic.Vector(value);
            Vector512<float> rest = Vector512<float>.One - share;
            Vector512<float> slope = share * Vector512.FusedMultiplyAdd(value, rest, Vector512<float>.One);
            (Vector512.Load(dy + i) * slope).Store(dx + i);
        }
    }

    public static float Scalar(float x) => x * Logistic.Scalar(x);
}
