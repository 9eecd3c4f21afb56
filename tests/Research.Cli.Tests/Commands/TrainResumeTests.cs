using System.Diagnostics;
using System.Globalization;
using Research.Cli.Commands;
using Research.Cli.Train;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Commands;

/// <summary>A training that was stopped goes on where it stopped, and only if nothing else has changed.</summary>
public sealed class TrainResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _spec;
    private readonly string _ledger;
    private readonly string _out;
    private readonly string _state;

    public TrainResumeTests()
    {
        _spec = _folder.Write("spec.json", SmallSpec.Plain);
        (_ledger, _out, _state) = (_folder["home"], _folder["out.safetensors"], _folder["run.state"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_StoppedAndResumed_WritesTheBytesOfAnUninterruptedRun(bool isPrivate)
    {
        string[] more = isPrivate ? ["--insecure-noise-seed", "3", "--ledger", _ledger] : ["--seed", "7"];
        _folder.Write("spec.json", isPrivate ? SmallSpec.Private : SmallSpec.Plain);
        string whole = _folder["whole"];
        Assert.Equal(0, (await TrainAsync([.. more, "--out", whole, "--threads", "1"])).ExitCode);

        string error = await StopAsync(isPrivate, after: 12);
        CommandLineResult result = await TrainAsync(
            [.. more, "--out", _out, "--state", _state, "--resume", "--threads", "2"]);

        Assert.Contains($"Stopped. {_state} holds step 12: go on with --resume.\n", error, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"Resuming after step 12 of 20 from {_state}.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(
            isPrivate, result.Error.Contains($"{_state} is sealed with your key", StringComparison.Ordinal));
        Assert.Equal(
            isPrivate,
            File.ReadAllBytes(_state).AsSpan().StartsWith("research-sealed/1"u8)); // Its weights are not charged.
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(_out));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_state));
        }
    }

    [Fact]
    public async Task RunAsync_SaveEvery_KeepsTheLastWholeState()
    {
        Assert.Equal(0, (await TrainAsync("--state", _state, "--save-every", "6")).ExitCode);

        Assert.Equal(18, TrainingState.FromSafetensors(File.ReadAllBytes(_state)).Step);
        Assert.Equal(["run.state", "spec.json"], _folder.Files);
    }

    [Fact]
    public async Task RunAsync_SecretNoise_ResumesAndChargesTheWholePlanOnce()
    {
        _folder.Write("spec.json", SmallSpec.Private);
        Assert.Equal(0, (await TrainAsync("--state", _state, "--save-every", "7", "--ledger", _ledger)).ExitCode);

        CommandLineResult result = await TrainAsync(
            "--state", _state, "--resume", "--out", _out, "--ledger", _ledger);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("with secret noise", result.Output, StringComparison.Ordinal);
        LedgerEntry entry = Assert.Single(PrivacyLedger.OpenExisting(_ledger).Entries);
        Assert.Equal(20, Assert.Single(entry.Plan).Steps);
    }

    [Fact]
    public async Task RunAsync_StateOfAnotherRun_IsRefused()
    {
        await StopAsync(isPrivate: false, after: 4);
        byte[] state = File.ReadAllBytes(_state);

        await RefusedAsync("expected seed 8, got 7.", "--seed", "8");
        _folder.Write("spec.json", SmallSpec.Plain.Replace("0.5 }", "0.6 }", StringComparison.Ordinal));
        await RefusedAsync("expected specification ", "--seed", "7");
        _folder.Write("spec.json", SmallSpec.Plain);
        string rows = string.Concat(
            Enumerable.Range(0, 60).Select(i => string.Join(',', Enumerable.Repeat($"{i}", 64)) + $",{i % 2}\n"));
        string csv = _folder.Write("a.csv", rows);
        CommandLineResult other = await CommandLine.RunAsync(
            "train", "--spec", _spec, "--data", $"csv:{csv}", "--seed", "7", "--state", _state, "--resume");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("expected number of training examples ", other.Error, StringComparison.Ordinal);
        File.WriteAllBytes(_state, state[..^5]);
        CommandLineResult cut = await TrainAsync("--seed", "7", "--state", _state, "--resume");
        Assert.Equal((1, ""), (cut.ExitCode, cut.Output));
        Assert.StartsWith($"{_state}, ", cut.Error, StringComparison.Ordinal);

        async Task RefusedAsync(string what, params string[] more)
        {
            CommandLineResult result = await TrainAsync([.. more, "--state", _state, "--resume", "--out", _out]);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.Contains(
                $"{_state} cannot be resumed here. The state to resume: {what}",
                result.Error,
                StringComparison.Ordinal);
            Assert.DoesNotContain("step ", result.Error.Split('\n')[1], StringComparison.Ordinal);
            Assert.Equal(state, File.ReadAllBytes(_state));
            Assert.False(File.Exists(_out));
        }
    }

    [Fact]
    public async Task RunAsync_LedgerOlderThanTheState_IsRefused()
    {
        _folder.Write("spec.json", SmallSpec.Private);
        string file = Path.Combine(_ledger, "ledger.jsonl");
        DataIdentity other = DataIdentity.Of([1], 1);
        PrivacyLedger ledger = PrivacyLedger.Open(_ledger, 8, 1e-5);
        ledger.Make();
        byte[] empty = File.ReadAllBytes(file);
        ledger.Charge(other, [new GaussianEvent(0.1, 1.5, 20)], "earlier");
        Assert.Equal(0, (await TrainAsync("--state", _state, "--save-every", "7", "--ledger", _ledger)).ExitCode);
        ledger.Charge(other, [new GaussianEvent(0.1, 1.5, 20)], "meanwhile");
        string[] resume = ["--state", _state, "--resume", "--ledger", _ledger];

        CommandLineResult longer = await TrainAsync(resume);
        File.WriteAllBytes(file, empty);
        File.Delete(file + ".seen"); // Else the ledger itself would notice.
        CommandLineResult older = await TrainAsync(resume);
        File.Delete(file);
        File.Delete(file + ".seen");
        CommandLineResult none = await TrainAsync(resume);

        Assert.Equal(0, longer.ExitCode);
        Assert.Equal((1, 1), (older.ExitCode, none.ExitCode));
        foreach (CommandLineResult refused in (CommandLineResult[])[older, none])
        {
            Assert.StartsWith(
                "--resume: the ledger is older than the state: ", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_OptionsThatDoNotGoTogether_AreRefused()
    {
        await StopAsync(isPrivate: false, after: 4);
        string initial = _folder.Write("initial", Network.Create(ModelSpec.Load(_spec)).ToCheckpoint().ToSafetensors());

        await RefusedAsync("--resume: expected --state FILE with it, got none.\n", 2, "--resume");
        await RefusedAsync("--save-every: expected --state FILE with it, got none.\n", 2, "--save-every", "2");
        await RefusedAsync(
            $"--state: there is a file {_state} already: add --resume to go on from it, or delete it.\n",
            1,
            "--state",
            _state);
        await RefusedAsync(
            "--initial: leave it out with --resume: the state holds the weights.\n",
            2,
            "--state",
            _state,
            "--resume",
            "--initial",
            initial);
        await RefusedAsync(
            $"--state: there is no file {_folder["none"]}.\n", 1, "--state", _folder["none"], "--resume");

        async Task RefusedAsync(string message, int exitCode, params string[] more)
        {
            CommandLineResult result = await TrainAsync(more);
            Assert.Equal((exitCode, "", message), (result.ExitCode, result.Output, result.Error));
        }
    }

    [RequiresFact("sh")]
    public async Task Process_Interrupted_WritesAStateThatGoesOn()
    {
        _folder.Write(
            "spec.json", SmallSpec.Plain.Replace("\"steps\": 20", "\"steps\": 20000000", StringComparison.Ordinal));
        using Process process = CommandLine.Start(
            _folder["home"],
            "train", "--spec", _spec, "--data", "digits", "--state", _state, "--save-every", "1000");
        while (!File.Exists(_state) && !process.HasExited)
        {
            await Task.Delay(20);
        }

        using Process kill = Process.Start("sh", ["-c", $"kill -INT {process.Id}"]);
        CommandLineResult result = await CommandLine.FinishAsync(process);

        TrainingState state = TrainingState.FromSafetensors(File.ReadAllBytes(_state));
        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith(
            $"Stopped. {_state} holds step {state.Step}: go on with --resume.\nCancelled.\n",
            result.Error,
            StringComparison.Ordinal);
        Assert.Equal(["run.state", "spec.json"], _folder.Files);
    }

    // Cancels a run of the small specification once it has made so many steps; returns what it said.
    private async Task<string> StopAsync(bool isPrivate, int after)
    {
        TrainOptions options = new()
        {
            Spec = _spec,
            Data = "digits",
            Out = _out,
            State = _state,
            Ledger = isPrivate ? _ledger : null,
            InsecureNoiseSeed = isPrivate ? 3 : null,
            Seed = isPrivate ? null : 7,
        };
        using CancellationTokenSource cancel = new();
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using CancellingWriter error = new(cancel, $"step {after}/") { NewLine = "\n" };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TrainCommand.RunAsync(options, null, output, error, cancel.Token));

        Assert.Equal("", output.ToString());
        Assert.False(File.Exists(_out));
        return error.ToString();
    }

    private Task<CommandLineResult> TrainAsync(params string[] more) =>
        CommandLine.RunAsync(["train", "--spec", _spec, "--data", "digits", .. more]);

    // Every second of the twenty steps is reported: the writer stops the run when it hears of the one asked for.
    private sealed class CancellingWriter(CancellationTokenSource cancel, string at)
        : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(at, StringComparison.Ordinal) == true)
            {
                cancel.Cancel();
            }
        }
    }
}
