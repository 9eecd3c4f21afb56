using Research.Cli.Tasks;
using Research.Federation.Rewards;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Commands.Tasks;

/// <summary>What an owner of more or fewer records than the quota is told before ε is spent.</summary>
public sealed class QuotaReportTests
{
    private static readonly RewardSection Reward = new(360, NoiseFloor: 0.95);

    [Fact]
    public void More_SimulatedOwnersLackNoise_WarnsWithNumbersAndWhatToDo()
    {
        string words = QuotaReport.More(1437, Reward, new OwnerProspect(1437, 360, 0, 0, 1));

        Assert.StartsWith("WARNING: ", words, StringComparison.Ordinal);
        foreach (string said in (string[])[
            "1,437 records are given, and this task pays an account for 360",
            "with less than 95 % of it ($.task.reward.noiseFloor) it earns nothing",
            "0 % of owners with as many earn something, 100 % nothing for lack of noise",
            "Train on 360 of them",
            "with 4 accounts"])
        {
            Assert.Contains(said, words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void More_SimulatedOwnersArePaid_IsNoWarning() => Assert.StartsWith(
        "400 records are given",
        QuotaReport.More(400, Reward, new OwnerProspect(400, 360, 1, 1, 0)),
        StringComparison.Ordinal);

    [Fact]
    public void More_NoSimulation_WarnsByTheRuleAlone()
    {
        string words = QuotaReport.More(720, Reward with { NoiseFloor = 0 }, null);

        Assert.StartsWith("WARNING: 720 records", words, StringComparison.Ordinal);
        Assert.DoesNotContain("imulated", words, StringComparison.Ordinal);
        Assert.Contains("can pass for a copy", words, StringComparison.Ordinal);
        Assert.Contains("with 2 accounts", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_SimulatedOwners_SaysTheExpectedShare() => Assert.Contains(
        "75 % of owners with as many earn something, and all of them 0.21 of a full share on average",
        QuotaReport.Fewer(90, Reward, new OwnerProspect(90, 360, 0.21, 0.75, 0)),
        StringComparison.Ordinal);

    // With the quota itself nothing is said; with more it is said before the ledger is made and a step is trained, and it
    // is a warning unless all whom it simulates are paid: that hangs on which records the round has opened.
    [RequiresTheory("node", "npm")]
    [InlineData(1437, "")]
    [InlineData(360, "1,437 records are given, and this task pays an account for 360 (its quota")]
    [InlineData(60, "1,437 records are given, and this task pays an account for 60 (its quota")]
    [InlineData(2, "1,437 records are given, and this task pays an account for 2 (its quota")]
    [InlineData(2000, "1,437 records are given, and a full share is for 2,000 ($.task.reward.records): simulated on")]
    public async Task Train_QuotaOfATask_IsComparedWithTheRecords(int quota, string expected)
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string spec = chain.Folder.Write(
            "quota.json",
            TaskSpec.With(1).Replace("\"records\": 1437", $"\"records\": {quota}", StringComparison.Ordinal));
        string[] publish = chain.Publication(1);
        publish[Array.IndexOf(publish, "--spec") + 1] = spec;
        await chain.JsonAsync(0, [.. publish, "--even-if-unfair"]);
        await chain.Chain.MineAsync();
        await chain.JsonAsync(0, "open", "1");

        CommandLineResult trained = await chain.TaskAsync(
            null, "train", "1", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200",
            "--out", chain.Folder["update.safetensors"]);

        Assert.True(trained.ExitCode == 0, trained.Error);
        int said = trained.Error.IndexOf("1,437 records are given", StringComparison.Ordinal);
        Assert.Equal(expected.Length > 0, said >= 0);
        Assert.Contains(expected, trained.Error, StringComparison.Ordinal);
        Assert.Equal(
            quota < 1437 && !trained.Error.Contains(", 100 % of owners with as many earn something", StringComparison.Ordinal),
            trained.Error.Contains("WARNING: 1,437 records are given", StringComparison.Ordinal));
        Assert.True(said < trained.Error.IndexOf("step 1", StringComparison.Ordinal), trained.Error);
    }
}
