using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Benchmarks.Rewards;
using Research.Federation.Adversaries;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Benchmarks;

/// <summary>Plays the attacks, and honest owners, in rounds of seeded owners.</summary>
internal static class AttackBenchmark
{
    private const int Rounds = 3;
    private const double Epsilon = 6;
    private const double Delta = 1e-5;
    private const int MostRecords = 3000;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        Dictionary<string, string> given = new()
        {
            ["--owners"] = "5",
            ["--seeds"] = "8",
            ["--ratio"] = "1",
            ["--data"] = "digits",
            ["--records"] = "0",
            ["--wrong-labels"] = "0",
            ["--rule"] = "ref",
            ["--only"] = "",
        };
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            if (!given.ContainsKey(arguments[i]))
            {
                error.WriteLine($"expected one of {string.Join(", ", given.Keys)}; got {arguments[i]}");
                return 2;
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
            || RuleOf(given["--rule"]) is not { } rule
            || !int.TryParse(given["--records"], CultureInfo.InvariantCulture, out int records) || records < 0)
        {
            error.WriteLine(
                "expected --owners 2 to 1000, --seeds 1 to 1000, --ratio 1 to 100, --records 0 (all) or more an owner, "
                + "--wrong-labels 0 to 1, --rule ref, as or ref-shortened; got " + string.Join(' ', arguments));
            return 2;
        }

        DatasetSplit split = Datasets.Open(given["--data"]);
        Dataset train = records > 0 ? First(split.Train, records * owners) : split.Train;
        IReadOnlyList<EvaluationSet> sets = EvaluationSet.ForRounds(
            First(split.Test, MostRecords), Rounds, new byte[32]);
        ModelSpec spec = SpecFor(train, sets, train.Count / owners);
        AttackScene[] scenes = new AttackScene[seeds];
        Parallel.For(0, seeds, seed => scenes[seed] = AttackScene.Play(
            spec, Shards(train, owners, (ulong)seed, ratio, wrong), sets, (ulong)seed));
        Write(output, new HonestRounds(scenes, rule).ToJson());
        foreach (Attack attack in Attacks.All.Where(one => one.Name.Contains(given["--only"], StringComparison.Ordinal)))
        {
            AttackResult result = AttackResult.Of(attack, scenes, rule);
            Write(output, new JsonObject
            {
                ["attack"] = attack.Name,
                ["kind"] = attack.Kind.ToString().ToLowerInvariant(),
                ["owners"] = owners,
                ["seeds"] = seeds,
                ["share"] = Rounded(result.Share),
                ["honestShare"] = Rounded(result.HonestShare),
                ["ratio"] = Rounded(result.Ratio),
                ["ratioHigh"] = Rounded(result.RatioHigh),
                ["accuracy"] = Rounded(result.Accuracy),
            });
        }

        return 0;
    }

    private static RoundRule? RuleOf(string name) => name switch
    {
        "ref" => RuledRound.ByRoundScorer,
        "as" => AumannShapleyRule.Pay,
        "ref-shortened" => ShortenedRule.Pay,
        _ => null,
    };

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

    private static Dataset[] Shards(Dataset train, int owners, ulong seed, double ratio, double wrong) =>
        [.. Partition.Unequal(train, owners, seed, ratio)
            .Select((shard, owner) => WithWrongLabels(shard, wrong * owner / (owners - 1)))];

    private static ModelSpec SpecFor(Dataset train, IReadOnlyList<EvaluationSet> sets, int quota)
    {
        const int Steps = 10;
        int inputs = train.Shape.Aggregate(1, (product, size) => product * size);
        List<Layer> layers =
            [new Linear(inputs, inputs > 256 ? 64 : 32), new ReLU(), new Linear(inputs > 256 ? 64 : 32, train.Classes)];
        if (train.Shape.Count > 1)
        {
            layers.Insert(0, new Flatten());
        }

        ModelSpec plan = new()
        {
            Name = "attacked",
            Model = new ModelSection(train.Shape, 1, layers),
            Optimizer = new Sgd(1),
            Training = new TrainingSection(quota, Steps),
            Privacy = new PrivacySection(
                1, 1, Calibration.NoiseMultiplier(Epsilon, Delta, 1, Steps * Rounds), Delta, Epsilon),
            Task = new TaskSection(
                Rounds,
                new RewardSection(quota),
                new EvaluationSection([.. sets.Select(set => set.Hash)], sets.Min(set => set.Records.Count)),
                "CC0-1.0",
                "A benchmark on public records."),
        };
        return TaskProspect.Propose(plan, sets[0].Records, Environment.ProcessorCount).Spec;
    }

    private static Dataset First(Dataset data, int most) =>
        data.Select([.. Enumerable.Range(0, Math.Min(data.Count, most))]);

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : -1;

    private static void Write(TextWriter output, JsonObject line) =>
        output.WriteLine(line.ToJsonString(JsonSerializerOptions.Default));
}
