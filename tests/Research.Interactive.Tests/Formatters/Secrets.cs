using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Research.Chain.Signing;
using Research.Federation.Evaluation;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Formatters;

/// <summary>Values that hold a secret, and the texts that no output may contain because of them.</summary>
internal static class Secrets
{
    private const string Key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";

    private static readonly float[] Inputs = [0.123456f, 0.654321f];
    private static readonly int[] Labels = [0, 1];

    /// <summary>Makes a value of each kind.</summary>
    public static IEnumerable<(object Value, string[] Hidden)> All(string folder)
    {
        yield return (PrivateKeyAccount.Parse(Key), Forms(Convert.FromHexString(Key)));

        byte[] secret = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
        Dataset records = new(Inputs, Labels, [1], classes: 2);
        EvaluationRecords evaluation = EvaluationRecords.Create(records, 14, secret);
        RecordChoice choice = RecordChoice.Of(new byte[32], 1, 0, 1);
        string[] hidden =
        [
            .. Forms(secret), .. evaluation.AllKeys.ToArray().Chunk(32).SelectMany(Forms), "0.123456", "0.1234",
            "0.12347", "2023,", // As the integers that stand for them.
        ];
        yield return (evaluation, hidden);
        yield return (evaluation.Committed, hidden);
        yield return (evaluation.Sample(choice), hidden);
        yield return (evaluation.Scoring(choice), hidden);
        yield return (records, ["0.123456", "0.1234"]);
        yield return (new DatasetSplit("csv:own", records, records), ["0.123456", "0.1234"]);

        PrivacyLedger ledger = PrivacyLedger.Open(Path.Combine(folder, "home"), 5);
        LedgerEntry entry = ledger.Charge(records.Identity, [new GaussianEvent(0.1, 2, 10)], "a task");
        string[] keys = [.. Directory.GetFiles(ledger.Home, "*key*").SelectMany(Hidden)];
        Assert.NotEmpty(keys);
        yield return (ledger, [.. keys, folder]);
        yield return (entry, [.. keys, folder]);
        yield return (PrivacyLedger.Verify(ledger.Home), keys);

        ModelSpec spec = new()
        {
            Name = "private",
            Model = new ModelSection([64], Seed: 1, [new Linear(64, 10)]),
            Optimizer = new Sgd(0.5),
            Training = new TrainingSection(BatchSize: 64, Steps: 3),
            Privacy = new PrivacySection(0.05, ClipNorm: 1, NoiseMultiplier: 2, Delta: 1e-5, EpsilonCap: 8),
        };
        TrainingRun run = Trainer.Train(spec, Datasets.Open("digits").Train);
        PropertyInfo final = typeof(TrainingRun).GetProperty("Final", BindingFlags.Instance | BindingFlags.NonPublic)!;
        float[] weights = ((Checkpoint)final.GetValue(run)!).Values[..8].ToArray();
        string[] written = [.. weights.Select(weight => weight.ToString("R", CultureInfo.InvariantCulture))];
        yield return (run, written);
        yield return (run.Receipt!, []);
        yield return (new InsecureSeededRandom(987654321987, "tutorial"), ["987654321987"]);
        yield return (records.Identity, Forms(MemoryMarshal.AsBytes(records.Inputs.Span)[..8].ToArray()));
    }

    private static string[] Hidden(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        string text = System.Text.Encoding.UTF8.GetString(bytes).Trim();
        return [.. Forms(bytes), .. text.Split('"', '\n', ' ').Where(part => part.Length >= 32)];
    }

    private static string[] Forms(byte[] secret) =>
    [
        Convert.ToHexStringLower(secret), Convert.ToHexString(secret), Convert.ToBase64String(secret),
        string.Join(", ", secret.Take(8)), string.Join("", secret.Take(4).Select(b => $"<span>{b}</span>")),
    ];
}
