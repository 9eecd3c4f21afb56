namespace Research.Training.Optimizers;

/// <summary>How the learning rate changes over the steps of a run.</summary>
/// <remarks>The same bits on every processor: additions, products, quotients and our own cosine, in double.</remarks>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }

    /// <summary>Gets the steps over which the rate rises in equal parts from rate / warmUpSteps at step 1 to the whole
    /// rate at step warmUpSteps; 0 to the steps of a run.</summary>
    public abstract int WarmUpSteps { get; init; }

    /// <summary>Gets the learning rate of a step.</summary>
    /// <param name="learningRate">The optimiser's learning rate.</param>
    /// <param name="step">The step, 1 to <paramref name="steps"/>.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step lies outside the run.</exception>
    public double Rate(double learningRate, int step, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, steps);
        return step <= WarmUpSteps
            ? learningRate * step / WarmUpSteps
            : learningRate * Share(step - WarmUpSteps, steps - WarmUpSteps);
    }

    /// <summary>Gets the part of the rate that a step after the warm-up uses.</summary>
    /// <param name="step">The step, counted from the end of the warm-up, 1 to <paramref name="steps"/>.</param>
    /// <param name="steps">Steps after the warm-up.</param>
    private protected abstract double Share(int step, int steps);
}
