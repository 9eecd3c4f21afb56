using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Federation.Adversaries;
using Research.Federation.Scoring;

namespace Research.Benchmarks;

/// <summary>Plays the attacks, and honest owners, in rounds of seeded owners.</summary>
internal static class AttackBenchmark
{
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        if (AttackOptions.Parse(arguments, error) is not { } options)
        {
            return 2;
        }

        AttackScene[] scenes = options.Play();
        WriteHonest(output, scenes);
        foreach (Attack attack in Attacks.All.Where(one => one.Name.Contains(options.Only, StringComparison.Ordinal)))
        {
            AttackResult result = AttackResult.Of(attack, scenes);
            Write(output, new JsonObject
            {
                ["attack"] = attack.Name,
                ["kind"] = attack.Kind.ToString().ToLowerInvariant(),
                ["owners"] = options.Owners,
                ["seeds"] = options.Seeds,
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

    internal static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : -1;

    internal static void Write(TextWriter output, JsonObject line) =>
        output.WriteLine(line.ToJsonString(JsonSerializerOptions.Default));
}
