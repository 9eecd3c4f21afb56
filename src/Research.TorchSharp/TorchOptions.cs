using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Optimizers;
using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Research.TorchSharp;

/// <summary>What a plan leaves to whoever trains.</summary>
public sealed record TorchOptions
{
    /// <summary>Gets how gradients of single examples are had.</summary>
    public GradientMethod Method { get; init; }

    /// <summary>
    /// Gets how many examples are computed at once, 1 to 512; null chooses by memory. A batch of any size is computed
    /// in parts of so many, layer by layer of the next multiple of 16: what a record can change does not depend on it.
    /// </summary>
    public int? MicroBatch { get; init; }

    /// <summary>
    /// Gets the randomness of sampling, noise and the module's own layers; null takes the operating system's generator.
    /// Warning: a seeded source makes a run repeatable and not private.
    /// </summary>
    public RandomSource? Random { get; init; }

    /// <summary>
    /// Gets the range of the inputs as everybody knows it, from which probes draw; null takes −1 to 1, and of whole
    /// numbers 0 to the largest that the losses take. It is never computed from the records, which are not public.
    /// </summary>
    public ValueRange? InputRange { get; init; }

    /// <summary>Gets the range of the targets as everybody knows it; null takes 0 to 1, and of whole numbers 0 to the
    /// largest that the losses take.</summary>
    public ValueRange? TargetRange { get; init; }

    /// <summary>Gets the schedule of the optimiser's learning rates; null leaves them.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Gets a scheduler of TorchSharp's, stepped after each step; null where there is none.</summary>
    public LRScheduler? Scheduler { get; init; }

    /// <summary>
    /// Gets the decay of an exponential moving average of the weights, in (0, 1), which is then the run's result; null
    /// keeps the last weights. It reads released weights only, and costs nothing.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>Gets public examples on which the losses are measured too; never records that must stay
    /// private.</summary>
    public TorchExamples? Validation { get; init; }

    /// <summary>Gets after how many steps <see cref="Validation"/> is measured, besides the last; 0 for the last
    /// only.</summary>
    public int ValidationInterval { get; init; }

    /// <summary>
    /// Gets what tells which examples of inputs and targets are answered rightly, [B] of booleans; null measures no
    /// accuracy, which is NaN then.
    /// </summary>
    public Func<Tensor, Tensor, Tensor>? Hits { get; init; }

    /// <summary>Gets who hears of each step, on the training thread.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Gets where an earlier run of the same plan on the same records stopped; null starts anew.</summary>
    /// <remarks>The optimiser and the scheduler must be new ones, made as they were made for that run.</remarks>
    public TorchState? Resume { get; init; }

    /// <summary>Gets who takes the states to resume from; null if nobody does.</summary>
    public Action<TorchState>? SaveState { get; init; }

    /// <summary>Gets after how many steps <see cref="SaveState"/> is called, besides when training is cancelled; 0
    /// calls it only then.</summary>
    public int SaveInterval { get; init; }

    /// <summary>Gets what takes the release's place where tests break it; null takes the right one.</summary>
    internal Func<PrivatePlan, RandomSource, int, Gradients.TorchRelease>? Release { get; init; }

    /// <summary>Gets who sees each noisy sum, where tests audit; null if nobody does.</summary>
    internal Action<int, float[]>? Seen { get; init; }

    /// <summary>Throws unless every value lies in its range.</summary>
    internal void Check()
    {
        if (MicroBatch is { } examples)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1, nameof(MicroBatch));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                examples, Gradients.ClippedSum.MostExamples, nameof(MicroBatch));
        }

        if (AverageDecay is not (null or (> 0 and < 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(AverageDecay), AverageDecay, "Expected a decay in (0, 1).");
        }

        if (!Enum.IsDefined(Method))
        {
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "Expected a gradient method.");
        }

        InputRange?.Check(nameof(InputRange));
        TargetRange?.Check(nameof(TargetRange));
        ArgumentOutOfRangeException.ThrowIfNegative(ValidationInterval);
        ArgumentOutOfRangeException.ThrowIfNegative(SaveInterval);
    }
}
