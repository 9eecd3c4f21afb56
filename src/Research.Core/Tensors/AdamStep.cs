using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>One step of Adam or AdamW.</summary>
/// <remarks>
/// g' = s·g, m ← β₁·m + (1 − β₁)·g', v ← β₂·v + (1 − β₂)·g'², w ← (1 − η·λ)·w − stepSize·m / (√v / rootCorrection + ε),
/// in the order of PyTorch 1.13's _single_tensor_adamw.
/// Sources: Kingma and Ba 2015, arXiv:1412.6980v9, Algorithm 1; Loshchilov and Hutter 2019, arXiv:1711.05101v3,
/// Algorithm 2.
/// </remarks>
internal static class AdamStep
{
    public static void Apply(
        Span<float> weights,
        Span<float> firstMoment,
        Span<float> secondMoment,
        ReadOnlySpan<float> gradient,
        in AdamCoefficients by)
    {
        Vector512<float> roots = Vector512.Create(by.RootCorrection);
        Vector512<float> epsilons = Vector512.Create(by.Epsilon);
        Vector512<float> shrinks = Vector512.Create(by.Shrink);
        int i = 0;
        for (; i <= weights.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> g = Vector512.Create(by.Scale) * Vector512.Create(gradient[i..]);
            Vector512<float> m = Vector512.Create(by.Beta1) * Vector512.Create<float>(firstMoment[i..]);
            m = Vector512.FusedMultiplyAdd(Vector512.Create(by.FirstShare), g, m);
            m.CopyTo(firstMoment[i..]);
            Vector512<float> v = Vector512.Create(by.Beta2) * Vector512.Create<float>(secondMoment[i..]);
            v = Vector512.FusedMultiplyAdd(Vector512.Create(by.SecondShare) * g, g, v);
            v.CopyTo(secondMoment[i..]);
            Vector512<float> denominator = (Vector512.Sqrt(v) / roots) + epsilons;
            Vector512<float> move = Vector512.Create(-by.StepSize) * m / denominator;
            Vector512.FusedMultiplyAdd(shrinks, Vector512.Create<float>(weights[i..]), move).CopyTo(weights[i..]);
        }

        Scalar(weights[i..], firstMoment[i..], secondMoment[i..], gradient[i..], by);
    }

    /// <summary>The plain loop.</summary>
    public static void Scalar(
        Span<float> weights,
        Span<float> firstMoment,
        Span<float> secondMoment,
        ReadOnlySpan<float> gradient,
        in AdamCoefficients by)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            float g = by.Scale * gradient[i];
            float m = MathF.FusedMultiplyAdd(by.FirstShare, g, by.Beta1 * firstMoment[i]);
            float v = MathF.FusedMultiplyAdd(by.SecondShare * g, g, by.Beta2 * secondMoment[i]);
            firstMoment[i] = m;
            secondMoment[i] = v;
            float denominator = (MathF.Sqrt(v) / by.RootCorrection) + by.Epsilon;
            weights[i] = MathF.FusedMultiplyAdd(by.Shrink, weights[i], -by.StepSize * m / denominator);
        }
    }
}
