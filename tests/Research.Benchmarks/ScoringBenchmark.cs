using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Federation;
using Research.Federation.Adversaries;
using Research.Federation.Scoring;
using Research.Storage;

namespace Research.Benchmarks;

/// <summary>Scores a round of many updates that lie in a store, as a scorer does: seconds, and memory at most.</summary>
internal static class ScoringBenchmark
{
    private const int Shards = 5;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        string examples = arguments is [_, _, "--examples", string asked] ? asked : "0";
        if (arguments is not (["--owners", _] or ["--owners", _, "--examples", _])
            || !int.TryParse(arguments[1], CultureInfo.InvariantCulture, out int owners) || owners is < 1 or > 65_536)
        {
            error.WriteLine(
                $"expected --owners 1 to 65536, and --examples 50 or more; got {string.Join(' ', arguments)}");
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("research-scoring-").FullName;
        try
        {
            AttackScene scene =
                AttackOptions.Parse(["--owners", $"{Shards}", "--seeds", "1", "--examples", examples], error)!.Play()[0];
            ContentHash[] stored = Store(scene, folder, owners);
            Submission[] submissions =
            [
                .. stored.Select((hash, i) => Submission.Read(i, () => ModelUpdate.Parse(
                    scene.Models[^1], 1, File.ReadAllBytes(new FolderStore(folder).PathOf(hash)), $"update {hash}"))),
            ];
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            long began = Stopwatch.GetTimestamp();
            RoundScore score = scene.Score(submissions);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            using Process self = Process.GetCurrentProcess();
            output.WriteLine(new JsonObject
            {
                ["bench"] = "scoring",
                ["owners"] = owners,
                ["parameters"] = scene.Models[0].Weights.Length,
                ["evaluationRecords"] = scene.Spec.Task!.Evaluation.Examples,
                ["trainingSteps"] = scene.Spec.Training.Steps,
                ["seconds"] = Math.Round(seconds, 3),
                ["traceMb"] = score.Trace.Bytes >> 20,
                ["steps"] = score.Trace.CountSteps().Values.Sum(),
                ["paid"] = score.Participants.Count(one => one.Points.Sign > 0),
                ["heapBeforeMb"] = before >> 20,
                ["peakRssMb"] = self.PeakWorkingSet64 >> 20,
            }.ToJsonString(JsonSerializerOptions.Default));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What owners' records say without noise, each with noise of its own.
    private static ContentHash[] Store(AttackScene scene, string folder, int owners)
    {
        FolderStore store = new(folder);
        ContentHash[] hashes = new ContentHash[owners];
        int[][] signals = [.. scene.Shards.Select((shard, i) => scene.Train(shard, $"signal {i}", noise: 0))];
        Parallel.For(0, owners, owner =>
        {
            int[] delta = scene.Noise($"owner {owner}");
            int[] signal = signals[owner % signals.Length];
            for (int i = 0; i < delta.Length; i++)
            {
                delta[i] += signal[i];
            }

            hashes[owner] = store.PutAsync(ModelUpdate.Forge(scene.Models[^1], 1, delta).Bytes).GetAwaiter().GetResult();
        });
        return hashes;
    }
}
