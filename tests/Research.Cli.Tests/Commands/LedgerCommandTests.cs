using System.Text.Json.Nodes;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;

namespace Research.Tests.Commands;

public sealed class LedgerCommandTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 1.5, 20);
    private static readonly DataIdentity Records = DataIdentity.Of([1, 2, 3], 1);

    private readonly TemporaryFolder _folder = new();
    private readonly string _home;
    private readonly string _file;

    public LedgerCommandTests() => (_home, _file) = (_folder["home"], _folder["home/ledger.jsonl"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Show_SomeCharges_PrintsTotalsATableAndAPlot()
    {
        PrivacyLedger ledger = Charge(2);
        ledger.Charge(DataIdentity.Of([9], 1), [Round], "another");

        CommandLineResult result = await CommandLine.RunAsync("ledger", "show", _home);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] lines = result.Output.Split('\n');
        Assert.Contains($"ledger    {_home}", lines);
        Assert.Contains(
            "cap       epsilon 8 at delta 1e-05 for every record (add or remove one record, or one unit)", lines);
        Assert.Contains(lines, line => line.StartsWith("records   3 at epsilon ", StringComparison.Ordinal)
            && line.EndsWith(" left", StringComparison.Ordinal) && line.Contains("(2 plans)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("          1 at epsilon ", StringComparison.Ordinal)
            && line.Contains("(1 plan); a second plan goes on from ", StringComparison.Ordinal));
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

        JsonNode shown = JsonNode.Parse((await CommandLine.RunAsync("ledger", "show", _home, "--json")).Output)!;

        Assert.Equal(
            (_home, 8.0, 1e-5), ((string?)shown["home"], (double)shown["epsilonCap"]!, (double)shown["delta"]!));
        Assert.Equal(ledger.Epsilon, (double)shown["epsilon"]!);
        Assert.Equal(8 - ledger.Epsilon, (double)shown["epsilonRemaining"]!);
        Assert.Equal((3, 2), ((int)shown["standings"]![0]!["records"]!, (int)shown["standings"]![0]!["plans"]!));
        Assert.Equal(["task 0", "task 1"], shown["entries"]!.AsArray().Select(entry => (string?)entry!["purpose"]));
        Assert.Equal(ledger.Entries[1].Epsilon, (double)shown["entries"]![1]!["epsilon"]!);
        Assert.Equal(0.1, (double)shown["entries"]![1]!["plan"]![0]!["sampleRate"]!);
    }

    [Fact]
    public async Task Show_ManyCharges_PrintsTheLastFortyAndSaysSo()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_home, 1000, 1e-5);
        for (int i = 0; i < 42; i++)
        {
            ledger.Charge(Records, [Round], $"task {i}");
        }

        string output = (await CommandLine.RunAsync("ledger", "show", _home)).Output;

        Assert.Contains("(2 earlier; --json prints all)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("task 1 ", output, StringComparison.Ordinal);
        Assert.Contains("task 41", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_PurposeFromAStranger_CannotSteerTheTerminalOrTheMarkup()
    {
        PrivacyLedger.Open(_home, 8, 1e-5).Charge(Records, [Round], "a\u001b[2J [red]b[/]");

        string output = (await CommandLine.RunAsync("ledger", "show", _home)).Output;

        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("\uFFFD[2J [red]b[/]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NoChargeYet_SaysSo()
    {
        Charge(0);

        Assert.EndsWith(
            "\nNo charge yet.\n",
            (await CommandLine.RunAsync("ledger", "show", _home)).Output,
            StringComparison.Ordinal);
        CommandLineResult json = await CommandLine.RunAsync("ledger", "show", _home, "--json");
        Assert.Empty(JsonNode.Parse(json.Output)!["entries"]!.AsArray());
    }

    [Fact]
    public async Task Verify_IntactLedger_Exits0WithItsHead()
    {
        PrivacyLedger ledger = Charge(1);

        Assert.Equal(
            new CommandLineResult(
                0,
                $"{_home}: intact, 1 charge, head {ledger.Head}; the last charge seen, 1, is in it\n",
                ""),
            await CommandLine.RunAsync("ledger", "verify", _home));
        JsonNode json = JsonNode.Parse((await CommandLine.RunAsync("ledger", "verify", _home, "--json")).Output)!;
        Assert.Equal((true, 1, ledger.Head), ((bool)json["intact"]!, (int)json["entries"]!, (string?)json["head"]));
        Assert.Equal(1, (int)json["lastSeen"]!);
    }

    [Fact]
    public async Task Verify_RestoredBackup_Exits1WithWhatWasSeenAndHowToGoOn()
    {
        Charge(1);
        byte[] backup = File.ReadAllBytes(_file);
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(_home);
        ledger.Charge(Records, [Round], "task 1");
        byte[] newest = File.ReadAllBytes(_file);
        File.WriteAllBytes(_file, backup);

        CommandLineResult text = await CommandLine.RunAsync("ledger", "verify", _home);
        CommandLineResult json = await CommandLine.RunAsync("ledger", "verify", _home, "--json");

        Assert.Equal((1, ""), (text.ExitCode, text.Output));
        Assert.StartsWith(
            $"{_home}, line 3: the ledger ends after charge 1 (head ", text.Error, StringComparison.Ordinal);
        Assert.Contains($"charge 2 was seen here (head {ledger.Head}", text.Error, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", text.Error, StringComparison.Ordinal);
        Assert.Equal((1, text.Error), (json.ExitCode, json.Error));
        Assert.False((bool)JsonNode.Parse(json.Output)!["intact"]!);

        File.Delete(_file);
        CommandLineResult gone = await CommandLine.RunAsync("ledger", "verify", _home);
        Assert.Equal((1, ""), (gone.ExitCode, gone.Output));
        Assert.StartsWith($"{_home}: the ledger is gone", gone.Error, StringComparison.Ordinal);
        Assert.StartsWith(
            $"{_file}: the ledger is gone",
            (await CommandLine.RunAsync("ledger", "show", _home)).Error,
            StringComparison.Ordinal);

        File.WriteAllBytes(_file, newest);
        JsonNode back = JsonNode.Parse((await CommandLine.RunAsync("ledger", "verify", _home, "--json")).Output)!;
        Assert.Equal((true, 2), ((bool)back["intact"]!, (int)back["entries"]!));
    }

    [Fact]
    public async Task Verify_HeadKeptElsewhere_MustBeThere()
    {
        PrivacyLedger ledger = Charge(1);
        string early = ledger.Head;
        ledger.Charge(Records, [Round], "task 1");

        Assert.Equal(0, (await CommandLine.RunAsync("ledger", "verify", _home, "--head", early)).ExitCode);
        string other = new('a', 64);
        CommandLineResult result = await CommandLine.RunAsync("ledger", "verify", _home, "--head", other);
        Assert.Equal(
            new CommandLineResult(
                1, "", $"{_home}, line 3: expected a ledger that continues {other}, and no line has that hash\n"),
            result);
    }

    [Fact]
    public async Task New_GaussianFilter_TakesWholeBatchesAndRefusesSamples()
    {
        CommandLineResult made = await CommandLine.RunAsync(
            "ledger", "new", _home, "--epsilon-cap", "3", "--filter", "gaussian");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Contains("filter    Gaussian differential privacy", made.Output, StringComparison.Ordinal);
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(_home);
        Assert.Equal((3.0, 1e-5), (ledger.EpsilonCap, ledger.Delta));
        ledger.Charge(Records, [new GaussianEvent(1, 10, 2)], "sums");
        ledger.Charge(Records, [new LaplaceEvent(4, 1)], "count");
        string shown = (await CommandLine.RunAsync("ledger", "show", _home)).Output;
        Assert.Contains("laplace, scale 4", shown, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse((await CommandLine.RunAsync("ledger", "show", _home, "--json")).Output)!;
        Assert.Equal(("gaussian", null), ((string?)json["filter"], json["order"]));
        JsonNode plan = json["entries"]![1]!["plan"]![0]!;
        Assert.Equal(("laplace", 4.0), ((string?)plan["kind"], (double)plan["scale"]!));

        string spec = _folder.Write("spec.json", SmallSpec.Private);
        CommandLineResult train = await CommandLine.RunAsync(
            "train", "--spec", spec, "--data", "digits", "--ledger", _home, "--out", _folder["out"]);
        Assert.Equal(1, train.ExitCode);
        Assert.Contains("sample rate 1", train.Error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was trained or charged.\n", train.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_LedgerThatExistsOrCapTooSmall_IsRefused()
    {
        Assert.Equal(
            new CommandLineResult(
                1, "", "--epsilon-cap: no release at all fits a cap of 1e-09 at delta 1e-05.\n"),
            await CommandLine.RunAsync("ledger", "new", _home, "--epsilon-cap", "1e-9"));
        Charge(0);
        CommandLineResult again = await CommandLine.RunAsync("ledger", "new", _home, "--epsilon-cap", "3");
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.StartsWith($"FOLDER: {_home} has a ledger already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Html_WritesOnePageForItsOwner()
    {
        PrivacyLedger ledger = Charge(2);
        string page = _folder["page.html"];

        CommandLineResult result = await CommandLine.RunAsync("ledger", "show", _home, "--html", page);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string html = File.ReadAllText(page);
        Assert.Contains("For its owner alone", html, StringComparison.Ordinal);
        Assert.Contains(ledger.Head, html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        CommandLineResult refused = await CommandLine.RunAsync("ledger", "show", _home, "--html", _folder["no/page"]);
        Assert.StartsWith("--html: there is no folder ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_ForOthers_HoldsNoPathAndNoCount()
    {
        Charge(2);
        string file = _folder["shown.json"];

        CommandLineResult printed = await CommandLine.RunAsync("ledger", "statement", _home);
        Assert.Equal(0, (await CommandLine.RunAsync("ledger", "statement", _home, "--out", file)).ExitCode);

        Assert.Equal(printed.Output, File.ReadAllText(file));
        Assert.DoesNotContain(_folder.Path, printed.Output, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(printed.Output)!;
        Assert.Equal((8.0, 2), ((double)json["epsilonCap"]!, json["releases"]!.AsArray().Count));
        Assert.InRange((double)json["epsilonAtMost"]!, 0.1, 8);
    }

    [Fact]
    public async Task Sealed_Nothing_SaysSoAndRecoverNamesWhatIsMissing()
    {
        Charge(1);
        Assert.Equal(
            new CommandLineResult(0, $"Nothing is sealed in {_home}.\n", ""),
            await CommandLine.RunAsync("ledger", "sealed", _home));
        Assert.Equal("[]\n", (await CommandLine.RunAsync("ledger", "sealed", _home, "--json")).Output);
        CommandLineResult none = await CommandLine.RunAsync(
            "ledger", "recover", "abc-model", "--ledger", _home, "--out", _folder["out"]);
        Assert.Equal((1, ""), (none.ExitCode, none.Output));
        Assert.Contains("there is no such sealed file", none.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandLine.RunAsync("ledger", "recover", "abc-model", "--ledger", _home)).ExitCode);
    }

    [Fact]
    public async Task Verify_ChangedLine_Exits1WithTheLineAndWhatIsWrong()
    {
        Charge(2);
        string changed = File.ReadAllText(_file).Replace("\"task 1\"", "\"task 9\"", StringComparison.Ordinal);
        File.WriteAllText(_file, changed);

        CommandLineResult text = await CommandLine.RunAsync("ledger", "verify", _home);
        CommandLineResult json = await CommandLine.RunAsync("ledger", "verify", _home, "--json");

        Assert.Equal((1, ""), (text.ExitCode, text.Output));
        Assert.Matches(
            "^.*home, line 3: hash: expected [0-9a-f]{64} .*, got [0-9a-f]{64}: the line was changed\n$", text.Error);
        Assert.Equal((1, text.Error), (json.ExitCode, json.Error));
        JsonNode report = JsonNode.Parse(json.Output)!;
        Assert.Equal((false, 3, 1), ((bool)report["intact"]!, (int)report["line"]!, (int)report["entries"]!));
        Assert.Equal(text.Error, $"{_home}, line 3: {(string?)report["problem"]}\n");
        Assert.Equal(changed, File.ReadAllText(_file));
        Assert.Equal(1, (await CommandLine.RunAsync("ledger", "show", _home)).ExitCode);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    public async Task ShowAndVerify_WrongPlaces_SayWhich(string verb)
    {
        CommandLineResult none = await CommandLine.RunAsync("ledger", verb, _home);
        Assert.Equal((1, ""), (none.ExitCode, none.Output));
        Assert.Contains("there is no ledger", none.Error, StringComparison.Ordinal);
        string file = _folder.Write("digits.jsonl", "hello\n");
        CommandLineResult old = await CommandLine.RunAsync("ledger", verb, file);
        Assert.Equal((1, ""), (old.ExitCode, old.Output));
        Assert.Contains("expected the folder of an owner's ledger, got a file", old.Error, StringComparison.Ordinal);
        Directory.CreateDirectory(_home);
        File.WriteAllText(_file, "hello\n");
        CommandLineResult other = await CommandLine.RunAsync("ledger", verb, _home);
        Assert.Equal((1, ""), (other.ExitCode, other.Output));
        Assert.Contains("line 1: not a ledger line: ", other.Error, StringComparison.Ordinal);
        Assert.Equal(["digits.jsonl", "home/ledger.jsonl"], _folder.Files);
    }

    private PrivacyLedger Charge(int count)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_home, 8, 1e-5);
        ledger.Make();
        for (int i = 0; i < count; i++)
        {
            ledger.Charge(Records, [Round], $"task {i}");
        }

        return ledger;
    }
}
