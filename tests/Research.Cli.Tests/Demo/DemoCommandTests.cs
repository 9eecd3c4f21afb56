using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Demo;

public sealed class DemoCommandTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [RequiresFact("node")]
    public void Demo_Json_IsOneDocumentAndTheMoneyAddsUp()
    {
        Assert.Equal((0, ""), (demo.Result.ExitCode, demo.Result.ExitCode == 0 ? "" : demo.Result.Error));
        JsonElement money = demo.Document.GetProperty("settlement");
        JsonElement[] participants = [.. demo.Document.GetProperty("participants").EnumerateArray()];

        Assert.Equal(BigInteger.Pow(10, 19), Wei(money, "poolWei"));
        BigInteger rounding = Wei(money, "poolWei") - Wei(money, "rewardsWei") - Wei(money, "burnedWei");
        Assert.InRange(rounding, BigInteger.Zero, 5 * 3); // Less than a wei a participant and round.
        BigInteger auditFees = 3 * BigInteger.Pow(10, 16);
        Assert.Equal(3 * 2 * (BigInteger.Pow(10, 16) / 3), Wei(money, "auditWei")); // Two of three looked, each round.
        Assert.Equal(
            Wei(money, "leftInMarketWei"),
            Wei(money, "poolWei") + auditFees - Wei(money, "rewardsWei") - Wei(money, "auditWei"));
        Assert.Equal(
            Wei(money, "rewardsWei"),
            participants.Aggregate(BigInteger.Zero, (sum, one) => sum + Wei(one, "rewardWei")));
        Assert.All(participants.Skip(1), one =>
            Assert.Equal(Wei(one, "balanceChangeWei"), Wei(one, "rewardWei") - Wei(one, "feesWei")));
        Assert.Equal(
            Wei(money, "auditWei") / 2, // The first owner scores too.
            Wei(participants[0], "balanceChangeWei") - Wei(participants[0], "rewardWei") + Wei(participants[0], "feesWei"));
    }

    [RequiresFact("node")]
    public void Demo_DishonestOwners_EarnNothingAndTheTableSaysWhy()
    {
        JsonElement[] participants = [.. demo.Document.GetProperty("participants").EnumerateArray()];

        Assert.Equal(5, participants.Length);
        Assert.All(participants[..3], one => Assert.True(Wei(one, "rewardWei") > 0));
        Assert.Equal("0", participants[3].GetProperty("rewardWei").GetString());
        Assert.StartsWith(
            "made the model worse", participants[3].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal("0", participants[4].GetProperty("rewardWei").GetString());
        Assert.Contains(
            "owner1, who committed first", participants[4].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, participants.Select(one => one.GetProperty("records").GetInt32()).Distinct().Count());
        Assert.Equal(1437, participants.Sum(one => one.GetProperty("records").GetInt32()));
    }

    [RequiresFact("node")]
    public void Demo_Rounds_LearnAndStayBelowTheCap()
    {
        double[] losses = [.. demo.Document.GetProperty("rounds").EnumerateArray()
            .Select(one => one.GetProperty("loss").GetDouble())];

        Assert.Equal(3, losses.Length);
        Assert.True(losses[^1] < 0.7 * losses[0], string.Join(", ", losses));
        Assert.All(demo.Document.GetProperty("participants").EnumerateArray(), one =>
            Assert.InRange(
                one.GetProperty("epsilon").GetDouble(), 0, demo.Document.GetProperty("epsilonCap").GetDouble()));
        Assert.InRange(demo.Document.GetProperty("central").GetProperty("accuracy").GetDouble(), 0.95, 1);
        Assert.True(demo.Document.GetProperty("publicData").GetBoolean());
        Assert.Contains(
            "digits is public. For that reason alone",
            File.ReadAllText(Path.Combine(demo.Out, "index.html")),
            StringComparison.Ordinal);
    }

    [RequiresFact("node")]
    public void Demo_Files_AreTheSpecificationUpdatesAndStatementsOfIntactLedgers()
    {
        ModelSpec spec = ModelSpec.Load(Path.Combine(demo.Out, "specification.json"));
        Assert.Equal(demo.Document.GetProperty("specHash").GetString(), spec.Hash.ToString());

        GlobalModel start = GlobalModel.Initial(spec);
        JsonElement[] participants = [.. demo.Document.GetProperty("participants").EnumerateArray()];
        foreach (JsonElement one in participants)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(
                demo.Out, "updates", "round-1", one.GetProperty("name").GetString() + ".safetensors"));
            ModelUpdate update = ModelUpdate.Parse(start, 0, bytes);
            Assert.Equal(one.GetProperty("rounds")[0].GetProperty("updateHash").GetString(), update.Hash.ToString());
            Assert.False(new FolderStore(Path.Combine(demo.Out, "store")).Contains(update.Hash)); // The chain has it.
        }

        string[] shown = Directory.GetFiles(Path.Combine(demo.Out, "ledgers"));
        Assert.Equal(4, shown.Length); // The copier trained on nothing.
        Assert.Single(shown.Select(File.ReadAllText).Distinct()); // However many records each has.
        Assert.DoesNotContain("csv", File.ReadAllText(shown[0]), StringComparison.Ordinal);
        foreach (string home in shown.Select(file =>
            Path.Combine(demo.Out, "owners", Path.GetFileNameWithoutExtension(file))))
        {
            LedgerVerification verified = PrivacyLedger.Verify(home);
            Assert.True(verified.IsIntact, verified.Problem);
            Assert.Equal(3, verified.Entries.Count);
            PrivacyLedger ledger = PrivacyLedger.OpenExisting(home);
            Assert.InRange(ledger.Epsilon, 5.99, demo.Document.GetProperty("epsilonCap").GetDouble());
            Assert.Empty(ledger.Sealed());
        }
    }

    [RequiresFact("node", "chromium")]
    public async Task Demo_Report_DrawsEveryFigureOffline()
    {
        string html = await File.ReadAllTextAsync(Path.Combine(demo.Out, "index.html"));

        string drawn = await Chromium.DumpAsync(html);

        // Signals, accuracy, loss, training losses, ε, rewards.
        Assert.Equal(6, Regex.Count(drawn, "class=\"[^\"]*js-plotly-plot"));
        Assert.Contains("owner4 (shuffled labels)", drawn, StringComparison.Ordinal);
        Assert.Contains(
            demo.Document.GetProperty("transactions")[0].GetProperty("hash").GetString()!,
            html,
            StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.OrdinalIgnoreCase);
    }

    [RequiresFact("node")]
    public async Task Demo_NoiseSeed_ReproducesEveryNumberAndSaysThatItIsNotPrivate()
    {
        CommandLineResult first = await SeededAsync("1");
        CommandLineResult second = await SeededAsync("1");
        CommandLineResult other = await SeededAsync("2");

        Assert.Equal(Numbers(first), Numbers(second));
        Assert.NotEqual(Numbers(first), Numbers(other));
        Assert.Contains("NOT PRIVATE", first.Error, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(first.Output).RootElement.GetProperty("private").GetBoolean());

        Task<CommandLineResult> SeededAsync(string seed) => CommandLine.RunAsync(
            "demo", "--json", "--out", demo.Out + "-seeded", "--rounds", "1", "--participants", "4",
            "--insecure-noise-seed", seed);
    }

    [RequiresFact("node")]
    public async Task Demo_SecretNoise_ChangesWhatDependsOnItAndNothingElse()
    {
        CommandLineResult first = await SecretAsync();
        CommandLineResult second = await SecretAsync();

        JsonElement one = JsonDocument.Parse(first.Output).RootElement;
        JsonElement two = JsonDocument.Parse(second.Output).RootElement;
        Assert.True(one.GetProperty("private").GetBoolean());
        Assert.Equal(one.GetProperty("specHash").GetString(), two.GetProperty("specHash").GetString());
        Assert.Equal(one.GetProperty("central").ToString(), two.GetProperty("central").ToString());
        Assert.NotEqual(
            one.GetProperty("rounds")[0].GetProperty("modelHash").GetString(),
            two.GetProperty("rounds")[0].GetProperty("modelHash").GetString());

        Task<CommandLineResult> SecretAsync() => CommandLine.RunAsync(
            "demo", "--json", "--out", demo.Out + "-secret", "--rounds", "1", "--participants", "4", "--seed", "7");
    }

    [RequiresFact("node")]
    public async Task Demo_FolderWithOtherFiles_IsLeftAlone()
    {
        string folder = Directory.CreateDirectory(demo.Out + "-other").FullName;
        string precious = Path.Combine(folder, "thesis.tex");
        await File.WriteAllTextAsync(precious, "precious");

        CommandLineResult result = await CommandLine.RunAsync("demo", "--out", folder);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("holds files that no demo wrote", result.Error, StringComparison.Ordinal);
        Assert.Equal([precious], Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("--participants", "0", "--participants: expected a whole number from 1 to 50, got 0.")]
    [InlineData("--rounds", "many", "--rounds: expected a whole number from 1 to 100, got many.")]
    [InlineData("--seed", "-1", "--seed: expected a whole number from 0 to 18446744073709551615, got -1.")]
    [InlineData(
        "--dataset", "cifar", "--dataset: expected digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE, got cifar.")]
    public async Task Demo_BadOption_IsWrongUsage(string option, string value, string message)
    {
        CommandLineResult result = await CommandLine.RunAsync("demo", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    // A round that is scored on a few records is decided by luck.
    [Fact]
    public async Task Demo_MoreRoundsThanTheRecordsScore_SaysHowManyItTakes()
    {
        CommandLineResult result = await CommandLine.RunAsync("demo", "--rounds", "8", "--out", demo.Out + "-many");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("at least 800, 100 for each of 8 rounds (--rounds), of which half score, got 360", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(demo.Out + "-many"));
    }

    [Fact]
    public async Task Demo_MissingData_SaysWhichFileAndStartsNothing()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "demo", "--dataset", "csv:absent.csv", "--public-data", "--out", demo.Out + "-none");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("absent.csv", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(demo.Out + "-none"));
    }

    [RequiresFact("node")]
    public async Task Demo_Terminated_StopsItsChain()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Windows has no SIGTERM.
        }

        string folder = Directory.CreateDirectory(demo.Out + "-terminated").FullName;
        using Process process = CommandLine.Start(
            folder, "demo", "--rounds", "3", "--out", Path.Combine(folder, "report"));
        string? line = await process.StandardError.ReadLineAsync();
        while (line is not null && !line.Contains("round 1 of 3: score", StringComparison.Ordinal))
        {
            line = await process.StandardError.ReadLineAsync();
        }

        int[] children = ChildrenOf(process.Id);
        Assert.NotEmpty(children);
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.NotEqual(0, result.ExitCode);
        Assert.All(children, child => Assert.False(IsRunning(child), $"process {child} outlived the demo"));
    }

    private static BigInteger Wei(JsonElement element, string name) =>
        BigInteger.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    // What may differ between two runs with the same seeds: times, paths, and hashes of transactions, whose fees follow
    // blocks' times.
    private static string Numbers(CommandLineResult result)
    {
        JsonObject document = JsonNode.Parse(result.Output)!.AsObject();
        document.Remove("seconds");
        document.Remove("report");
        foreach (JsonNode? transaction in document["transactions"]!.AsArray())
        {
            transaction!.AsObject().Remove("hash");
        }

        return document.ToJsonString();
    }

    // The whole tree below a process, by the system's own list.
    private static int[] ChildrenOf(int parent)
    {
        using Process list = Process.Start(
            new ProcessStartInfo("ps", ["-eo", "pid=,ppid="]) { RedirectStandardOutput = true })!;
        (int Pid, int Parent)[] all = [.. list.StandardOutput.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(cells => (
                int.Parse(cells[0], CultureInfo.InvariantCulture),
                int.Parse(cells[1], CultureInfo.InvariantCulture)))];
        int[] Below(int pid) =>
            [.. all.Where(one => one.Parent == pid).SelectMany(one => (int[])[one.Pid, .. Below(one.Pid)])];
        return Below(parent);
    }

    private static bool IsRunning(int pid)
    {
        string status = $"/proc/{pid}/status";
        return File.Exists(status) && !File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
    }
}
