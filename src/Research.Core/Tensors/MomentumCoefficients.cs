namespace Research.Tensors;

/// <summary>What one step of gradient descent with momentum uses.</summary>
/// <param name="Scale">s, which turns a summed gradient into a mean.</param>
/// <param name="LearningRate">η.</param>
/// <param name="Momentum">μ.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Nesterov">Whether the step looks ahead along the new velocity.</param>
internal readonly record struct MomentumCoefficients(
    float Scale, float LearningRate, float Momentum, float WeightDecay, bool Nesterov);
