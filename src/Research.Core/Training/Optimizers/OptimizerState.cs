namespace Research.Training.Optimizers;

/// <summary>An optimiser at work: what it remembers between steps.</summary>
internal abstract class OptimizerState
{
    /// <summary>Gets what the optimiser remembers, one number for each weight and all zero at first; a checkpoint may
    /// copy them and write them back.</summary>
    public abstract IReadOnlyList<(string Name, float[] Values)> Slots { get; }

    /// <summary>Moves the weights from <paramref name="start"/> up to <paramref name="end"/> by one step.</summary>
    /// <remarks>
    /// Elementwise, so that threads may share one step: disjoint ranges that start at multiples of 16 give the bits of
    /// the whole range.
    /// </remarks>
    /// <param name="weights">All weights, changed in place.</param>
    /// <param name="gradient">The summed gradient, as long as the weights.</param>
    /// <param name="scale">What turns the sum into a mean.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="step">The number of this step in the run, from 1.</param>
    /// <param name="start">First weight to move.</param>
    /// <param name="end">One past the last weight to move.</param>
    public abstract void Step(
        Span<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        int step,
        int start,
        int end);
}
