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
        (_ledger, _out) = (_folder["home"], _folder["out.safetensors"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_PrivateRun_ChargesThenWritesAndPrintsAccuracyAndEpsilon()
    {
        CommandLineResult result = await TrainAsync("--out", _out);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([.. Home, "out.safetensors", "spec.json"], _folder.Files);
        LedgerEntry entry = Assert.Single(PrivacyLedger.OpenExisting(_ledger).Entries);
        Assert.Equal($"train small {ModelSpec.Load(_spec).Hash.ToString()[..16]}", entry.Purpose.Text);
        Assert.Equal(new GaussianEvent(0.05, 1.5, 20), Assert.Single(entry.Plan));
        Assert.Matches(@"(?m)^held out    loss \d+\.\d{4}, accuracy \d+\.\d\d % of 360$", result.Output);
        Assert.Matches(
            @"(?m)^privacy     epsilon \d\.\d{4} at delta 1e-05 \(the ledger's; add or remove one record\), with secret noise$",
            result.Output);
        Assert.Matches(@"(?m)^training    loss .* \(local only: no noise covers it\)$", result.Output);
        Assert.Contains(
            $"ledger      charged: the records given stand at epsilon {Up(entry.Epsilon)} of 8 (entry 1 in {_ledger})",
            result.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"{_out} (sha256 {ContentHash.Of(File.ReadAllBytes(_out))})", result.Output, StringComparison.Ordinal);
        Assert.Contains("would go from 0.0000 to ", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            "will ever pass epsilon 8 at delta 1e-05, the default (--epsilon-cap names another).",
            result.Error,
            StringComparison.Ordinal);
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
        Assert.DoesNotContain(Leaves(json), value => value == "1437"); // The data set's size is not published.
    }

    [RequiresFact("node", "npm")]
    public async Task RunAsync_Onnx_IsTheModelOfTheCheckpointAndChargedOnceForBoth()
    {
        string onnx = _folder["model.onnx"];

        CommandLineResult result = await TrainAsync("--out", _out, "--onnx", onnx);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([.. Home, "model.onnx", "out.safetensors", "spec.json"], _folder.Files);
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
        Assert.DoesNotContain("own.csv", File.ReadAllText(Path.Combine(_ledger, "ledger.jsonl")), StringComparison.Ordinal);
        Assert.DoesNotContain("Looking is a release", text.Error, StringComparison.Ordinal);

        CommandLineResult look = await CommandLine.RunAsync(line[..^2]);
        Assert.Single(look.Error.Split('\n'), said => said.StartsWith("Looking is a release: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_WithoutOut_ChargesNothingAndSaysSo()
    {
        CommandLineResult result = await TrainAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["spec.json"], _folder.Files);
        Assert.Contains(
            "ledger      not charged, for nothing was written: with --out or --onnx the records given would stand at epsilon ",
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
        Assert.Equal([false, false, true], PrivacyLedger.OpenExisting(_ledger).Entries.Select(e => e.IsNoiseSecret));
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
        Assert.Equal(expected.OpenNetwork().Weights.ToArray(), Values(_folder["next"]));
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

        byte[] ledger = File.ReadAllBytes(Path.Combine(_ledger, "ledger.jsonl"));
        byte[] checkpoint = File.ReadAllBytes(_out);
        CommandLineResult again = await TrainAsync("--out", _out, "--json");

        Assert.Matches(
            @"^This run would raise epsilon of the records given from \d\.\d{4} to \d\.\d{4} at delta 1e-05 "
            + @"\(the ledger's; add or remove one record\), past their owner's cap of 4 in .*\. "
            + @"(A noise multiplier of [0-9.]+ would|No noise multiplier would) fit\. Nothing was trained or charged\.\n$",
            again.Error);
        Assert.Equal((1, "", again.Error), (result.ExitCode, again.Output, result.Error));
        Assert.Equal(ledger, File.ReadAllBytes(Path.Combine(_ledger, "ledger.jsonl")));
        Assert.Equal(checkpoint, File.ReadAllBytes(_out));
    }

    // One number: account finds the noise, train accepts it under a cap of that ε, and the ledger shows that ε.
    [Fact]
    public async Task RunAsync_NoiseOfAccountsTarget_IsAcceptedUnderThatCap()
    {
        JsonNode found = JsonNode.Parse((await CommandLine.RunAsync(
            "account", "--target-epsilon", "4", "--sample-rate", "0.05", "--steps", "300", "--json")).Output)!;
        double noise = (double)found["noiseMultiplier"]!;
        _folder.Write("spec.json", SmallSpec.Private
            .Replace("\"steps\": 20", "\"steps\": 300", StringComparison.Ordinal)
            .Replace("\"epsilonCap\": 8", "\"epsilonCap\": 4", StringComparison.Ordinal)
            .Replace(
                "\"noiseMultiplier\": 1.5",
                FormattableString.Invariant($"\"noiseMultiplier\": {noise}"),
                StringComparison.Ordinal));

        CommandLineResult result = await TrainAsync("--out", _out, "--epsilon-cap", "4", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        JsonNode json = JsonNode.Parse(result.Output)!;
        Assert.Equal((double)found["epsilon"]!, (double)json["privacy"]!["epsilon"]!);
        Assert.Equal((double)found["epsilon"]!, (double)json["ledger"]!["epsilonAfter"]!);
        Assert.Equal((double)found["epsilon"]!, PrivacyLedger.OpenExisting(_ledger).Epsilon);
        Assert.InRange((double)found["epsilon"]!, 3.99, 4);
    }

    [Fact]
    public async Task RunAsync_Epsilon_ChoosesTheNoiseForTheRecordsAsTheyAre()
    {
        CommandLineResult first = await TrainAsync("--out", _out, "--epsilon", "2", "--json");
        JsonNode one = JsonNode.Parse(first.Output)!;
        Assert.InRange((double)one["privacy"]!["epsilon"]!, 1.99, 2);
        double noise = (double)one["privacy"]!["noiseMultiplier"]!;
        Assert.Contains(
            FormattableString.Invariant($"For --epsilon 2 the noise multiplier is {noise}."),
            first.Error,
            StringComparison.Ordinal);
        JsonNode account = JsonNode.Parse((await CommandLine.RunAsync(
            "account", "--target-epsilon", "2", "--sample-rate", "0.05", "--steps", "20", "--json")).Output)!;
        Assert.Equal((double)account["noiseMultiplier"]!, noise);

        CommandLineResult second = await TrainAsync("--out", _out, "--epsilon", "2");
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Contains("charged before", second.Error, StringComparison.Ordinal);
        Assert.InRange(PrivacyLedger.OpenExisting(_ledger).Epsilon, 2, 8);

        Directory.Delete(_ledger, recursive: true);
        Assert.Equal(0, (await TrainAsync("--out", _out, "--epsilon", "100")).ExitCode); // As much as the cap allows.
        Assert.InRange(PrivacyLedger.OpenExisting(_ledger).Epsilon, 7.99, 8);
        CommandLineResult none = await TrainAsync("--out", _out, "--epsilon", "1");
        Assert.Equal(1, none.ExitCode);
        Assert.StartsWith("--epsilon: no noise multiplier keeps this run within ", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n", 8)]
    [InlineData("much\n-3\n2.5\n", 2.5)]
    public async Task RunAsync_FirstUseAtATerminal_AsksForTheOwnersCap(string answers, double cap)
    {
        using StringReader terminal = new(answers);
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);
        TrainOptions options = new() { Spec = _spec, Data = "digits", Ledger = _ledger };

        Assert.Equal(0, await TrainCommand.RunAsync(options, terminal, output, error, CancellationToken.None));

        Assert.Contains("may no record of yours ever pass", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(cap, PrivacyLedger.OpenExisting(_ledger).EpsilonCap);
        using StringReader nobody = new("");
        Assert.Equal(0, await TrainCommand.RunAsync(options, nobody, output, error, CancellationToken.None));
    }

    // The disk fills after the charge: the weights are not lost, and cost nothing more.
    [Fact]
    public async Task RunAsync_OutCannotBeWritten_SaysHowToFetchTheSealedWeights()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using FolderMakingWriter error = new(_out); // Once training has begun.
        TrainOptions options = new() { Spec = _spec, Data = "digits", Ledger = _ledger, Out = _out };

        Research.Cli.CommandException e = await Assert.ThrowsAsync<Research.Cli.CommandException>(
            () => TrainCommand.RunAsync(options, null, output, error, CancellationToken.None));

        string id = Assert.Single(PrivacyLedger.OpenExisting(_ledger).Sealed()).Id;
        Assert.Contains($"research ledger recover {id} --out FILE", e.Message, StringComparison.Ordinal);
        Assert.Contains("sealed", (await TrainAsync()).Error, StringComparison.Ordinal);
        CommandLineResult listed = await CommandLine.RunAsync("ledger", "sealed", _ledger);
        Assert.Contains($"{id}  ", listed.Output, StringComparison.Ordinal);
        CommandLineResult recovered = await CommandLine.RunAsync(
            "ledger", "recover", id, "--ledger", _ledger, "--out", _folder["found"], "--onnx", _folder["found.onnx"]);
        Assert.True(recovered.ExitCode == 0, recovered.Error);
        Assert.NotEmpty(Values(_folder["found"]));
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(_ledger);
        Assert.Single(ledger.Entries);
        Assert.Empty(ledger.Sealed());
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
            () => TrainCommand.RunAsync(options, null, output, error, cancel.Token));

        Assert.Equal("", output.ToString());
        Assert.Equal(["home/ledger.jsonl", "home/owner.key", "spec.json"], _folder.Files);
        Assert.Empty(PrivacyLedger.OpenExisting(_ledger).Entries);
    }

    [Fact]
    public async Task Process_DefaultLedger_LiesInTheUsersOwnFolder()
    {
        using Process process = CommandLine.Start(
            _folder["home"], "train", "--spec", _spec, "--data", "digits", "--out", _out, "--json");

        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Equal(0, result.ExitCode);
        string home = (string)JsonNode.Parse(result.Output)!["ledger"]!["home"]!;
        Assert.Equal(Path.Combine(_folder["home"], "research"), home);
        Assert.True(PrivacyLedger.Verify(home) is { IsIntact: true, Entries.Count: 1 });
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(home));
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

    private static string[] Home => ["home/ledger.jsonl", "home/ledger.jsonl.seen", "home/owner.key"];

    private Task<CommandLineResult> TrainAsync(params string[] more) =>
        CommandLine.RunAsync(["train", "--spec", _spec, "--data", "digits", "--ledger", _ledger, .. more]);

    private static float[] Values(string checkpoint) =>
        Checkpoint.FromSafetensors(File.ReadAllBytes(checkpoint)).Values.ToArray();

    /// <summary>The JSON's values as written: a part of a random loss is none.</summary>
    private static IEnumerable<string> Leaves(JsonNode? node) => node switch
    {
        JsonObject properties => properties.SelectMany(property => Leaves(property.Value)),
        JsonArray items => items.SelectMany(Leaves),
        _ => [node?.ToJsonString() ?? "null"],
    };

    private static string Up(double epsilon) =>
        (Math.Ceiling(epsilon * 1e4) / 1e4).ToString("0.0000", CultureInfo.InvariantCulture);

    private sealed class FolderMakingWriter(string path) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("step ", StringComparison.Ordinal) == true)
            {
                Directory.CreateDirectory(path);
            }
        }
    }
}
