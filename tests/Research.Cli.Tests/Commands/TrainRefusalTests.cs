using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Commands;

/// <summary>
/// Whatever is wrong is said before the first step, and leaves ledger and files as they were, byte for byte.
/// </summary>
public sealed class TrainRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _spec;
    private readonly string _ledger;
    private readonly string _file;
    private readonly string _out;
    private readonly byte[] _ledgerBytes;

    public TrainRefusalTests()
    {
        _spec = _folder.Write("spec.json", SmallSpec.Private);
        _ledger = _folder["home"];
        _file = _folder["home/ledger.jsonl"];
        _out = _folder.Write("out.safetensors", "the checkpoint of an earlier run");
        PrivacyLedger.Open(_ledger, 8, 1e-5)
            .Charge(Datasets.Open("digits").Train.Identity, [new GaussianEvent(0.1, 1.5, 20)], "earlier");
        _ledgerBytes = File.ReadAllBytes(_file);
    }

    public void Dispose() => _folder.Dispose();

    // Such a specification stalled the accountant, and the run with it.
    [Theory]
    [InlineData("0.001")]
    [InlineData("0.000001")]
    public async Task Run_HardlyAnyNoise_IsPastTheCap(string noise)
    {
        _folder.Write(
            "spec.json",
            SmallSpec.Private.Replace("\"noiseMultiplier\": 1.5", $"\"noiseMultiplier\": {noise}", StringComparison.Ordinal)
                .Replace("\"steps\": 20", "\"steps\": 1000", StringComparison.Ordinal));

        CommandLineResult result = await CommandLine.RunAsync(
            "train", "--spec", _spec, "--data", "digits", "--ledger", _ledger, "--out", _out);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("Nothing was trained or charged.\n", result.Error, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Theory]
    [InlineData(
        "\"relu\"",
        "\"elu\"",
        "$.model.layers[1].type: expected linear, conv2d, maxPool2d, avgPool2d, globalAvgPool2d, globalMaxPool2d, relu, "
        + "tanh, sigmoid, gelu, silu, flatten, groupNorm, layerNorm, residual, embedding, selfAttention or dropout, "
        + "got \"elu\".")]
    [InlineData(
        "\"inputs\": 8",
        "\"inputs\": 9",
        "$.model.layers[2].inputs: expected 8 (the size that arrives there), got 9.")]
    [InlineData(
        "\"noiseMultiplier\": 1.5",
        "\"noiseMultiplier\": -1",
        "$.privacy.noiseMultiplier: expected a number in [1e-6, 10000], got -1.")]
    [InlineData("\"clipNorm\": 1, ", "", "$.privacy.clipNorm: expected a number, got nothing.")]
    [InlineData(
        "[64]",
        "[1, 28, 28]",
        "$.model.layers[0]: expected an input [I] or [T, I] (a flatten layer before this one makes it), "
        + "got [1, 28, 28].")]
    [InlineData(
        "\"outputs\": 10",
        "\"outputs\": 9",
        "$.model.layers[2]: expected at least 10 outputs (the classes of the data), got 9.")]
    [InlineData(
        "\"seed\": 1,",
        "\"seed\": 1, \"sede\": 1,",
        "$.model.sede: expected only input, seed, layers, features here, got an unknown field.")]
    [InlineData("{", "", "$: expected a JSON document of at most 16 levels, got an error at line 2, byte 11.")]
    public async Task RunAsync_BadSpec_NamesThePathExpectedAndActual(string good, string bad, string message)
    {
        int at = SmallSpec.Private.IndexOf(good, StringComparison.Ordinal);
        _folder.Write("spec.json", SmallSpec.Private.Remove(at, good.Length).Insert(at, bad));

        await RefusedAsync($"{_spec}, {message}");
    }

    [Fact]
    public async Task RunAsync_CsvWithText_NamesRowAndColumn()
    {
        string csv = _folder.Write("a.csv", "width,height,label\n1,2,0\n3,tall,1\n");

        await RefusedAsync(
            $"{csv}, row 3, column 2 (height): expected a finite number, got \"tall\".", "--data", $"csv:{csv}");
    }

    [Fact]
    public async Task RunAsync_CsvOfAnotherShape_NamesTheInput()
    {
        string csv = _folder.Write("a.csv", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},2,{i % 2}\n")));

        await RefusedAsync(
            $"{_spec}, $.model.input: expected [2] (the shape of the data), got [64].", "--data", $"csv:{csv}");
    }

    [Fact]
    public async Task RunAsync_CsvOfOneRow_SaysThatItIsTooShort()
    {
        string csv = _folder.Write("a.csv", "1,2,0\n");

        CommandLineResult result = await RunAsync("--data", $"csv:{csv}");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Matches(
            "^--data: expected at least one example to train on and one to measure on, "
            + "got (0 and 1|1 and 0) in csv:.*a.csv.\n$",
            result.Error);
        AssertUntouched();
    }

    [Fact]
    public async Task RunAsync_TruncatedIdx_NamesTheByte()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8, 1, 2, 3];
        string file = _folder.Write("train-images-idx3-ubyte", images);
        foreach (string other in (string[])[
            "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
        {
            _folder.Write(other, images);
        }

        await RefusedAsync(
            $"{file}, byte 19: expected 144 bytes, got 19 (the file is cut off).", "--data", $"mnist:{_folder.Path}");
    }

    [Fact]
    public async Task RunAsync_MissingIdx_SaysWhichFiles()
    {
        string plain = _folder["train-images-idx3-ubyte"];

        await RefusedAsync(
            $"Expected {plain} or {plain}.gz; neither exists.", "--data", $"fashion-mnist:{_folder.Path}");
    }

    [Fact]
    public async Task RunAsync_TruncatedCheckpoint_NamesTheByte()
    {
        byte[] good = Network.Create(ModelSpec.Load(_spec)).ToCheckpoint().ToSafetensors();
        string initial = _folder.Write("initial", good[..40]);
        CommandLineResult result = await RunAsync("--initial", initial);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Matches(
            $@"^{initial}, byte 8: expected a file of at least \d+ bytes \(its header's end\), got 40\.\n$",
            result.Error);
        AssertUntouched();
    }

    [Fact]
    public async Task RunAsync_CheckpointOfAnotherModel_SaysWhatDiffers()
    {
        ModelSpec wider = ModelSpec.Parse(System.Text.Encoding.UTF8.GetBytes(
            SmallSpec.Private.Replace("\"outputs\": 8", "\"outputs\": 16", StringComparison.Ordinal)
                .Replace("\"inputs\": 8", "\"inputs\": 16", StringComparison.Ordinal)));
        string initial = _folder.Write("initial", Network.Create(wider).ToCheckpoint().ToSafetensors());

        await RefusedAsync(
            $"{initial} does not fit {_spec}: Tensor 'layers.0.weight': expected shape [8, 64], got [16, 64].",
            "--initial",
            initial);
    }

    [Fact]
    public async Task RunAsync_CheckpointWithNaN_IsRefused()
    {
        Network network = Network.Create(ModelSpec.Load(_spec));
        network.Weights[0] = float.NaN;
        string initial = _folder.Write("initial", network.ToCheckpoint().ToSafetensors());

        await RefusedAsync(
            $"{initial}, tensor 'layers.0.weight': expected finite numbers, got NaN.", "--initial", initial);
    }

    [Fact]
    public async Task RunAsync_DamagedLedger_NamesTheLine()
    {
        byte[] damaged = [.. _ledgerBytes];
        damaged[^10] ^= 1;
        File.WriteAllBytes(_file, damaged);
        CommandLineResult result = await RunAsync();

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"{_file}, line 2: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(_file));
    }

    [Fact]
    public async Task RunAsync_LedgerOnOtherTerms_SaysWhich()
    {
        await RefusedAsync(
            $"--epsilon-cap: the ledger in {_ledger} has the cap 8 since it was made, and 9 cannot change it.", "--epsilon-cap", "9");
    }

    // The sponsor's promise, at the sponsor's δ: whatever the owner's cap is, and whatever was spent before.
    [Fact]
    public async Task RunAsync_SpecificationThatBreaksItsPromise_IsRefusedWithTheNoiseThatKeepsIt()
    {
        _folder.Write(
            "spec.json", SmallSpec.Private.Replace("\"epsilonCap\": 8", "\"epsilonCap\": 0.5", StringComparison.Ordinal));
        CommandLineResult result = await RunAsync();

        Assert.Matches(
            @"^The specification breaks its own promise: its plan costs epsilon \d\.\d{4} at its delta 1e-05 "
            + @"\(add or remove one record\), past \$\.privacy\.epsilonCap 0\.5\. "
            + @"A noise multiplier of \d\.\d+ would keep it\. Nothing was trained or charged\.\n$",
            result.Error);
        AssertUntouched();
    }

    [Fact]
    public async Task RunAsync_PastTheOwnersCap_IsRefusedWithTheNoiseThatFits()
    {
        _folder.Write("spec.json", SmallSpec.Private
            .Replace("\"epsilonCap\": 8", "\"epsilonCap\": 20000", StringComparison.Ordinal)
            .Replace("\"noiseMultiplier\": 1.5", "\"noiseMultiplier\": 0.3", StringComparison.Ordinal));
        CommandLineResult result = await RunAsync();

        System.Text.RegularExpressions.Match noise = System.Text.RegularExpressions.Regex.Match(
            result.Error,
            @"^This run would raise epsilon of the records given from \d\.\d{4} to \d+\.\d{4} at delta 1e-05 "
            + @"\(the ledger's; add or remove one record\), past their owner's cap of 8 in .*home\. "
            + @"A noise multiplier of (\d\.\d+) would fit\. Nothing was trained or charged\.\n$");
        Assert.True(noise.Success, result.Error);
        AssertUntouched();
        _folder.Write("spec.json", SmallSpec.Private.Replace(
            "\"noiseMultiplier\": 1.5", $"\"noiseMultiplier\": {noise.Groups[1].Value}", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync()).ExitCode);
        Assert.InRange(PrivacyLedger.OpenExisting(_ledger).Epsilon, 7.9, 8);
    }

    [Fact]
    public async Task RunAsync_LessNoiseThanAnySumHas_IsRefused()
    {
        _folder.Write("spec.json", SmallSpec.Private.Replace("1.5", "0.000000001", StringComparison.Ordinal));
        CommandLineResult result = await RunAsync();
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(
            "$.privacy.noiseMultiplier: expected a number in [1e-6, 10000], got 1E-09.",
            result.Error,
            StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public async Task RunAsync_LedgerGone_SaysThatAndWhereFrom()
    {
        File.Delete(_file);
        CommandLineResult result = await RunAsync();
        Assert.StartsWith(
            $"{_file}: the ledger is gone, and charge 1 was seen here", result.Error, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public async Task RunAsync_FileInTheLedgersPlace_SaysWhatALedgerIsNow() => Assert.Contains(
        "expected the folder of an owner's ledger, got a file", (await RunAsync("--ledger", _spec)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_NewLedgerThatWouldNotAcceptTheRun_IsNotMade()
    {
        Directory.Delete(_ledger, recursive: true);

        CommandLineResult small = await RunAsync("--epsilon-cap", "1e-9");
        CommandLineResult tight = await RunAsync("--epsilon-cap", "0.5");

        Assert.Equal(
            "--epsilon-cap: no release at all fits a cap of 1e-09 at delta 1e-05. Nothing was trained or charged.\n",
            small.Error);
        Assert.StartsWith(
            "This run would raise epsilon of the records given from 0.0000 to ", tight.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (small.ExitCode, tight.ExitCode));
        Assert.Equal(["out.safetensors", "spec.json"], _folder.Files);
    }

    [Fact]
    public async Task RunAsync_WrongPlaces_SaysWhichOption()
    {
        await RefusedAsync($"--out: expected a file, got the folder {_folder.Path}.", "--out", _folder.Path);
        await RefusedAsync(
            $"--out: there is no folder {_folder["no"]}; make it first.", "--out", Path.Combine(_folder["no"], "a"));
        await RefusedAsync($"--onnx: expected a file, got the folder {_folder.Path}.", "--onnx", _folder.Path);
        await RefusedAsync(
            $"--plot: there is no folder {_folder["no"]}; make it first.",
            "--plot",
            Path.Combine(_folder["no"], "a.svg"));
        await RefusedAsync($"--initial: there is no file {_folder["no"]}.", "--initial", _folder["no"]);
        await RefusedAsync($"--spec: there is no file {_folder["no"]}.", "--spec", _folder["no"]);
        await RefusedAsync($"--spec: expected a file, got the folder {_folder.Path}.", "--spec", _folder.Path);
    }

    [Fact]
    public async Task RunAsync_OneFileForTwoThings_IsWrongUsage()
    {
        CommandLineResult result = await RunAsync("--out", _spec);

        Assert.Equal(
            new CommandLineResult(2, "", $"--out: expected another file than --spec, got {_spec} for both.\n"), result);
        Assert.Equal(
            new CommandLineResult(2, "", $"--out: expected another file than --onnx, got {_out} for both.\n"),
            await RunAsync("--onnx", _out));
        AssertUntouched();
    }

    [Theory]
    [InlineData("--seed", "q", "--seed: expected a whole number from 0 to 18446744073709551615, got q.")]
    [InlineData("--threads", "0", "--threads: expected a whole number from 1 to 256, got 0.")]
    [InlineData("--epsilon-cap", "-1", "--epsilon-cap: expected a number above 0, got -1.")]
    [InlineData("--plot", "a.png", "--plot: expected a file that ends in .html or .svg, got a.png.")]
    [InlineData(
        "--data", "digit", "--data: expected digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE, got digit.")]
    [InlineData("--data", "csv:", "--data: expected digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE, got csv:.")]
    [InlineData("--out", "", "--out: expected a file, got an empty name.")]
    [InlineData("--onnx", "", "--onnx: expected a file, got an empty name.")]
    public async Task RunAsync_WrongOptions_AreWrongUsage(string option, string value, string message)
    {
        Assert.Equal(
            new CommandLineResult(2, "", $"{message}\nTry: research train --help\n"), await RunAsync(option, value));
        AssertUntouched();
    }

    [Theory]
    [InlineData("--epsilon-cap", "3")]
    [InlineData("--epsilon", "3")]
    [InlineData("--insecure-noise-seed", "3")]
    public async Task RunAsync_PrivacyOptionsWithoutPrivacy_AreWrongUsage(string option, string value)
    {
        _folder.Write("spec.json", SmallSpec.Plain);

        Assert.Equal(
            new CommandLineResult(2, "", $"{option}: leave it out, or train with privacy: {_spec} has no $.privacy.\n"),
            await CommandLine.RunAsync("train", "--spec", _spec, "--data", "digits", option, value));
        Assert.Equal(2, (await RunAsync()).ExitCode); // --ledger
        AssertUntouched();
    }

    private async Task RefusedAsync(string message, params string[] arguments)
    {
        Assert.Equal(new CommandLineResult(1, "", message + "\n"), await RunAsync([.. arguments, "--json"]));
        AssertUntouched();
    }

    // Later options replace the usual ones.
    private Task<CommandLineResult> RunAsync(params string[] arguments)
    {
        Dictionary<string, string> options = new()
        {
            ["--spec"] = _spec,
            ["--data"] = "digits",
            ["--ledger"] = _ledger,
            ["--out"] = _out,
        };
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            options[arguments[i]] = arguments[i + 1];
        }

        string[] flags = arguments.Length % 2 == 0 ? [] : [arguments[^1]];
        return CommandLine.RunAsync(
            ["train", .. options.SelectMany(option => (string[])[option.Key, option.Value]), .. flags]);
    }

    private void AssertUntouched()
    {
        Assert.Equal(_ledgerBytes, File.ReadAllBytes(_file));
        Assert.Equal("the checkpoint of an earlier run", File.ReadAllText(_out));
        Assert.DoesNotContain(_folder.Files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
