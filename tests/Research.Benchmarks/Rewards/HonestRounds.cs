using System.Diagnostics;
using System.Text.Json.Nodes;
using Research.Federation;
using Research.Federation.Adversaries;
using Research.Federation.Rewards;
using Research.Federation.Scoring;

namespace Research.Benchmarks.Rewards;

/// <summary>What nobody who is honest should have to fear: to go unpaid, or to be paid by luck.</summary>
/// <remarks>
/// Each scene's round is run again by the same owners with the same records from the same model: only noise and
/// batches differ. The rule's order of owners is held to the exact Shapley value's of the same updates, and that, for a
/// ceiling, to its own in a re-run; with the noise of all re-runs averaged out the two orders are compared once more.
/// </remarks>
internal sealed class HonestRounds
{
    private const int Runs = 5;

    private readonly AttackScene[] _scenes;
    private readonly RoundScore[][] _rounds; // A run each, a scene each.
    private readonly double[][][]? _shapley; // An owner each, a run each, a scene each.
    private readonly double _seconds;

    public HonestRounds(AttackScene[] scenes)
    {
        _scenes = scenes;
        int[][][][] sent = new int[scenes.Length][][][];
        _rounds = new RoundScore[scenes.Length][];
        Parallel.For(0, scenes.Length, i =>
        {
            sent[i] = [.. Enumerable.Range(0, Runs).Select(run => Send(scenes[i], run))];
            _rounds[i] = [.. sent[i].Select(deltas => Score(scenes[i], deltas))];
        });
        long began = Stopwatch.GetTimestamp();
        Score(scenes[0], [.. scenes[0].Honest]);
        _seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        _shapley = scenes[0].Shards.Count > ShapleyValues.MostPlayers
            ? null
            : [.. scenes.Select((scene, i) => sent[i].Select(deltas => Shapley(scene, deltas)).ToArray())];
    }

    /// <summary>Writes the line of a table.</summary>
    public JsonObject ToJson()
    {
        ParticipantScore[] all = [.. _rounds.SelectMany(runs => runs).SelectMany(round => round.Participants)];
        JsonObject line = new()
        {
            ["attack"] = "nobody",
            ["owners"] = _scenes[0].Shards.Count,
            ["seeds"] = _scenes.Length,
            ["expectedZ"] = Rounded(_rounds.Average(runs => runs[0].ExpectedZ)),
            ["paid"] = Rounded(all.Average(one => one.Points.Sign > 0 ? 1.0 : 0)),
            ["points"] = Rounded(all.Average(one => (double)one.Points)),
            ["relativeDeviation"] = Rounded(_rounds.Average(RelativeDeviation)),
            ["accuracy"] = Rounded(_rounds.Average(runs => runs[0].AccuracyAfter)),
            ["scoringSeconds"] = Rounded(_seconds),
        };
        if (_shapley is not null)
        {
            line["kendall"] = Mean(i => (Points(_rounds[i][0]), _shapley[i][0]));
            line["kendallOfSignals"] = Mean(i => (Signals(_rounds[i][0]), _shapley[i][0]));
            line["kendallOfMeans"] = Mean(i => (Mean(_rounds[i].Select(Signals)), Mean(_shapley[i])));
            line["shapleyAgain"] = Mean(i => (_shapley[i][1], _shapley[i][0]));
            line["signalsAgain"] = Mean(i => (Signals(_rounds[i][1]), Signals(_rounds[i][0])));
            line["shapleyInOrder"] = Mean(i => (_shapley[i][0], Falling(i)));
            line["signalsInOrder"] = Mean(i => (Signals(_rounds[i][0]), Falling(i)));
        }

        return line;
    }

    private static RoundScore Score(AttackScene scene, int[][] deltas)
    {
        RoundScore score = scene.Score(deltas);
        score.Trace.Dispose();
        return score;
    }

    private static int[][] Send(AttackScene scene, int run) => run == 0
        ? [.. scene.Honest]
        : [.. scene.Shards.Select((shard, owner) => scene.Train(shard, $"run {run}, owner {owner}"))];

    private static double[] Shapley(AttackScene scene, int[][] deltas) => ShapleyValues.Of(
        scene.Models[^1],
        [.. deltas.Select(delta => ModelUpdate.Forge(scene.Models[^1], 1, delta))],
        scene.Fresh,
        threads: Environment.ProcessorCount);

    // An owner's pay is its part of all points; its deviation over runs, over its mean; the mean over owners.
    private static double RelativeDeviation(RoundScore[] runs)
    {
        double[][] pay = [.. runs.Select(Points)
            .Select(points => Array.ConvertAll(points, one => one / Math.Max(1, points.Sum())))]; // Or nobody is paid.
        return Enumerable.Range(0, pay[0].Length)
            .Select(owner => RelativeDeviation([.. pay.Select(run => run[owner])]))
            .Where(double.IsFinite) // Of who is never paid there is none.
            .DefaultIfEmpty(double.NaN)
            .Average();
    }

    private static double RelativeDeviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(one => Math.Pow(one - mean, 2)) / (values.Length - 1)) / mean;
    }

    private static double[] Points(RoundScore round) => [.. round.Participants.Select(one => (double)one.Points)];

    private static double[] Signals(RoundScore round) => [.. round.Participants.Select(one => one.Share)];

    private static double[] Mean(IEnumerable<double[]> runs) =>
        [.. Enumerable.Range(0, runs.First().Length).Select(owner => runs.Average(run => run[owner]))];

    // The shards as they were cut: the largest, or the one with the fewest wrong labels, first.
    private double[] Falling(int scene) =>
        [.. Enumerable.Range(0, _scenes[scene].Shards.Count).Select(owner => -(double)owner)];

    private double Mean(Func<int, (double[] X, double[] Y)> pair) => Rounded(Enumerable.Range(0, _scenes.Length)
        .Select(pair)
        .Select(one => KendallTau.Of(one.X, one.Y))
        .Where(double.IsFinite)
        .DefaultIfEmpty(double.NaN)
        .Average());

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : -1;
}
