using Research.Tensors;

namespace Research.Training.Optimizers;

/// <summary>Stochastic gradient descent with heavy-ball momentum: v ← μ·v + g, w ← w − η·v.</summary>
/// <remarks>
/// As PyTorch's SGD without dampening; the velocity starts at zero in each run. Weight decay adds λ·w to g; Nesterov
/// moves by g + μ·v instead of v. With privacy the decay is added after the noise: it reads only the weights.
/// </remarks>
/// <param name="LearningRate">η, in (0, 10^6].</param>
/// <param name="Momentum">μ, in [0, 1); positive with <paramref name="Nesterov"/>.</param>
/// <param name="Nesterov">Whether the step looks ahead along the new velocity.</param>
/// <param name="WeightDecay">λ, in [0, 100].</param>
public sealed record Sgd(
    double LearningRate, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override string Type => "sgd";

    /// <inheritdoc/>
    public override double LearningRate { get; init; } = LearningRate;

    internal override OptimizerState Start(int weightCount) => new State(this, weightCount);

    private sealed class State : OptimizerState
    {
        private readonly Sgd _settings;
        private readonly float[] _velocity;

        public State(Sgd settings, int weightCount)
        {
            _settings = settings;
            _velocity = new float[weightCount];
            Slots = [("velocity", _velocity)];
        }

        public override IReadOnlyList<(string Name, float[] Values)> Slots { get; }

        public override void Step(
            Span<float> weights,
            ReadOnlySpan<float> gradient,
            float scale,
            float learningRate,
            int step,
            int start,
            int end)
        {
            Span<float> w = weights[start..end];
            Span<float> v = _velocity.AsSpan(start..end);
            ReadOnlySpan<float> g = gradient[start..end];
            float momentum = (float)_settings.Momentum;
            if (!_settings.Nesterov && _settings.WeightDecay == 0)
            {
                MomentumStep.Apply(w, v, g, scale, learningRate, momentum);
                return;
            }

            MomentumCoefficients by = new(
                scale, learningRate, momentum, (float)_settings.WeightDecay, _settings.Nesterov);
            DecayedMomentumStep.Apply(w, v, g, by);
        }
    }
}
