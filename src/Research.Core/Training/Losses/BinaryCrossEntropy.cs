using Research.Tensors;

namespace Research.Training.Losses;

/// <summary>Cross-entropy of the sigmoid of every output, in nats, mean over the outputs.</summary>
/// <remarks>
/// As PyTorch's BCEWithLogitsLoss. Targets are the label's one-hot vector, or, with one output and two classes, the
/// label itself, 0 or 1; that one output then names class 1 when it is positive.
/// </remarks>
public sealed record BinaryCrossEntropy : Loss
{
    /// <inheritdoc/>
    public override string Type => "binaryCrossEntropy";

    internal override int Classes(int outputs) => outputs == 1 ? 2 : outputs;

    internal override void Evaluate(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient) =>
        LaneBinaryCrossEntropy.Apply(scores, outputs, labels, losses, gradient);

    internal override int Predicted(ReadOnlySpan<float> scores, int outputs, int lane) =>
        outputs == 1 ? scores[lane] > 0 ? 1 : 0 : Largest(scores, outputs, lane);
}
