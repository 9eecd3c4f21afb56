namespace Research.Training.Optimizers;

/// <summary>Adam with weight decay apart from the gradient: a step first multiplies the weights by 1 − η·λ.</summary>
/// <remarks>
/// Loshchilov and Hutter 2019, arXiv:1711.05101v3, Algorithm 2, as PyTorch's AdamW: the decay follows the schedule of
/// the learning rate.
/// </remarks>
/// <param name="LearningRate">η, in (0, 10^6].</param>
/// <param name="Beta1">β₁, decay of the mean, in [0, 1).</param>
/// <param name="Beta2">β₂, decay of the mean of squares, in [0, 1).</param>
/// <param name="Epsilon">ε, in [1e-12, 1].</param>
/// <param name="WeightDecay">λ, in [0, 100].</param>
public sealed record AdamW(
    double LearningRate,
    double Beta1 = 0.9,
    double Beta2 = 0.999,
    double Epsilon = 1e-8,
    double WeightDecay = 0.01) : Optimizer
{
    /// <inheritdoc/>
    public override string Type => "adamW";

    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    internal override OptimizerState Start(int weightCount) =>
        new AdamState(Beta1, Beta2, Epsilon, WeightDecay, weightCount);
}
