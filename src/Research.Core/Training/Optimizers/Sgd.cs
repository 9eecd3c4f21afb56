using Research.Tensors;

namespace Research.Training.Optimizers;

/// <summary>Stochastic gradient descent with heavy-ball momentum: v ← μ·v + g, w ← w − η·v.</summary>
/// <remarks>
/// As PyTorch's SGD without dampening, weight decay or Nesterov; the velocity starts at zero in each run.
/// </remarks>
/// <param name="LearningRate">η, in (0, 10^6].</param>
/// <param name="Momentum">μ, in [0, 1).</param>
public sealed record Sgd(double LearningRate, double Momentum = 0) : Optimizer
{
    /// <inheritdoc/>
    public override string Type => "sgd";

    internal override OptimizerState Start(int weightCount) => new State(this, weightCount);

    private sealed class State(Sgd settings, int weightCount) : OptimizerState
    {
        private readonly float[] _velocity = new float[weightCount];

        public override void Step(Span<float> weights, ReadOnlySpan<float> gradient, float scale) =>
            MomentumStep.Apply(
                weights, _velocity, gradient, scale, (float)settings.LearningRate, (float)settings.Momentum);
    }
}
