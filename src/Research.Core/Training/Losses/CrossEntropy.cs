using Research.Tensors;

namespace Research.Training.Losses;

/// <summary>Cross-entropy of the softmax of the last layer's outputs, in nats.</summary>
/// <remarks>As PyTorch's CrossEntropyLoss: with smoothing s the targets are (1 − s)·one-hot + s / classes.</remarks>
/// <param name="LabelSmoothing">s, in [0, 1).</param>
public sealed record CrossEntropy(double LabelSmoothing = 0) : Loss
{
    /// <inheritdoc/>
    public override string Type => "crossEntropy";

    internal override int Classes(int outputs) => outputs;

    internal override void Evaluate(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient) =>
        LaneCrossEntropy.Apply(scores, outputs, labels, LabelSmoothing, losses, gradient);

    internal override int Predicted(ReadOnlySpan<float> scores, int outputs, int lane) =>
        Largest(scores, outputs, lane);
}
