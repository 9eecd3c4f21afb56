using System.Text.Json.Nodes;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Commands;

public sealed class LedgerCommandTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 1.5, 20);

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public LedgerCommandTests() => _file = _folder["digits.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Show_SomeCharges_PrintsTotalsATableAndAPlot()
    {
        PrivacyLedger ledger = Charge(2);

        CommandLineResult result = await CommandLine.RunAsync("ledger", "show", _file);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] lines = result.Output.Split('\n');
        Assert.Contains("data set  digits", lines);
        Assert.Contains(lines, line => line.StartsWith("spent     epsilon ", StringComparison.Ordinal)
            && line.EndsWith(" of 8 at delta 1e-05 (add or remove one record)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("left      epsilon ", StringComparison.Ordinal));
        Assert.Contains(
            lines,
            line => line.Contains("│ task 1", StringComparison.Ordinal)
                && line.Contains("0.1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("#2", StringComparison.Ordinal) && line.Contains('█'));
        Assert.Contains(lines, line => line.EndsWith("8  cap", StringComparison.Ordinal));
        Assert.Contains($"head      {ledger.Head}", lines);
    }

    [Fact]
    public async Task Show_Json_HoldsTheWholeLedger()
    {
        PrivacyLedger ledger = Charge(2);

        JsonNode shown = JsonNode.Parse((await CommandLine.RunAsync("ledger", "show", _file, "--json")).Output)!;

        Assert.Equal(
            ("digits", 8.0, 1e-5), ((string?)shown["dataSet"], (double)shown["epsilonCap"]!, (double)shown["delta"]!));
        Assert.Equal(ledger.Epsilon, (double)shown["epsilon"]!);
        Assert.Equal(8 - ledger.Epsilon, (double)shown["epsilonRemaining"]!);
        Assert.Equal(ledger.FixedPlanEpsilon, (double)shown["fixedPlanEpsilon"]!);
        Assert.Equal(ledger.FixedPlanEpsilon, (double)shown["entries"]![1]!["fixedPlanEpsilonAfter"]!);
        Assert.Equal(ledger.RoomFor(Round), (int)shown["roomForLastPlan"]!);
        Assert.Equal(["task 0", "task 1"], shown["entries"]!.AsArray().Select(entry => (string?)entry!["purpose"]));
        Assert.Equal(ledger.Entries[1].EpsilonAfter, (double)shown["entries"]![1]!["epsilonAfter"]!);
    }

    [Fact]
    public async Task Show_ManyCharges_PrintsTheLastFortyAndSaysSo()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_file, "digits", 1000, 1e-5);
        for (int i = 0; i < 42; i++)
        {
            ledger.Charge(Round, $"task {i}");
        }

        string output = (await CommandLine.RunAsync("ledger", "show", _file)).Output;

        Assert.Contains("(2 earlier; --json prints all)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("task 1 ", output, StringComparison.Ordinal);
        Assert.Contains("task 41", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_PurposeFromAStranger_CannotSteerTheTerminalOrTheMarkup()
    {
        PrivacyLedger.Open(_file, "digits", 8, 1e-5).Charge(Round, "a\u001b[2J [red]b[/]");

        string output = (await CommandLine.RunAsync("ledger", "show", _file)).Output;

        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("\uFFFD[2J [red]b[/]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NoChargeYet_SaysSo()
    {
        Charge(0);

        Assert.EndsWith(
            "\nNo charge yet.\n",
            (await CommandLine.RunAsync("ledger", "show", _file)).Output,
            StringComparison.Ordinal);
        CommandLineResult json = await CommandLine.RunAsync("ledger", "show", _file, "--json");
        Assert.Empty(JsonNode.Parse(json.Output)!["entries"]!.AsArray());
    }

    [Fact]
    public async Task Verify_IntactLedger_Exits0WithItsHead()
    {
        PrivacyLedger ledger = Charge(1);

        Assert.Equal(
            new CommandLineResult(
                0,
                $"{_file}: intact, 1 charge, head {ledger.Head}; it continues the copy kept beside it (charge 1)\n",
                ""),
            await CommandLine.RunAsync("ledger", "verify", _file));
        JsonNode json = JsonNode.Parse((await CommandLine.RunAsync("ledger", "verify", _file, "--json")).Output)!;
        Assert.Equal((true, 1, ledger.Head), ((bool)json["intact"]!, (int)json["entries"]!, (string?)json["head"]));
    }

    [Fact]
    public async Task Verify_RestoredBackup_Exits1WithWhatWasSeenAndHowToGoOn()
    {
        Charge(1);
        byte[] backup = File.ReadAllBytes(_file);
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(_file);
        ledger.Charge(Round, "task 1");
        File.WriteAllBytes(_file, backup);

        CommandLineResult text = await CommandLine.RunAsync("ledger", "verify", _file);
        CommandLineResult json = await CommandLine.RunAsync("ledger", "verify", _file, "--json");

        Assert.Equal((1, ""), (text.ExitCode, text.Output));
        Assert.StartsWith(
            $"{_file}, line 3: the ledger ends after charge 1 (head ", text.Error, StringComparison.Ordinal);
        Assert.Contains($"charge 2 was seen here (head {ledger.Head}", text.Error, StringComparison.Ordinal);
        Assert.Contains($"copy {_file}.seen over {_file}", text.Error, StringComparison.Ordinal);
        Assert.Equal((1, text.Error), (json.ExitCode, json.Error));
        Assert.False((bool)JsonNode.Parse(json.Output)!["intact"]!);
        Assert.Equal(new CommandLineResult(1, "", text.Error), await CommandLine.RunAsync("ledger", "show", _file));

        File.Delete(_file);
        CommandLineResult gone = await CommandLine.RunAsync("ledger", "verify", _file);
        Assert.Equal((1, ""), (gone.ExitCode, gone.Output));
        Assert.Contains("the ledger is missing or empty", gone.Error, StringComparison.Ordinal);

        File.Copy(_file + ".seen", _file);
        JsonNode back = JsonNode.Parse((await CommandLine.RunAsync("ledger", "verify", _file, "--json")).Output)!;
        Assert.Equal((true, 2), ((bool)back["intact"]!, (int)back["entries"]!));
        Assert.Equal((2, ledger.Head), ((int)back["lastSeen"]!["sequence"]!, (string?)back["lastSeen"]!["hash"]));
    }

    [Fact]
    public async Task Verify_HeadKeptElsewhere_MustBeThere()
    {
        PrivacyLedger ledger = Charge(1);
        string early = ledger.Head;
        ledger.Charge(Round, "task 1");

        Assert.Equal(0, (await CommandLine.RunAsync("ledger", "verify", _file, "--head", early)).ExitCode);
        string other = new('a', 64);
        CommandLineResult result = await CommandLine.RunAsync("ledger", "verify", _file, "--head", other);
        Assert.Equal(
            new CommandLineResult(
                1, "", $"{_file}, line 3: expected a ledger that continues {other}, and no line has that hash\n"),
            result);
    }

    [Fact]
    public async Task New_GaussianFilter_TakesWholeBatchesAndRefusesSamples()
    {
        CommandLineResult made = await CommandLine.RunAsync(
            "ledger", "new", _file, "--data", "digits", "--epsilon-cap", "3", "--filter", "gaussian");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Contains("filter    Gaussian differential privacy", made.Output, StringComparison.Ordinal);
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(_file);
        Assert.Equal(("digits", 3.0, 1e-5), (ledger.DataSet, ledger.EpsilonCap, ledger.Delta));
        ledger.Charge(new GaussianEvent(1, 10, 2), "sums");
        ledger.Charge(new LaplaceEvent(4, 1), "count");
        string shown = (await CommandLine.RunAsync("ledger", "show", _file)).Output;
        Assert.Contains("laplace, scale 4", shown, StringComparison.Ordinal);
        Assert.Contains(
            $"{ledger.RoomFor(new LaplaceEvent(4, 1))} more of the last plan (laplace, scale 4, 1 step)",
            shown,
            StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse((await CommandLine.RunAsync("ledger", "show", _file, "--json")).Output)!;
        Assert.Equal(("gaussian", null), ((string?)json["filter"], json["order"]));
        Assert.Equal(("laplace", 4.0), ((string?)json["entries"]![1]!["kind"], (double)json["entries"]![1]!["scale"]!));

        string spec = _folder.Write("spec.json", SmallSpec.Private);
        CommandLineResult train = await CommandLine.RunAsync(
            "train", "--spec", spec, "--data", "digits", "--ledger", _file, "--out", _folder["out"]);
        Assert.Equal(1, train.ExitCode);
        Assert.Contains("sample rate 1", train.Error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was trained or charged.\n", train.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_FileThatExistsOrCapTooSmall_IsRefused()
    {
        string[] small = ["ledger", "new", _file, "--data", "digits", "--epsilon-cap", "1e-9"];
        Assert.Equal(
            new CommandLineResult(
                1, "", "--epsilon-cap: no release at all fits a cap of 1e-09 at delta 1e-05.\n"),
            await CommandLine.RunAsync(small));
        Charge(0);
        CommandLineResult again = await CommandLine.RunAsync(
            "ledger", "new", _file, "--data", "digits", "--epsilon-cap", "3");
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.StartsWith($"FILE: {_file} exists already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Html_WritesOnePageBeside()
    {
        PrivacyLedger ledger = Charge(2);
        string page = _folder["page.html"];

        CommandLineResult result = await CommandLine.RunAsync("ledger", "show", _file, "--html", page);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("spent     epsilon ", result.Output, StringComparison.Ordinal);
        string html = File.ReadAllText(page);
        Assert.Contains("Privacy ledger of digits", html, StringComparison.Ordinal);
        Assert.Contains(ledger.Head, html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        CommandLineResult refused = await CommandLine.RunAsync("ledger", "show", _file, "--html", _folder["no/page"]);
        Assert.StartsWith("--html: there is no folder ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ChangedLine_Exits1WithTheLineAndWhatIsWrong()
    {
        Charge(2);
        string changed = File.ReadAllText(_file).Replace("\"task 1\"", "\"task 9\"", StringComparison.Ordinal);
        File.WriteAllText(_file, changed);

        CommandLineResult text = await CommandLine.RunAsync("ledger", "verify", _file);
        CommandLineResult json = await CommandLine.RunAsync("ledger", "verify", _file, "--json");

        Assert.Equal((1, ""), (text.ExitCode, text.Output));
        Assert.Matches(
            "^.*digits.jsonl, line 3: hash: expected [0-9a-f]{64} .*, got [0-9a-f]{64}: the line was changed; "
            + "[^ ]*digits.jsonl.seen holds the ledger as last seen\n$",
            text.Error);
        Assert.Equal((1, text.Error), (json.ExitCode, json.Error));
        JsonNode report = JsonNode.Parse(json.Output)!;
        Assert.Equal((false, 3, 1), ((bool)report["intact"]!, (int)report["line"]!, (int)report["entries"]!));
        Assert.Equal(text.Error, $"{_file}, line 3: {(string?)report["problem"]}\n");
        Assert.Equal(changed, File.ReadAllText(_file));
        Assert.Equal(new CommandLineResult(1, "", text.Error), await CommandLine.RunAsync("ledger", "show", _file));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    public async Task ShowAndVerify_WrongFiles_SayWhich(string verb)
    {
        Assert.Equal(
            new CommandLineResult(1, "", $"FILE: there is no file {_file}.\n"),
            await CommandLine.RunAsync("ledger", verb, _file, "--json"));
        Assert.Equal(
            new CommandLineResult(1, "", $"FILE: expected a file, got the folder {_folder.Path}.\n"),
            await CommandLine.RunAsync("ledger", verb, _folder.Path));
        _folder.Write("digits.jsonl", "hello\n");
        CommandLineResult other = await CommandLine.RunAsync("ledger", verb, _file);
        Assert.Equal((1, ""), (other.ExitCode, other.Output));
        Assert.StartsWith($"{_file}, line 1: not a ledger line: ", other.Error, StringComparison.Ordinal);
        Assert.Equal(["digits.jsonl"], _folder.Files);
    }

    private PrivacyLedger Charge(int count)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_file, "digits", 8, 1e-5);
        for (int i = 0; i < count; i++)
        {
            ledger.Charge(Round, $"task {i}");
        }

        return ledger;
    }
}
