using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Cli.Commands;
using Research.Cli.Train;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _spec;
    private readonly string _ledger;
    private readonly string _out;

    public TrainCommandTests()
    {
        _spec = _folder.Write("spec.json", SmallSpec.Private);
        (_ledger, _out) = (_folder["ledger.jsonl"], _folder["out.safetensors"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_PrivateRun_ChargesThenWritesAndPrintsAccuracyAndEpsilon()
    {
        CommandLineResult result = await TrainAsync("--out", _out);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["ledger.jsonl", "ledger.jsonl.seen", "out.safetensors", "spec.json"], _folder.Files);
        LedgerEntry entry = Assert.Single(PrivacyLedger.OpenExisting(_ledger).Entries);
        Assert.Equal($"train small {ModelSpec.Load(_spec).Hash.ToString()[..16]}", entry.Purpose);
        Assert.Equal(new GaussianEvent(0.05, 1.5, 20), entry.Event);
        Assert.Matches(@"(?m)^held out    loss \d+\.\d{4}, accuracy \d+\.\d\d % of 360$", result.Output);
        Assert.Matches(
            @"(?m)^privacy     epsilon \d\.\d{4} at delta 1e-05 \(add or remove one record\), with secret noise$",
            result.Output);
        Assert.Matches(@"(?m)^training    loss .* \(local only: no noise covers it\)$", result.Output);
        Assert.Contains(
            $"ledger      charged: epsilon {Up(entry.EpsilonAfter)} of 8, ", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"{_out} (sha256 {ContentHash.Of(File.ReadAllBytes(_out))})", result.Output, StringComparison.Ordinal);
        Assert.Contains("would go from 0.0000 to ", result.Error, StringComparison.Ordinal);
        Assert.Contains("step 20/20, loss ", result.Error, StringComparison.Ordinal);
        Assert.Contains("(local only)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Json_IsOneDocumentThatAgreesWithTheFiles()
    {
        CommandLineResult result = await TrainAsync("--out", _out, "--json");

        JsonNode json = JsonNode.Parse(result.Output)!;
        Network network = Network.Create(ModelSpec.Load(_spec));
        network.Load(Checkpoint.FromSafetensors(File.ReadAllBytes(_out)));
        Evaluation heldOut = network.Evaluate(Datasets.Open("digits").Test);
        Assert.Equal(
            (heldOut.Loss, heldOut.Accuracy),
            ((double)json["heldOut"]!["loss"]!, (double)json["heldOut"]!["accuracy"]!));
        Assert.Equal((true, 1e-5, "add or remove one record"), (
            (bool)json["privacy"]!["secretNoise"]!,
            (double)json["privacy"]!["delta"]!,
            (string?)json["privacy"]!["neighbours"]));
        Assert.Equal(PrivacyLedger.OpenExisting(_ledger).Epsilon, (double)json["ledger"]!["epsilonAfter"]!);
        Assert.True((bool)json["ledger"]!["charged"]!);
        Assert.Equal(ContentHash.Of(File.ReadAllBytes(_out)).ToString(), (string?)json["checkpoint"]!["sha256"]);
        Assert.DoesNotContain("1437", result.Output, StringComparison.Ordinal); // The data set's size is not published.
    }

    [RequiresFact("node", "npm")]
    public async Task RunAsync_Onnx_IsTheModelOfTheCheckpointAndChargedOnceForBoth()
    {
        string onnx = _folder["model.onnx"];

        CommandLineResult result = await TrainAsync("--out", _out, "--onnx", onnx);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["ledger.jsonl", "ledger.jsonl.seen", "model.onnx", "out.safetensors", "spec.json"], _folder.Files);
        Assert.Single(PrivacyLedger.OpenExisting(_ledger).Entries);
        byte[] bytes = File.ReadAllBytes(onnx);
        Assert.Contains(
            $"onnx        {onnx} (sha256 {ContentHash.Of(bytes)})", result.Output, StringComparison.Ordinal);
        Network network = Network.Create(ModelSpec.Load(_spec));
        network.Load(Checkpoint.FromSafetensors(File.ReadAllBytes(_out)));
        ReadOnlySpan<float> inputs = Datasets.Open("digits").Test.Inputs.Span[..(3 * 64)];
        float[] scores = new float[30];
        network.Forward(inputs, scores);
        float bound = 1e-5f * scores.Max(MathF.Abs);
        Assert.All(
            scores.Zip(OnnxRuntime.Run(bytes, inputs, 3, 64)),
            pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
    }

    [Fact]
    public async Task RunAsync_OnnxAlone_IsChargedToo()
    {
        string onnx = _folder["model.onnx"];

        CommandLineResult result = await TrainAsync("--onnx", onnx, "--json");

        JsonNode json = JsonNode.Parse(result.Output)!;
        Assert.Null(json["checkpoint"]);
        Assert.Equal(onnx, (string?)json["onnx"]!["file"]);
        Assert.Equal(ContentHash.Of(File.ReadAllBytes(onnx)).ToString(), (string?)json["onnx"]!["sha256"]);
        Assert.True((bool)json["ledger"]!["charged"]!);
        Assert.Single(PrivacyLedger.OpenExisting(_ledger).Entries);
    }

    [Fact]
    public async Task RunAsync_PrivateCsv_LabelsItsHeldOutRecordsAsTheOwners()
    {
        string csv = _folder.Write(
            "own.csv", string.Concat(Enumerable.Range(0, 200).Select(i => $"{i % 7},{i},{i % 2}\n")));
        _folder.Write("spec.json", SmallSpec.Private
            .Replace("[64]", "[2]", StringComparison.Ordinal)
            .Replace("\"inputs\": 64", "\"inputs\": 2", StringComparison.Ordinal));
        string[] line = ["train", "--spec", _spec, "--data", $"csv:{csv}", "--ledger", _ledger, "--out", _out];

        CommandLineResult text = await CommandLine.RunAsync(line);
        CommandLineResult json = await CommandLine.RunAsync([.. line, "--json"]);

        Assert.Matches(@"(?m)^held out    loss .* \(your own records: local only\)$", text.Output);
        Assert.True((bool)JsonNode.Parse(json.Output)!["heldOut"]!["localOnly"]!);
        Assert.Equal($"csv:{csv}", PrivacyLedger.OpenExisting(_ledger).DataSet);
    }

    [Fact]
    public async Task RunAsync_WithoutOut_ChargesNothingAndSaysSo()
    {
        CommandLineResult result = await TrainAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["spec.json"], _folder.Files);
        Assert.Contains(
            "ledger      not charged, for nothing was written: with --out or --onnx it would stand at epsilon ",
            result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WithoutPrivacy_NeedsNoLedgerAndIsReproducible()
    {
        _folder.Write("spec.json", SmallSpec.Plain);
        string[] line = ["train", "--spec", _spec, "--data", "digits", "--seed", "7", "--out"];

        CommandLineResult result = await CommandLine.RunAsync([.. line, _out, "--threads", "1"]);
        await CommandLine.RunAsync([.. line, _folder["again"], "--threads", "2"]);
        await CommandLine.RunAsync(
            "train", "--spec", _spec, "--data", "digits", "--seed", "8", "--out", _folder["other"]);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("epsilon", result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("local only", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_out), File.ReadAllBytes(_folder["again"]));
        Assert.NotEqual(File.ReadAllBytes(_out), File.ReadAllBytes(_folder["other"]));
        Assert.Equal(["again", "other", "out.safetensors", "spec.json"], _folder.Files);
    }

    [Fact]
    public async Task RunAsync_InsecureNoiseSeed_IsReproducibleAndSaysLoudlyThatItIsNotPrivate()
    {
        CommandLineResult result = await TrainAsync("--out", _out, "--insecure-noise-seed", "3");
        CommandLineResult json = await TrainAsync("--out", _folder["again"], "--insecure-noise-seed", "3", "--json");
        await TrainAsync("--out", _folder["secret"]);

        Assert.Contains(
            "WARNING: --insecure-noise-seed makes this run NOT PRIVATE.", result.Error, StringComparison.Ordinal);
        Assert.Contains("privacy     NONE: the noise is not secret", result.Output, StringComparison.Ordinal);
        Assert.False((bool)JsonNode.Parse(json.Output)!["privacy"]!["secretNoise"]!);
        Assert.Equal(File.ReadAllBytes(_out), File.ReadAllBytes(_folder["again"]));
        Assert.NotEqual(Values(_out), Values(_folder["secret"]));
        Assert.StartsWith(
            "NOT PRIVATE", PrivacyLedger.OpenExisting(_ledger).Entries[0].Purpose, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Initial_StartsFromThatCheckpoint()
    {
        _folder.Write("spec.json", SmallSpec.Plain);
        string[] line = ["train", "--spec", _spec, "--data", "digits", "--out"];
        await CommandLine.RunAsync([.. line, _out]);

        await CommandLine.RunAsync([.. line, _folder["next"], "--initial", _out]);

        TrainerOptions options = new() { Initial = Checkpoint.FromSafetensors(File.ReadAllBytes(_out)) };
        TrainingRun expected = Trainer.Train(ModelSpec.Load(_spec), Datasets.Open("digits").Train, options);
        Assert.Equal(expected.Final.Values.ToArray(), Values(_folder["next"]));
    }

    [Theory]
    [InlineData("plot.svg", "<svg")]
    [InlineData("plot.html", "<!DOCTYPE html>")]
    public async Task RunAsync_PlotOfAPrivateRun_IsLabelledLocalOnly(string name, string start)
    {
        CommandLineResult result = await TrainAsync("--plot", _folder[name]);

        Assert.Contains($"plot        {_folder[name]} (local only)", result.Output, StringComparison.Ordinal);
        string plot = File.ReadAllText(_folder[name]);
        Assert.StartsWith(start, plot, StringComparison.Ordinal);
        Assert.Contains("training (local only)", plot, StringComparison.Ordinal);
        Assert.Contains("held out", plot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SecondRelease_ComposesUntilTheBudgetIsSpentAndThenRefusesBeforeTraining()
    {
        _folder.Write(
            "spec.json", SmallSpec.Private.Replace("\"steps\": 20", "\"steps\": 100", StringComparison.Ordinal));
        Assert.Equal(0, (await TrainAsync("--out", _out, "--epsilon-cap", "4")).ExitCode);
        CommandLineResult result = await TrainAsync("--out", _out);
        for (int i = 0; result.ExitCode == 0 && i < 20; i++)
        {
            result = await TrainAsync("--out", _out);
        }

        byte[] ledger = File.ReadAllBytes(_ledger);
        byte[] checkpoint = File.ReadAllBytes(_out);
        CommandLineResult again = await TrainAsync("--out", _out, "--json");

        Assert.Matches(
            @"^Data set digits: this run would raise epsilon from \d\.\d{4} to \d\.\d{4} at delta 1e-05 "
            + @"\(add or remove one record\), past the ledger's cap of 4\. Nothing was trained or charged\.\n$",
            again.Error);
        Assert.Equal((1, "", again.Error), (result.ExitCode, again.Output, result.Error));
        Assert.Equal(ledger, File.ReadAllBytes(_ledger));
        Assert.Equal(checkpoint, File.ReadAllBytes(_out));
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNoFileAndNoCharge()
    {
        _folder.Write("spec.json", SmallSpec.Private
            .Replace("\"steps\": 20", "\"steps\": 2000000", StringComparison.Ordinal)
            .Replace("\"noiseMultiplier\": 1.5", "\"noiseMultiplier\": 1500", StringComparison.Ordinal));
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(500));

        TrainOptions options = new() { Spec = _spec, Data = "digits", Out = _out, Ledger = _ledger };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TrainCommand.RunAsync(options, output, error, cancel.Token));

        Assert.Equal("", output.ToString());
        Assert.Equal(["spec.json"], _folder.Files);
    }

    [Fact]
    public async Task Process_DefaultLedger_LiesInTheUsersOwnFolder()
    {
        using Process process = CommandLine.Start(
            _folder["home"], "train", "--spec", _spec, "--data", "digits", "--out", _out, "--json");

        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Equal(0, result.ExitCode);
        string file = (string)JsonNode.Parse(result.Output)!["ledger"]!["file"]!;
        Assert.StartsWith(_folder["home"], file, StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine("research", "ledgers", "digits.jsonl"), file, StringComparison.Ordinal);
        Assert.True(PrivacyLedger.Verify(file) is { IsIntact: true, Entries.Count: 1 });
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        }
    }

    [RequiresFact("sh")]
    public async Task Process_Terminated_SaysCancelledAndLeavesNothing()
    {
        _folder.Write(
            "spec.json", SmallSpec.Plain.Replace("\"steps\": 20", "\"steps\": 20000000", StringComparison.Ordinal));
        using Process process = CommandLine.Start(
            _folder["home"], "train", "--spec", _spec, "--data", "digits", "--seed", "1", "--out", _out);
        // Well inside training, which takes minutes; to start takes a second of work.
        while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(3))
        {
            await Task.Delay(20);
            process.Refresh();
        }

        using Process kill = Process.Start("sh", ["-c", $"kill -TERM {process.Id}"]);

        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("Cancelled.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(["spec.json"], _folder.Files);
    }

    private Task<CommandLineResult> TrainAsync(params string[] more) =>
        CommandLine.RunAsync(["train", "--spec", _spec, "--data", "digits", "--ledger", _ledger, .. more]);

    private static float[] Values(string checkpoint) =>
        Checkpoint.FromSafetensors(File.ReadAllBytes(checkpoint)).Values.ToArray();

    private static string Up(double epsilon) =>
        (Math.Ceiling(epsilon * 1e4) / 1e4).ToString("0.0000", CultureInfo.InvariantCulture);
}
