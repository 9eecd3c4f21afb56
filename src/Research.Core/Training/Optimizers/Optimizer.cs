namespace Research.Training.Optimizers;

/// <summary>The optimiser of a specification.</summary>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }

    /// <summary>Gets the learning rate η, in (0, 10^6]; what the schedule multiplies.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>Gets how the learning rate changes over a run; null keeps it constant.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Gets the learning rate of a step.</summary>
    /// <param name="step">The step, 1 to <paramref name="steps"/>.</param>
    /// <param name="steps">Steps of the whole run.</param>
    internal double RateAt(int step, int steps) => Schedule?.Rate(LearningRate, step, steps) ?? LearningRate;

    /// <summary>Starts the optimiser for a number of weights.</summary>
    internal abstract OptimizerState Start(int weightCount);
}
