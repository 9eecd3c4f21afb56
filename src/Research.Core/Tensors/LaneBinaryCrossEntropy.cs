using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Cross-entropy of the sigmoid of every score, of 16 examples side by side, in nats, and its
/// gradient.</summary>
/// <remarks>
/// Scores and gradient are [K, 16]. Targets are the label's one-hot vector, or with K = 1 the label itself, 0 or 1.
/// With z = x where the target is 0 and z = −x where it is 1: loss = Σ ln(1 + e^z) / K, gradient = ±sigmoid(z) / K.
/// ln(1 + e^z) = max(z, 0) + ln(1 + e^−|z|), so nothing overflows and nothing cancels. Sums run in double,
/// k = 0 … K − 1.
/// </remarks>
internal static class LaneBinaryCrossEntropy
{
    // ln(1 + e) = 2·artanh(s) with s = e / (2 + e), at most 1/3 for e in [0, 1]: the series
    // s + s³/3 + … + s²⁵/25 leaves a remainder below 3e-14 of the result. Highest power first.
    private static ReadOnlySpan<double> Series =>
    [
        1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15,
        1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3,
    ];

    /// <summary>Writes each example's loss and, if there is room, the gradient of that loss by its scores.</summary>
    public static void Apply(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient)
    {
        Vector512<int> chosen = Vector512.Create(labels);
        Vector512<double> count = Vector512.Create((double)outputs);
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        for (int k = 0; k < outputs; k++)
        {
            Vector512<float> x = Vector512.Create(scores[(k * Lanes.Count)..]);
            Vector512<float> isOn =
                Vector512.Equals(chosen, Vector512.Create(LaneTarget.Class(k, outputs))).AsSingle();
            Vector512<float> z = Vector512.ConditionalSelect(isOn, -x, x);
            Vector512<float> exp = Exponential.Vector(-Vector512.Abs(x));
            (Vector512<double> firstZ, Vector512<double> secondZ) = Vector512.Widen(z);
            (Vector512<double> firstExp, Vector512<double> secondExp) = Vector512.Widen(exp);
            low += Softplus(firstZ, firstExp);
            high += Softplus(secondZ, secondExp);
            if (!gradient.IsEmpty)
            {
                Vector512<float> slope = Vector512.Narrow(
                    Sigmoid(firstZ, firstExp) / count, Sigmoid(secondZ, secondExp) / count);
                Vector512.ConditionalSelect(isOn, -slope, slope).CopyTo(gradient[(k * Lanes.Count)..]);
            }
        }

        Vector512.Narrow(low / count, high / count).CopyTo(losses);
    }

    /// <summary>The plain loop, one example after the other.</summary>
    public static void Scalar(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient)
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            double sum = 0;
            for (int k = 0; k < outputs; k++)
            {
                int at = (k * Lanes.Count) + lane;
                bool isOn = labels[lane] == LaneTarget.Class(k, outputs);
                double z = isOn ? -scores[at] : scores[at];
                double exp = Exponential.Scalar(-MathF.Abs(scores[at]));
                sum += (z > 0 ? z : 0) + LogOnePlus(exp);
                if (!gradient.IsEmpty)
                {
                    float slope = (float)((z > 0 ? 1 : exp) / (1 + exp) / outputs);
                    gradient[at] = isOn ? -slope : slope;
                }
            }

            losses[lane] = (float)(sum / outputs);
        }
    }

    private static double LogOnePlus(double exp)
    {
        double s = exp / (2 + exp);
        double square = s * s;
        double series = 0;
        foreach (double coefficient in Series)
        {
            series = Math.FusedMultiplyAdd(series, square, coefficient);
        }

        return Math.FusedMultiplyAdd(series * square, s, s) * 2;
    }

    private static Vector512<double> Softplus(Vector512<double> z, Vector512<double> exp)
    {
        Vector512<double> s = exp / (Vector512.Create(2.0) + exp);
        Vector512<double> square = s * s;
        Vector512<double> series = Vector512<double>.Zero;
        foreach (double coefficient in Series)
        {
            series = Vector512.FusedMultiplyAdd(series, square, Vector512.Create(coefficient));
        }

        Vector512<double> logarithm = Vector512.FusedMultiplyAdd(series * square, s, s) * 2.0;
        Vector512<double> positive = Vector512.GreaterThan(z, Vector512<double>.Zero);
        return Vector512.ConditionalSelect(positive, z, Vector512<double>.Zero) + logarithm;
    }

    private static Vector512<double> Sigmoid(Vector512<double> z, Vector512<double> exp)
    {
        Vector512<double> positive = Vector512.GreaterThan(z, Vector512<double>.Zero);
        return Vector512.ConditionalSelect(positive, Vector512<double>.One, exp) / (Vector512<double>.One + exp);
    }
}
