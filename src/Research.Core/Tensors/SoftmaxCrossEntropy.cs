namespace Research.Tensors;

/// <summary>Cross-entropy of the softmax of class scores, in nats, and its gradient.</summary>
/// <remarks>
/// N = rows, C = classes. loss = ln Σ e^(x − max) − (x_label − max); gradient = softmax − one-hot. Sums run in double,
/// c = 0 … C − 1.
/// </remarks>
internal static class SoftmaxCrossEntropy
{
    /// <summary>Writes each row's loss.</summary>
    public static void Forward(ReadOnlySpan<float> scores, int classes, ReadOnlySpan<int> labels, Span<float> losses)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> x = scores.Slice(row * classes, classes);
            float max = Max(x);
            losses[row] = Loss(x, max, Total(x, max), labels[row]);
        }
    }

    /// <summary>Writes each row's loss and the gradient of that loss (not of the mean) by its scores.</summary>
    public static void ForwardBackward(
        ReadOnlySpan<float> scores, int classes, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> x = scores.Slice(row * classes, classes);
            Span<float> dx = gradient.Slice(row * classes, classes);
            float max = Max(x);
            double total = Total(x, max);
            losses[row] = Loss(x, max, total, labels[row]);
            for (int c = 0; c < classes; c++)
            {
                dx[c] = (float)((Exponential.Scalar(x[c] - max) / total) - (c == labels[row] ? 1 : 0));
            }
        }
    }

    private static float Loss(ReadOnlySpan<float> x, float max, double total, int label) =>
        (float)(Logarithm.Scalar(total) - ((double)x[label] - max));

    private static double Total(ReadOnlySpan<float> x, float max)
    {
        double total = 0;
        for (int c = 0; c < x.Length; c++)
        {
            total += Exponential.Scalar(x[c] - max);
        }

        return total;
    }

    private static float Max(ReadOnlySpan<float> x)
    {
        float max = x[0];
        for (int c = 1; c < x.Length; c++)
        {
            max = x[c] > max ? x[c] : max;
        }

        return max;
    }
}
