namespace Research.Training.Optimizers;

/// <summary>The optimiser of a specification.</summary>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }

    /// <summary>Starts the optimiser for a number of weights.</summary>
    internal abstract OptimizerState Start(int weightCount);
}
