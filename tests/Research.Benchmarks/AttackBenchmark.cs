using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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
            || !int.TryParse(given["--records"], CultureInfo.InvariantCulture, out int records) || records < 0)
        {
            error.WriteLine(
                "expected --owners 2 to 1000, --seeds 1 to 1000, --ratio 1 to 100, --records 0 (all) or more an owner; got "
                + string.Join(' ', arguments));
            return 2;
        }

        DatasetSplit split = Datasets.Open(given["--data"]);
        Dataset train = records > 0 ? First(split.Train, records * owners) : split.Train;
        IReadOnlyList<EvaluationSet> sets = EvaluationSet.ForRounds(
            First(split.Test, MostRecords), Rounds, new byte[32]);
        ModelSpec spec = SpecFor(train, sets, train.Count / owners);
        AttackScene[] scenes = new AttackScene[seeds];
        Parallel.For(0, seeds, seed => scenes[seed] = AttackScene.Play(
            spec, Partition.Unequal(train, owners, (ulong)seed, ratio), sets, (ulong)seed));
        WriteHonest(output, scenes);
        foreach (Attack attack in Attacks.All.Where(one => one.Name.Contains(given["--only"], StringComparison.Ordinal)))
        {
            AttackResult result = AttackResult.Of(attack, scenes);
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

    // What nobody who is honest should have to fear: to go unpaid, or to be paid by luck.
    private static void WriteHonest(TextWriter output, AttackScene[] scenes)
    {
        RoundScore[] scores = [.. scenes.Select(scene => scene.Score(scene.Honest))];
        ParticipantScore[] all = [.. scores.SelectMany(score => score.Participants)];
        double mean = all.Average(one => (double)one.Points);
        double deviation = Math.Sqrt(all.Average(one => Math.Pow((double)one.Points - mean, 2)));
        long began = Stopwatch.GetTimestamp();
        scenes[0].Score(scenes[0].Honest);
        Write(output, new JsonObject
        {
            ["attack"] = "nobody",
            ["owners"] = scenes[0].Shards.Count,
            ["seeds"] = scenes.Length,
            ["expectedZ"] = Rounded(scores.Average(score => score.ExpectedZ)),
            ["paid"] = Rounded(all.Average(one => one.Points.Sign > 0 ? 1.0 : 0)),
            ["points"] = Rounded(mean),
            ["relativeDeviation"] = Rounded(deviation / mean),
            ["accuracy"] = Rounded(scores.Average(score => score.AccuracyAfter)),
            ["scoringSeconds"] = Rounded(Stopwatch.GetElapsedTime(began).TotalSeconds),
        });
    }

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
