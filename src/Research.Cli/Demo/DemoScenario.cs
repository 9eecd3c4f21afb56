using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Cli.Demo;

/// <summary>
/// The demo's task before any chain: who owns which records, and the specification that they train by.
/// </summary>
internal sealed class DemoScenario
{
    private const double Delta = 1e-5;
    private const double EpsilonCap = 6;
    private const int MostEvaluationRecords = 1000;

    private DemoScenario(
        DatasetSplit split, IReadOnlyList<EvaluationRecords> evaluations, ModelSpec spec, IReadOnlyList<DemoOwner> owners)
    {
        Split = split;
        Evaluations = evaluations;
        Spec = spec;
        Owners = owners;
    }

    public DatasetSplit Split { get; }

    /// <summary>Gets each round's records, of which half are opened before anybody commits, the others when all revealed.</summary>
    public IReadOnlyList<EvaluationRecords> Evaluations { get; }

    public ModelSpec Spec { get; }

    public IReadOnlyList<DemoOwner> Owners { get; }

    /// <summary>
    /// Opens the data, cuts it into shards and writes the specification; everything follows from the seed.
    /// </summary>
    public static DemoScenario Create(DemoOptions options)
    {
        DatasetSplit split = Datasets.Open(options.Dataset);
        int least = 20 * options.Participants;
        if (split.Train.Count < least)
        {
            throw new DataFormatException(
                options.Dataset,
                "training records",
                $"at least {least} for {options.Participants} participants",
                $"{split.Train.Count}");
        }

        byte[] salt = new byte[32];
        new InsecureSeededRandom(options.Seed, "evaluation salt").Fill(salt);
        int needed = 2 * PayableSpec.LeastExamples * options.Rounds;
        if (split.Test.Count < needed)
        {
            throw new DataFormatException(
                options.Dataset,
                "held-out records",
                $"at least {needed}, {2 * PayableSpec.LeastExamples} for each of {options.Rounds} rounds (--rounds), of which "
                + "half score",
                $"{split.Test.Count}");
        }

        IReadOnlyList<EvaluationRecords> evaluations = EvaluationRecords.ForRounds(
            split.Test,
            options.Rounds,
            Math.Min(split.Test.Count / 2 / options.Rounds, MostEvaluationRecords),
            secret: salt);
        ModelSpec spec = TaskProspect.Propose(
            SpecFor(split, evaluations, options), evaluations[0].Half, Environment.ProcessorCount).Spec;
        return new DemoScenario(split, evaluations, spec, Cut(split.Train, options));
    }

    /// <summary>
    /// Gets the same model's specification for one machine that holds all records and needs no privacy.
    /// </summary>
    public ModelSpec CentralSpec()
    {
        int batch = Math.Min(64, Split.Train.Count);
        int steps = Math.Clamp(30 * Split.Train.Count / batch, 100, 6000);

        // The curvature of a layer's loss is bounded by the mean squared length of what it reads.
        double squaredLength = 0;
        foreach (float value in Split.Train.Inputs.Span)
        {
            squaredLength += (double)value * value;
        }

        double rate = Math.Round(Split.Train.Count / Math.Max(squaredLength, 1e-9), 4);
        return Spec with
        {
            Name = Spec.Name + "-central",
            Optimizer = new Sgd(Math.Clamp(rate, 0.0001, 1), 0.9),
            Training = new TrainingSection(batch, steps),
            Privacy = null,
            Task = null,
        };
    }

    private static DemoOwner[] Cut(Dataset records, DemoOptions options)
    {
        Dataset[] shards = Partition.Unequal(records, options.Participants, options.Seed);
        return [.. shards.Select((shard, i) =>
        {
            DemoRole role = (shards.Length - i) switch
            {
                1 when shards.Length >= DemoOptions.FewestWithDishonest => DemoRole.Copies,
                2 when shards.Length >= DemoOptions.FewestWithDishonest => DemoRole.ShuffledLabels,
                _ => DemoRole.Honest,
            };
            Dataset own = role == DemoRole.ShuffledLabels ? Partition.WithShuffledLabels(shard, options.Seed) : shard;
            return new DemoOwner($"owner{i + 1}", role, own);
        })];
    }

    // A plan to begin with; what is trained is what serves honest owners best at its ε.
    private static ModelSpec SpecFor(
        DatasetSplit split, IReadOnlyList<EvaluationRecords> evaluations, DemoOptions options)
    {
        double shard = (double)split.Train.Count / options.Participants;
        int batch = (int)Math.Clamp(Math.Round(0.15 * shard), 4, 256);
        double sampleRate = Math.Round(batch / shard, 4);
        int steps = (int)Math.Clamp(shard / 100, 30, 120);
        double noise = Calibration.NoiseMultiplier(EpsilonCap, Delta, sampleRate, steps * options.Rounds);
        return new ModelSpec
        {
            Name = $"{options.Dataset.Split(':')[0]}-mlp",
            Model = ModelSection.PerceptronFor(split.Train, (long)(options.Seed % (1UL << 53))),
            Optimizer = new Sgd(0.5, 0.5),
            Training = new TrainingSection(batch, steps),
            Privacy = new PrivacySection(sampleRate, 1.0, Math.Ceiling(noise * 1000) / 1000, Delta, EpsilonCap),
            Task = new TaskSection(
                options.Rounds,
                new RewardSection(Records: Math.Max(1, split.Train.Count / options.Participants)),
                EvaluationRecords.SectionOf(evaluations),
                "CC-BY-4.0",
                "I train on records that I may use, "
                + "and release only updates with the noise that this specification fixes."),
        };
    }
}
