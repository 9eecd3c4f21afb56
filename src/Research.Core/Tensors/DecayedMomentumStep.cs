using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>One step of gradient descent with momentum, weight decay and, if wanted, Nesterov's look-ahead.</summary>
/// <remarks>
/// d = s·g + λ·w, v ← μ·v + d, w ← w − η·v, or with Nesterov w ← w − η·(d + μ·v). As PyTorch's SGD without dampening.
/// Without decay and look-ahead <see cref="MomentumStep"/> does the same with less work.
/// </remarks>
internal static class DecayedMomentumStep
{
    public static void Apply(
        Span<float> weights, Span<float> velocity, ReadOnlySpan<float> gradient, in MomentumCoefficients by)
    {
        Vector512<float> scales = Vector512.Create(by.Scale);
        Vector512<float> decays = Vector512.Create(by.WeightDecay);
        Vector512<float> rates = Vector512.Create(-by.LearningRate);
        Vector512<float> momenta = Vector512.Create(by.Momentum);
        int i = 0;
        for (; i <= weights.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> w = Vector512.Create<float>(weights[i..]);
            Vector512<float> d = Vector512.FusedMultiplyAdd(decays, w, scales * Vector512.Create(gradient[i..]));
            Vector512<float> v = Vector512.FusedMultiplyAdd(momenta, Vector512.Create<float>(velocity[i..]), d);
            v.CopyTo(velocity[i..]);
            Vector512<float> direction = by.Nesterov ? Vector512.FusedMultiplyAdd(momenta, v, d) : v;
            Vector512.FusedMultiplyAdd(rates, direction, w).CopyTo(weights[i..]);
        }

        Scalar(weights[i..], velocity[i..], gradient[i..], by);
    }

    /// <summary>The plain loop.</summary>
    public static void Scalar(
        Span<float> weights, Span<float> velocity, ReadOnlySpan<float> gradient, in MomentumCoefficients by)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            float d = MathF.FusedMultiplyAdd(by.WeightDecay, weights[i], by.Scale * gradient[i]);
            float v = MathF.FusedMultiplyAdd(by.Momentum, velocity[i], d);
            velocity[i] = v;
            float direction = by.Nesterov ? MathF.FusedMultiplyAdd(by.Momentum, v, d) : v;
            weights[i] = MathF.FusedMultiplyAdd(-by.LearningRate, direction, weights[i]);
        }
    }
}
