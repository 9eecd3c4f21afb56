using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Softmax cross-entropy of 16 examples side by side, in nats, and its gradient.</summary>
/// <remarks>
/// Scores and gradient are [C, 16]: score c of example e at c·16 + e. With x̂ = x − max and smoothing s,
/// loss = ln Σ e^x̂ − (1 − s)·x̂_label − s/C·Σ x̂; gradient = softmax − (1 − s)·one-hot − s/C. Sums run in double,
/// c = 0 … C − 1. Smoothing: Szegedy et al. 2016, arXiv:1512.00567v3, section 7, as PyTorch's label_smoothing.
/// </remarks>
internal static class LaneCrossEntropy
{
    /// <summary>Writes each example's loss and, if there is room, the gradient of that loss by its scores.</summary>
    public static void Apply(
        ReadOnlySpan<float> scores,
        int classes,
        ReadOnlySpan<int> labels,
        double smoothing,
        Span<float> losses,
        Span<float> gradient)
    {
        Vector512<float> max = Max(scores, classes);
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        for (int c = 0; c < classes; c++)
        {
            Vector512<float> exp = Exponential.Vector(Vector512.Create(scores[(c * Lanes.Count)..]) - max);
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(exp);
            low += first;
            high += second;
            if (!gradient.IsEmpty)
            {
                exp.CopyTo(gradient[(c * Lanes.Count)..]);
            }
        }

        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            double total = lane < Lanes.Count / 2 ? low[lane] : high[lane - (Lanes.Count / 2)];
            losses[lane] = Loss(scores[lane..], classes, labels[lane], smoothing, max[lane], total);
        }

        if (!gradient.IsEmpty)
        {
            Gradient(classes, labels, smoothing, low, high, gradient);
        }
    }

    /// <summary>The plain loop, one example after the other.</summary>
    public static void Scalar(
        ReadOnlySpan<float> scores,
        int classes,
        ReadOnlySpan<int> labels,
        double smoothing,
        Span<float> losses,
        Span<float> gradient)
    {
        (double on, double off) = LaneTarget.Smoothed(classes, smoothing);
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            ReadOnlySpan<float> x = scores[lane..];
            float max = x[0];
            for (int c = 1; c < classes; c++)
            {
                max = x[c * Lanes.Count] > max ? x[c * Lanes.Count] : max;
            }

            double total = 0;
            for (int c = 0; c < classes; c++)
            {
                total += Exponential.Scalar(x[c * Lanes.Count] - max);
            }

            losses[lane] = Loss(x, classes, labels[lane], smoothing, max, total);
            for (int c = 0; c < classes && !gradient.IsEmpty; c++)
            {
                double softmax = Exponential.Scalar(x[c * Lanes.Count] - max) / total;
                gradient[(c * Lanes.Count) + lane] = (float)(softmax - (c == labels[lane] ? on : off));
            }
        }
    }

    private static Vector512<float> Max(ReadOnlySpan<float> scores, int classes)
    {
        Vector512<float> max = Vector512.Create(scores);
        for (int c = 1; c < classes; c++)
        {
            Vector512<float> x = Vector512.Create(scores[(c * Lanes.Count)..]);
            max = Vector512.ConditionalSelect(Vector512.GreaterThan(x, max), x, max);
        }

        return max;
    }

    private static float Loss(
        ReadOnlySpan<float> x, int classes, int label, double smoothing, float max, double total)
    {
        double chosen = (double)x[label * Lanes.Count] - max;
        if (smoothing == 0)
        {
            return (float)(Logarithm.Scalar(total) - chosen);
        }

        double sum = 0;
        for (int c = 0; c < classes; c++)
        {
            sum += (double)x[c * Lanes.Count] - max;
        }

        return (float)(Logarithm.Scalar(total) - ((1 - smoothing) * chosen) - (smoothing / classes * sum));
    }

    // Turns e^x̂ into softmax − target, in place.
    private static void Gradient(
        int classes,
        ReadOnlySpan<int> labels,
        double smoothing,
        Vector512<double> low,
        Vector512<double> high,
        Span<float> gradient)
    {
        (double on, double off) = LaneTarget.Smoothed(classes, smoothing);
        Vector512<int> chosen = Vector512.Create(labels);
        for (int c = 0; c < classes; c++)
        {
            Span<float> dx = gradient.Slice(c * Lanes.Count, Lanes.Count);
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(Vector512.Create<float>(dx));
            (Vector512<double> one, Vector512<double> two) = LaneTarget.Of(chosen, c, on, off);
            Vector512.Narrow((first / low) - one, (second / high) - two).CopyTo(dx);
        }
    }
}
