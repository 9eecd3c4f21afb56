using Research.Tensors;

namespace Research.Training.Losses;

/// <summary>Squared difference of outputs and targets, mean over the outputs.</summary>
/// <remarks>
/// As PyTorch's MSELoss. Targets are the label's one-hot vector, or, with one output and two classes, the label itself,
/// 0 or 1; that one output then names class 1 when it is above ½.
/// </remarks>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override string Type => "meanSquaredError";

    internal override int Classes(int outputs) => outputs == 1 ? 2 : outputs;

    internal override void Evaluate(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient) =>
        LaneSquaredError.Apply(scores, outputs, labels, losses, gradient);

    internal override int Predicted(ReadOnlySpan<float> scores, int outputs, int lane) =>
        outputs == 1 ? scores[lane] > 0.5f ? 1 : 0 : Largest(scores, outputs, lane);
}
