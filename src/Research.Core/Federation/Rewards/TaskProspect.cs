using MathNet.Numerics;
using Research.Federation.Aggregation;
using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Federation.Rewards;

/// <summary>What honest owners can expect of a task, simulated on its evaluation records before it is published.</summary>
/// <remarks>
/// A task whose noise drowns every contribution cannot be fair by any rule: an honest owner's signal must stand out of its
/// own noise. Few steps on the whole of an owner's records do that at the same ε where many small batches do not.
/// </remarks>
/// <param name="Spec">The specification.</param>
/// <param name="ExpectedZ">Standard deviations by which the signal of an honest owner with the quota of records stands
/// out of its update's noise, on average.</param>
/// <param name="PaidShare">The share of such owners who would be paid, 0 to 1.</param>
/// <param name="Loss">Held-out loss of the model after one round with many such owners, in nats.</param>
public sealed record TaskProspect(ModelSpec Spec, double ExpectedZ, double PaidShare, double Loss)
{
    /// <summary>The z from which a task can be recommended: nearly everyone is paid, by how much hangs little on luck.</summary>
    public const double GoodZ = 6;

    private static readonly (double SampleRate, int Steps, double LearningRate, double Momentum)[] Plans =
    [
        (1, 3, 2, 0), (1, 5, 1, 0), (1, 5, 2, 0), (1, 10, 1, 0), (1, 10, 1, 0.5), (1, 20, 1, 0.5), (0.15, 30, 0.5, 0.5),
    ];

    /// <summary>Simulates the first round of a task.</summary>
    /// <param name="spec">A task.</param>
    /// <param name="records">Its first round's evaluation records, or others like them.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="SpecException">The specification cannot be paid: see <see cref="PayableSpec"/>.</exception>
    public static TaskProspect Of(
        ModelSpec spec, Dataset records, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(records);
        PayableSpec.Require(spec);
        GlobalModel start = GlobalModel.Initial(spec);
        RewardMeasure measure = RewardMeasure.Of([start], records, threads, null, cancellationToken);
        double z = measure.References.Average(delta => measure.Measure(delta).Z);
        Network network = Network.Create(spec);
        network.Load(start.Average(
            [.. measure.References.Select(delta => ModelUpdate.Forge(start, 0, delta))]).ToCheckpoint());
        double withNoise = measure.References.Average(delta => measure.Measure(delta).HasNoise ? 1.0 : 0);
        double paid = measure.Cap.IsZero ? 0 : withNoise * Normal(z - spec.Task!.Reward.Significance);
        return new TaskProspect(spec, z, paid, network.Evaluate(records).Loss);
    }

    /// <summary>Looks for a batch, a number of steps and a learning rate that serve honest owners better at the same ε.</summary>
    /// <param name="spec">A task.</param>
    /// <param name="records">Its first round's evaluation records, or others like them.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>Of those with <see cref="GoodZ"/> the one of the least loss, or that of the greatest z.</returns>
    public static TaskProspect Propose(
        ModelSpec spec, Dataset records, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        List<TaskProspect> found = [];
        foreach ((double rate, int steps, double learningRate, double momentum) in Plans)
        {
            found.Add(Of(With(spec, rate, steps, learningRate, momentum), records, threads, cancellationToken));
        }

        TaskProspect[] good = [.. found.Where(one => one.ExpectedZ >= GoodZ && double.IsFinite(one.Loss))];
        return good.Length > 0 ? good.MinBy(one => one.Loss)! : found.MaxBy(one => one.ExpectedZ)!;
    }

    /// <summary>Gets the same task with another plan and the noise that spends the ε of the first.</summary>
    private static ModelSpec With(ModelSpec spec, double rate, int steps, double learningRate, double momentum)
    {
        PrivacySection privacy = spec.Privacy!;
        TaskSection task = spec.Task!;
        ExactAccountant accountant = new();
        accountant.Compose(new GaussianEvent(
            privacy.SampleRate, privacy.NoiseMultiplier, spec.Training.Steps * task.Rounds));
        double noise = Calibration.NoiseMultiplier(
            accountant.Epsilon(privacy.Delta), privacy.Delta, rate, steps * task.Rounds);
        return spec with
        {
            Optimizer = new Sgd(learningRate, momentum),
            Training = spec.Training with
            {
                BatchSize = Math.Max(1, (int)Math.Round(rate * task.Reward.Records)),
                Steps = steps,
            },
            Privacy = privacy with { SampleRate = rate, NoiseMultiplier = Math.Ceiling(noise * 1000) / 1000 },
        };
    }

    private static double Normal(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));
}
