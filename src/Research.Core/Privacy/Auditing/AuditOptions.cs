using Research.Privacy.Mechanisms;
using Research.Training;

namespace Research.Privacy.Auditing;

/// <summary>How much an audit tries, and how sure it is to be.</summary>
public sealed record AuditOptions
{
    /// <summary>Gets the confidence with which all bounds hold together, in (0, 1).</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Gets how many canaries are tried at least, over all runs, 100 to 10^8.</summary>
    public int Trials { get; init; } = 100_000;

    /// <summary>Gets how many canaries one run takes at most; as many as the model has room for may be fewer.</summary>
    public int MostCanaries { get; init; } = 1 << 20;

    /// <summary>Gets the number of threads, 1 to 256; never changes a bit.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Gets the randomness of coins, sampling and noise; null takes the operating system's generator. Nothing of an
    /// audit is released, so a seed does no harm.
    /// </summary>
    public RandomSource? Random { get; init; }

    /// <summary>Gets who hears what share of the steps is done, in [0, 1], never two at a time.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Gets what takes the release's place where tests break it; null takes the right one.</summary>
    internal Func<ModelSpec, RandomSource, int, GradientRelease>? Release { get; init; }
}
