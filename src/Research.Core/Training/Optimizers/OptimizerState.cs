namespace Research.Training.Optimizers;

/// <summary>An optimiser at work: what it remembers between steps.</summary>
internal abstract class OptimizerState
{
    /// <summary>Moves the weights by one step.</summary>
    /// <param name="weights">All weights, changed in place.</param>
    /// <param name="gradient">The summed gradient, as long as the weights.</param>
    /// <param name="scale">What turns the sum into a mean.</param>
    public abstract void Step(Span<float> weights, ReadOnlySpan<float> gradient, float scale);
}
