namespace Research.Training.Optimizers;

/// <summary>Adam: steps by the mean of the gradients over the root of the mean of their squares.</summary>
/// <remarks>
/// Kingma and Ba 2015, arXiv:1412.6980v9, Algorithm 1, as PyTorch's Adam: both means corrected for their start at zero,
/// ε outside the root. The means start at zero in each run.
/// </remarks>
/// <param name="LearningRate">η, in (0, 10^6].</param>
/// <param name="Beta1">β₁, decay of the mean, in [0, 1).</param>
/// <param name="Beta2">β₂, decay of the mean of squares, in [0, 1).</param>
/// <param name="Epsilon">ε, in [1e-12, 1].</param>
public sealed record Adam(
    double LearningRate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : Optimizer
{
    /// <inheritdoc/>
    public override string Type => "adam";

    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    internal override OptimizerState Start(int weightCount) =>
        new AdamState(Beta1, Beta2, Epsilon, weightDecay: 0, weightCount);
}
