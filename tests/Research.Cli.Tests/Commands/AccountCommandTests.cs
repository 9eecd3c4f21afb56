using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Tests.Tools;

namespace Research.Tests.Commands;

public sealed class AccountCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Oracle: tests/Fixtures/privacy.json, the true ε by quadrature.
    [Fact]
    public async Task Plans_PublishedReferences_AreBoundedFromAboveAndTight()
    {
        string fixture = File.ReadAllText(Path.Combine(ExternalTool.RepositoryRoot, "tests/Fixtures/privacy.json"));
        JsonArray references = JsonNode.Parse(fixture)!["a_poisson_subsampled_gaussian"]!.AsArray();
        JsonNode[] plans = [.. references.Select(r => new JsonObject
        {
            ["q"] = r!["q"]!.DeepClone(),
            ["sigma"] = r["sigma"]!.DeepClone(),
            ["steps"] = r["steps"]!.DeepClone(),
            ["delta"] = r["delta"]!.DeepClone(),
        })];
        string file = _folder.Write("plans.json", new JsonArray(plans).ToJsonString());

        CommandLineResult result = await CommandLine.RunAsync("account", "--plans", file);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonArray answers = JsonNode.Parse(result.Output)!.AsArray();
        Assert.Equal(references.Count, answers.Count);
        for (int i = 0; i < answers.Count; i++)
        {
            Assert.Equal(["epsilon", "milliseconds"], answers[i]!.AsObject().Select(field => field.Key));
            double truth = (double)references[i]!["eps_ref"]!;
            double tolerance = (double)references[i]!["eps_ref_abs_tol"]!;
            Assert.InRange(
                (double)answers[i]!["epsilon"]!,
                truth - tolerance,
                truth + tolerance + (1e-6 * Math.Max(1, truth)));
        }
    }

    // ε is 0.0073594042… by quadrature to 50 digits; 0.00707608 was printed.
    [Fact]
    public async Task Run_RareJumpsAtTinyDelta_IsNotBelowTheTruth()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "account", "--sample-rate", "3.1684e-5", "--noise-multiplier", "2.6494", "--steps", "6205",
            "--delta", "9.515e-18", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.InRange((double)JsonNode.Parse(result.Output)!["epsilon"]!, 0.0073594042355, 0.00737);
    }

    // They took minutes. By the hits alone ε is about 25 · 1/2σ², and no less than that of one.
    [Fact]
    public async Task Run_HardlyAnyNoise_IsAnswered()
    {
        string[] plan = ["account", "--sample-rate", "0.01", "--noise-multiplier", "0.001", "--steps", "1000"];

        CommandLineResult result = await CommandLine.RunAsync([.. plan, "--json"]);
        CommandLineResult comparison = await CommandLine.RunAsync([.. plan, "--compare"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.InRange((double)JsonNode.Parse(result.Output)!["epsilon"]!, 5e5, 2e7);
        Assert.Equal((0, ""), (comparison.ExitCode, comparison.Error));
    }

    [RequiresTheory("sh")]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Process_SignalledWhileItComputes_EndsWithoutAStackTrace(string signal, int killed)
    {
        string plan = "{\"q\": 0.01, \"sigma\": 0.001, \"steps\": 1000, \"delta\": 1e-5}";
        string file = _folder.Write("plans.json", $"[{string.Join(',', Enumerable.Repeat(plan, 10_000))}]");
        using Process process = CommandLine.Start(_folder["home"], "account", "--plans", file);
        while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(1))
        {
            await Task.Delay(50); // Until it computes; a signal that comes earlier ends it too.
        }

        using Process kill = Process.Start("sh", ["-c", $"kill -{signal} {process.Id}"]);
        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Contains(result.ExitCode, (int[])[1, killed]);
        Assert.Equal("", result.Output);
        Assert.DoesNotContain("nhandled", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnePlan_PrintsEpsilonRoundedUpWithDeltaAndNeighbours()
    {
        string[] plan =
            ["account", "--sample-rate", "0.01", "--noise-multiplier", "4", "--steps", "10000", "--delta", "1e-5"];

        CommandLineResult text = await CommandLine.RunAsync(plan);
        CommandLineResult json = await CommandLine.RunAsync([.. plan, "--json"]);

        double epsilon = (double)JsonNode.Parse(json.Output)!["epsilon"]!;
        Assert.InRange(epsilon, 0.9468668007611457, 0.946868); // Fixture: the truth.
        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        Assert.Matches(
            @"^epsilon 0\.9469 at delta 1e-05 \(add or remove one record; exact accountant, an upper bound\)\n$",
            text.Output);
        Assert.InRange(
            double.Parse(text.Output.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            epsilon,
            epsilon + 1e-4);
        Assert.Equal("add or remove one record", (string?)JsonNode.Parse(json.Output)!["neighbours"]);
    }

    [Fact]
    public async Task Run_DeltaLeftOut_IsTheDefaultAndSaysSo()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "account", "--sample-rate", "1", "--noise-multiplier", "4", "--steps", "1");

        Assert.Contains("at delta 1e-05", result.Output, StringComparison.Ordinal);
    }

    // Oracle: the fixture's σ for the exact ε, and for RDP with dense orders.
    [Fact]
    public async Task RunTarget_KnownPlan_PrintsEnoughNoiseAndNotMuchMore()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "account", "--target-epsilon", "3", "--sample-rate", "0.02048", "--steps", "1465", "--delta", "1e-5",
            "--json");

        JsonNode answer = JsonNode.Parse(result.Output)!;
        Assert.InRange((double)answer["noiseMultiplier"]!, 1.3215345835746126, 1.3216345835746126 + 2e-6);
        Assert.InRange((double)answer["epsilon"]!, 2.999, 3);
    }

    [Fact]
    public async Task RunTarget_Text_PrintsWhatTheNoiseGives()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "account", "--target-epsilon", "3", "--sample-rate", "0.15", "--steps", "100");

        Assert.Matches(
            @"^noise multiplier 2\.\d{4}: epsilon (2\.99\d\d|3\.0000) of 3 at delta 1e-05 \(add or remove one record;",
            result.Output);
    }

    [Fact]
    public async Task Plans_TooLittleNoise_AnswersNullInItsPlace()
    {
        string file = _folder.Write(
            "plans.json",
            """[{"q":0.5,"sigma":1e-200,"steps":9,"delta":1e-5},{"q":0,"sigma":1,"steps":9,"delta":1e-5}]""");

        JsonArray answers = JsonNode.Parse((await CommandLine.RunAsync("account", "--plans", file)).Output)!.AsArray();

        Assert.Null(answers[0]!["epsilon"]);
        Assert.Equal(0, (double)answers[1]!["epsilon"]!);
    }

    [Theory]
    [InlineData(
        "--sample-rate 0 --noise-multiplier 1 --steps 1",
        "--sample-rate: expected a number above 0 and at most 1, got 0.")]
    [InlineData(
        "--sample-rate 1.5 --noise-multiplier 1 --steps 1",
        "--sample-rate: expected a number above 0 and at most 1, got 1.5.")]
    [InlineData(
        "--sample-rate 0.1 --noise-multiplier -1 --steps 1", "--noise-multiplier: expected a number above 0, got -1.")]
    [InlineData(
        "--sample-rate 0.1 --noise-multiplier 1e999 --steps 1",
        "--noise-multiplier: expected a number above 0, got 1e999.")]
    [InlineData(
        "--sample-rate 0.1 --noise-multiplier 1 --steps 0",
        "--steps: expected a whole number from 1 to 2147483647, got 0.")]
    [InlineData(
        "--sample-rate 0.1 --noise-multiplier 1 --steps 1 --delta 1",
        "--delta: expected a number above 0 and below 1, got 1.")]
    [InlineData(
        "--sample-rate 0.1 --noise-multiplier 1",
        "--steps: expected it beside --noise-multiplier or --target-epsilon, got nothing.")]
    [InlineData(
        "--sample-rate 0.1 --steps 1", "--noise-multiplier: expected it, or --target-epsilon to find it, got neither.")]
    [InlineData(
        "--sample-rate 0.1 --steps 1 --noise-multiplier 1 --target-epsilon 1",
        "--target-epsilon: leave it out with --noise-multiplier, or the other way round.")]
    [InlineData("--plans a.json --steps 1", "--steps: leave it out with --plans, whose file says it for each plan.")]
    [InlineData("--plans a.json --compare", "--compare: leave it out with --plans; it compares one plan.")]
    [InlineData(
        "--compare --target-epsilon 1 --sample-rate 0.1 --steps 3",
        "--compare: leave it out with --target-epsilon; it compares a plan whose noise is known.")]
    [InlineData(
        "--sampling shuffled --sample-rate 0.1 --noise-multiplier 1 --steps 1",
        "--sampling: expected poisson or without-replacement, got shuffled.")]
    [InlineData(
        "--sampling without-replacement --records 60 --batch 61 --noise-multiplier 1 --steps 1",
        "--batch: expected at most the 60 records, got 61.")]
    [InlineData(
        "--sampling without-replacement --records 60 --noise-multiplier 1 --steps 1",
        "--batch: expected it with --sampling without-replacement, got nothing.")]
    [InlineData(
        "--sampling without-replacement --records 60 --batch 6 --sample-rate 0.1 --noise-multiplier 1 --steps 1",
        "--sample-rate: leave it out with --sampling without-replacement, whose rate is batch over records.")]
    [InlineData(
        "--sampling without-replacement --records 0 --batch 1 --noise-multiplier 1 --steps 1",
        "--records: expected a whole number from 1 to 2147483647, got 0.")]
    [InlineData(
        "--records 60 --sample-rate 0.1 --noise-multiplier 1 --steps 1",
        "--records: leave it out, or give --sampling without-replacement.")]
    public async Task Run_WrongNumbersOrCombinations_IsWrongUsage(string line, string message)
    {
        CommandLineResult result = await CommandLine.RunAsync(["account", .. line.Split(' ')]);

        Assert.Equal(new CommandLineResult(2, "", $"{message}\nTry: research account --help\n"), result);
    }

    [Theory]
    [InlineData("{}", "$: expected an array of plans, got an object.")]
    [InlineData("[1]", "$[0]: expected an object, got 1.")]
    [InlineData("""[{"q":0.1,"sigma":1,"steps":1}]""", "$[0].delta: expected a number above 0 and below 1, got nothing.")]
    [InlineData("""[{"q":2,"sigma":1,"steps":1,"delta":1e-5}]""", "$[0].q: expected a number from 0 to 1, got 2.")]
    [InlineData("""[{"q":0.1,"sigma":"1","steps":1,"delta":1e-5}]""", "$[0].sigma: expected a finite number above 0, got \"1\".")]
    [InlineData("""[{"q":0.1,"sigma":1,"steps":1.5,"delta":1e-5}]""", "$[0].steps: expected a whole number from 0 to 2147483647, got 1.5.")]
    [InlineData("""[{"q":0.1,"sigma":1,"steps":1,"delta":1e-5,"eps":1}]""", "$[0].eps: expected one of q, sigma, steps and delta, got an unknown field.")]
    [InlineData("""[{"q":0.1,"q":0.1,"sigma":1,"steps":1,"delta":1e-5}]""", "$[0].q: expected the field once, got it twice.")]
    [InlineData("[\n{]", "$: expected a JSON document, got an error at line 2, byte 2.")]
    public async Task Plans_WrongFile_NamesThePath(string text, string message)
    {
        string file = _folder.Write("plans.json", text);

        Assert.Equal(
            new CommandLineResult(1, "", $"{file}, {message}\n"),
            await CommandLine.RunAsync("account", "--plans", file));
    }

    [Fact]
    public async Task Run_NothingIsEnough_SaysWhatToDo()
    {
        Assert.Equal(
            new CommandLineResult(
                1,
                "",
                "No noise multiplier up to 1000000 keeps this plan within epsilon 1e-09 at delta 1e-05: "
                + "allow a larger epsilon, or fewer steps.\n"),
            await CommandLine.RunAsync(
                "account", "--target-epsilon", "1e-9", "--sample-rate", "1", "--steps", "2147483647", "--json"));
        Assert.Equal(
            new CommandLineResult(
                1, "", "No finite epsilon bounds this plan: noise multiplier 1e-200 is too little noise.\n"),
            await CommandLine.RunAsync(
                "account", "--noise-multiplier", "1e-200", "--sample-rate", "1", "--steps", "1", "--json"));
        Assert.Equal(
            new CommandLineResult(1, "", $"--plans: there is no file {_folder["no"]}.\n"),
            await CommandLine.RunAsync("account", "--plans", _folder["no"]));
    }

    // Oracle: dp_accounting 0.6.0 (fixture), for noise of 1.1 sensitivities; replacing moves a sum by two clip norms.
    [Fact]
    public async Task Run_WithoutReplacement_SaysWhichNeighboursAndDoublesTheSensitivity()
    {
        string[] plan =
        [
            "account", "--sampling", "without-replacement", "--records", "60000", "--batch", "256", "--steps", "14063",
            "--noise-multiplier", "2.2",
        ];

        CommandLineResult text = await CommandLine.RunAsync(plan);
        CommandLineResult json = await CommandLine.RunAsync([.. plan, "--json"]);

        JsonNode answer = JsonNode.Parse(json.Output)!;
        Assert.InRange((double)answer["epsilon"]!, 2.3817, 5.243466908809535);
        Assert.Equal("replace one record", (string?)answer["neighbours"]);
        Assert.Matches(
            @"^epsilon 3\.\d{4} at delta 1e-05 \(replace one record; 256 of 60000 records without replacement, ",
            text.Output);
    }

    // Oracle: the fixture's ε of Gaussian noise with ρ = 10/(2·4²), by closed form and by mpmath; here for the order.
    [Fact]
    public async Task Run_Compare_PrintsEveryAccountantThatApplies()
    {
        string[] plan = ["account", "--noise-multiplier", "4", "--steps", "10", "--compare", "--sample-rate"];

        CommandLineResult whole = await CommandLine.RunAsync([.. plan, "1", "--json"]);
        CommandLineResult sampled = await CommandLine.RunAsync([.. plan, "0.1"]);

        Dictionary<string, JsonNode> answers = JsonNode.Parse(whole.Output)!["accountants"]!.AsArray()
            .ToDictionary(answer => (string)answer!["accountant"]!, answer => answer!);
        double exact = (double)answers["analytic Gaussian"]["epsilon"]!;
        Assert.InRange(
            exact, (double)answers["exact"]["epsilonAtLeast"]! - 1e-9, (double)answers["exact"]["epsilon"]! + 1e-9);
        double concentrated = (double)answers["zCDP"]["epsilon"]!;
        Assert.InRange(exact, 3.341409468, 3.341409470); // scipy: Balle and Wang's Theorem 8 at mu = sqrt(10)/4.
        Assert.InRange(concentrated, exact, (double)answers["RDP"]["epsilon"]!);
        Assert.All(answers.Values, answer => Assert.True((double)answer["milliseconds"]! >= 0));
        Assert.Equal((0, ""), (sampled.ExitCode, sampled.Error));
        string[] refusals =
            [.. sampled.Output.Split('\n').Where(line => line.EndsWith("does not apply: Poisson sampling"))];
        Assert.Equal(["zCDP", "analytic Gaussian"], refusals.Select(line => line.Split('│')[0].Trim()));
        Assert.StartsWith(
            "10 steps at sample rate 0.1, noise multiplier 4, delta 1e-05 (add or remove one record)\n",
            sampled.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_Json_PrintsOneDocumentAndExits0()
    {
        using System.Diagnostics.Process process = CommandLine.Start(
            _folder.Path, "account", "--sample-rate", "0.1", "--noise-multiplier", "1", "--steps", "10", "--json");

        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            JsonValueKind.Number, JsonDocument.Parse(result.Output).RootElement.GetProperty("epsilon").ValueKind);
    }
}
