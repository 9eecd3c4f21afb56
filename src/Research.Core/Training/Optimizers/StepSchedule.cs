using Research.Tensors;

namespace Research.Training.Optimizers;

/// <summary>A learning rate that falls by the same factor again and again.</summary>
/// <remarks>
/// The first <paramref name="Every"/> steps after the warm-up use the whole rate; as PyTorch's StepLR.
/// </remarks>
/// <param name="Every">Steps between two falls, 1 to 100,000,000.</param>
/// <param name="Factor">What the rate is multiplied by at each fall, in (0, 1).</param>
/// <param name="WarmUpSteps">Steps of the linear warm-up, 0 to the steps of a run.</param>
public sealed record StepSchedule(int Every, double Factor, int WarmUpSteps = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Type => "step";

    /// <inheritdoc/>
    public override int WarmUpSteps { get; init; } = WarmUpSteps;

    private protected override double Share(int step, int steps) => IntegerPower.Of(Factor, (step - 1) / Every);
}
