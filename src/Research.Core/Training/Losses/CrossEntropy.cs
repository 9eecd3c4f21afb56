namespace Research.Training.Losses;

/// <summary>Cross-entropy of the softmax of the last layer's outputs, in nats.</summary>
public sealed record CrossEntropy : Loss
{
    /// <inheritdoc/>
    public override string Type => "crossEntropy";

    internal override void Evaluate(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient)
    {
        Span<float> rows = stackalloc float[outputs * 16];
        Span<float> d = stackalloc float[outputs * 16];
        for (int i = 0; i < outputs * 16; i++)
        {
            rows[((i % 16) * outputs) + (i / 16)] = scores[i];
        }

        Research.Tensors.SoftmaxCrossEntropy.ForwardBackward(rows, outputs, labels, losses, d);
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = d[((i % 16) * outputs) + (i / 16)];
        }
    }

    internal override int Predicted(ReadOnlySpan<float> scores, int outputs, int lane)
    {
        int best = 0;
        for (int c = 1; c < outputs; c++)
        {
            best = scores[(c * 16) + lane] > scores[(best * 16) + lane] ? c : best;
        }

        return best;
    }
}
