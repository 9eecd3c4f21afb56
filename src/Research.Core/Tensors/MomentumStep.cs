using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>One step of gradient descent with heavy-ball momentum: v ← μ·v + s·g, w ← w − η·v.</summary>
/// <remarks>As PyTorch's SGD without dampening or Nesterov; s turns a summed gradient into a mean.</remarks>
internal static class MomentumStep
{
    public static void Apply(
        Span<float> weights,
        Span<float> velocity,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        float momentum)
    {
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> rates = Vector512.Create(-learningRate);
        Vector512<float> momenta = Vector512.Create(momentum);
        int i = 0;
        for (; i <= weights.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> v = Vector512.FusedMultiplyAdd(
                momenta, Vector512.Create<float>(velocity[i..]), scales * Vector512.Create(gradient[i..]));
            v.CopyTo(velocity[i..]);
            Vector512.FusedMultiplyAdd(rates, v, Vector512.Create<float>(weights[i..])).CopyTo(weights[i..]);
        }

        Scalar(weights[i..], velocity[i..], gradient[i..], scale, learningRate, momentum);
    }

    /// <summary>The plain loop.</summary>
    public static void Scalar(
        Span<float> weights,
        Span<float> velocity,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        float momentum)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            velocity[i] = MathF.FusedMultiplyAdd(momentum, velocity[i], scale * gradient[i]);
            weights[i] = MathF.FusedMultiplyAdd(-learningRate, velocity[i], weights[i]);
        }
    }
}
