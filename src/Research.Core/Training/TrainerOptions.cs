using Research.Privacy.Mechanisms;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Training;

/// <summary>What the specification leaves to whoever trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>
    /// Gets the weights to start from; null starts from those that the specification's seed determines.
    /// </summary>
    public Checkpoint? Initial { get; init; }

    /// <summary>Gets the seed of the shuffles when training is not private.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Gets the randomness of private training, of which sampling and noise take separate streams; null takes the
    /// operating system's
    /// generator. Warning: a seeded source makes a run reproducible and not private.
    /// </summary>
    public RandomSource? Random { get; init; }

    /// <summary>Gets who hears of each step, on the training thread.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Gets the number of threads, 1 to 256; never changes a bit.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Gets public data on which the loss curve is measured too; null measures none. Never records that must stay
    /// private.
    /// </summary>
    public Dataset? Validation { get; init; }

    /// <summary>
    /// Gets after how many steps <see cref="Validation"/> is measured, besides the last; 0 chooses at most 20 points
    /// that together read no more
    /// examples than training does.
    /// </summary>
    public int ValidationInterval { get; init; }

    /// <summary>Gets where an earlier run of the same specification on the same data stopped; null starts anew.</summary>
    /// <remarks>
    /// What follows has the bits that an uninterrupted run would have, if its randomness was seeded; a cryptographic
    /// source is never stored, so a private run goes on with fresh batches and noise.
    /// </remarks>
    public TrainingState? Resume { get; init; }

    /// <summary>Gets who takes the states to resume from, on the training thread; null if nobody does.</summary>
    public Action<TrainingState>? SaveState { get; init; }

    /// <summary>
    /// Gets after how many steps <see cref="SaveState"/> is called, besides when training is cancelled; 0 calls it only
    /// then.
    /// </summary>
    public int SaveInterval { get; init; }

    /// <summary>Gets the head of the privacy ledger, to be kept in the states; null if there is none.</summary>
    public string? LedgerHead { get; init; }

    /// <summary>Gets the canaries of an audit; null if nobody audits.</summary>
    internal CanaryProbe? Probe { get; init; }

    /// <summary>Gets what takes the release's place where tests break it; null takes the right one.</summary>
    internal Func<ModelSpec, RandomSource, int, GradientRelease>? Release { get; init; }

    /// <summary>Gets what takes the optimiser's place where tests look on; null takes the right one.</summary>
    internal Func<OptimizerState, OptimizerState>? Optimizer { get; init; }
}
