using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Mean squared error of 16 examples side by side, and its gradient.</summary>
/// <remarks>
/// Scores and gradient are [K, 16]. Targets are the label's one-hot vector, or with K = 1 the label itself, 0 or 1.
/// loss = Σ (x − t)² / K, gradient = 2·(x − t) / K; sums run in double, k = 0 … K − 1.
/// </remarks>
internal static class LaneSquaredError
{
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
            (Vector512<double> first, Vector512<double> second) =
                Vector512.Widen(Vector512.Create(scores[(k * Lanes.Count)..]));
            (Vector512<double> one, Vector512<double> two) =
                LaneTarget.Of(chosen, LaneTarget.Class(k, outputs), 1, 0);
            first -= one;
            second -= two;
            low = Vector512.FusedMultiplyAdd(first, first, low);
            high = Vector512.FusedMultiplyAdd(second, second, high);
            if (!gradient.IsEmpty)
            {
                Vector512.Narrow((first + first) / count, (second + second) / count)
                    .CopyTo(gradient[(k * Lanes.Count)..]);
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
                double difference = (double)scores[at] - (labels[lane] == LaneTarget.Class(k, outputs) ? 1 : 0);
                sum = Math.FusedMultiplyAdd(difference, difference, sum);
                if (!gradient.IsEmpty)
                {
                    gradient[at] = (float)((difference + difference) / outputs);
                }
            }

            losses[lane] = (float)(sum / outputs);
        }
    }
}
