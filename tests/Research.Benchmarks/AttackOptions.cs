using System.Globalization;
using Research.Federation.Adversaries;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Benchmarks;

/// <summary>The seeded owners that attacks are played among.</summary>
/// <param name="Owners">How many, 2 to 1,000.</param>
/// <param name="Seeds">How many scenes, 1 to 1,000.</param>
/// <param name="Ratio">Records of the first owner over those of the last, 1 to 100.</param>
/// <param name="Data">The data set's name.</param>
/// <param name="Records">Records an owner; 0 deals out all.</param>
/// <param name="WrongLabels">The part of the last owner's labels that are wrong; of the others less, the first none.</param>
/// <param name="Examples">Records that score a round, the held-out ones again and again; 0 takes each once.</param>
/// <param name="Only">What the name of an attack must hold to be played.</param>
internal sealed record AttackOptions(
    int Owners, int Seeds, double Ratio, string Data, int Records, double WrongLabels, int Examples, string Only)
{
    private const int Rounds = 3;
    private const double Epsilon = 6;
    private const double Delta = 1e-5;
    private const int MostRecords = 6000;

    private readonly Lazy<DatasetSplit> _split = new(() => Datasets.Open(Data));

    /// <summary>Gets the held-out records, of which each round takes some.</summary>
    public Dataset Test => First(_split.Value.Test, MostRecords);

    /// <summary>Reads the arguments; null where they are wrong, which is said.</summary>
    public static AttackOptions? Parse(string[] arguments, TextWriter error)
    {
        Dictionary<string, string> given = new()
        {
            ["--owners"] = "5",
            ["--seeds"] = "8",
            ["--ratio"] = "1",
            ["--data"] = "digits",
            ["--records"] = "0",
            ["--wrong-labels"] = "0",
            ["--examples"] = "0",
            ["--only"] = "",
        };
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            if (!given.ContainsKey(arguments[i]))
            {
                error.WriteLine($"expected one of {string.Join(", ", given.Keys)}; got {arguments[i]}");
                return null;
            }

            given[arguments[i]] = arguments[i + 1];
        }

        if (arguments.Length % 2 != 0
            || !int.TryParse(given["--owners"], CultureInfo.InvariantCulture, out int owners) || owners is < 2 or > 1000
            || !int.TryParse(given["--seeds"], CultureInfo.InvariantCulture, out int seeds) || seeds is < 1 or > 1000
            || !double.TryParse(given["--ratio"], CultureInfo.InvariantCulture, out double ratio)
            || ratio is not (>= 1 and <= 100)
            || !double.TryParse(given["--wrong-labels"], CultureInfo.InvariantCulture, out double wrong)
            || wrong is not (>= 0 and <= 1)
            || !int.TryParse(given["--examples"], CultureInfo.InvariantCulture, out int examples) || examples is < 0 or > 10_000
            || !int.TryParse(given["--records"], CultureInfo.InvariantCulture, out int records) || records < 0)
        {
            error.WriteLine(
                "expected --owners 2 to 1000, --seeds 1 to 1000, --ratio 1 to 100, --records 0 (all) or more an owner, "
                + "--wrong-labels 0 to 1, --examples 0 to 10000; "
                + $"got {string.Join(' ', arguments)}");
            return null;
        }

        return new AttackOptions(owners, seeds, ratio, given["--data"], records, wrong, examples, given["--only"]);
    }

    /// <summary>Plays the first round honestly, once a seed.</summary>
    public AttackScene[] Play()
    {
        Dataset train = Records > 0 ? First(_split.Value.Train, Records * Owners) : _split.Value.Train;
        IReadOnlyList<EvaluationRecords> sets = EvaluationRecords.ForRounds(
            Repeated(Test, 2 * Rounds * Examples), Rounds, Examples > 0 ? Examples : null, secret: new byte[32]);
        ModelSpec spec = SpecFor(train, sets, train.Count / Owners);
        AttackScene[] scenes = new AttackScene[Seeds];
        Parallel.For(0, Seeds, seed => scenes[seed] = AttackScene.Play(
            spec, Shards(train, (ulong)seed), sets, (ulong)seed));
        return scenes;
    }

    // Labels that are not the record's own, on the first of a shard's records; which those are is luck already.
    private static Dataset WithWrongLabels(Dataset shard, double fraction)
    {
        int[] labels = shard.Labels.ToArray();
        for (int i = 0; i < (int)Math.Round(fraction * labels.Length); i++)
        {
            labels[i] = (labels[i] + 1 + (i % (shard.Classes - 1))) % shard.Classes;
        }

        return shard.WithLabels(labels);
    }

    private Dataset[] Shards(Dataset train, ulong seed) =>
    [
        .. Partition.Unequal(train, Owners, seed, Ratio)
            .Select((shard, owner) => WithWrongLabels(shard, WrongLabels * owner / (Owners - 1))),
    ];

    private static ModelSpec SpecFor(Dataset train, IReadOnlyList<EvaluationRecords> sets, int quota)
    {
        const int Steps = 10;
        ModelSpec plan = new()
        {
            Name = "attacked",
            Model = ModelSection.PerceptronFor(train, 1),
            Optimizer = new Sgd(1),
            Training = new TrainingSection(quota, Steps),
            Privacy = new PrivacySection(
                1, 1, Calibration.NoiseMultiplier(Epsilon, Delta, 1, Steps * Rounds), Delta, Epsilon),
            Task = new TaskSection(
                Rounds,
                new RewardSection(quota),
                EvaluationRecords.SectionOf(sets),
                "CC0-1.0",
                "A benchmark on public records."),
        };
        return TaskProspect.Propose(plan, sets[0].Half, Environment.ProcessorCount).Spec;
    }

    private static Dataset Repeated(Dataset data, int count) => count == 0
        ? data
        : data.Select([.. Enumerable.Range(0, count).Select(i => i % data.Count)]);

    private static Dataset First(Dataset data, int most) =>
        data.Select([.. Enumerable.Range(0, Math.Min(data.Count, most))]);
}
