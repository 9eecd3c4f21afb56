using System.Text.Json;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Storage;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Commands.Tasks;

/// <summary>A specification that begins with what honest owners need.</summary>
public sealed class TaskNewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_Digits_WritesASpecificationThatPaysHonestOwnersAndKeepsItsSets()
    {
        CommandLineResult result = await NewAsync("--data", "digits", "--records", "287", "--rounds", "2", "--json");

        Assert.Contains("a round is scored on 90 records only", result.Error, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        ModelSpec spec = ModelSpec.Load(_folder["spec.json"]);
        PayableSpec.Require(spec);
        Assert.Equal(spec.Hash.ToString(), report.GetProperty("hash").GetString());
        Assert.InRange(report.GetProperty("paidShare").GetDouble(), 0.9, 1);
        Assert.Equal((287, 2, 90), (spec.Task!.Reward.Records, spec.Task.Rounds, spec.Task.Evaluation.Examples));
        Assert.Equal(6, spec.Privacy!.EpsilonCap);
        FolderStore kept = new(Path.Combine(_folder["private"], "evaluations"));
        Assert.NotNull(await EvaluationRecords.FindAsync(spec, 0, kept));
        Assert.NotNull(await EvaluationRecords.FindAsync(spec, 1, kept));
        Assert.Contains('\n', await File.ReadAllTextAsync(_folder["spec.json"]));
    }

    [Fact]
    public async Task New_ForPeople_SaysThePlanWhoIsPaidAndWhatIsNext()
    {
        CommandLineResult result = await NewAsync("--data", "digits", "--records", "287");

        foreach (string words in (string[])[
            "sampleRate", "ε = 6 at δ = 1E-05 for all 3 rounds", "standard deviations", "60 of 120 records of a "
            + "round", "360 of 360 held-out records are dealt out",
            "research task publish --spec"])
        {
            Assert.Contains(words, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task New_Examples_DealsOutSoManyRecordsAndNoMore()
    {
        CommandLineResult result = await NewAsync(
            "--data", "digits", "--records", "287", "--rounds", "1", "--examples", "110", "--json");

        Assert.Equal("", result.Error);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal((110, 360), (report.GetProperty("examples").GetInt32(), report.GetProperty("heldOut").GetInt32()));
        Assert.Equal(110, ModelSpec.Load(_folder["spec.json"]).Task!.Evaluation.Examples);
    }

    [Theory]
    [InlineData("--examples: expected a whole number from 50", "--data", "digits", "--examples", "1")]
    [InlineData("--records: expected a whole number from 1", "--data", "digits", "--records", "0")]
    [InlineData("--data: expected", "--data", "nothing")]
    [InlineData("--epsilon: expected", "--data", "digits", "--epsilon", "-1")]
    [InlineData("--delta: expected a number above 0", "--data", "digits", "--delta", "1")]
    [InlineData("--data: expected at least 800 held-out examples in digits, 100 for each of 8 rounds", "--data", "digits", "--rounds", "8")]
    [InlineData("No plan that was tried pays most honest owners", "--data", "digits", "--epsilon", "0.1", "--records", "20")]
    public async Task New_WhatCannotBe_SaysWhyAndWritesNothing(string message, params string[] arguments)
    {
        CommandLineResult result = await NewAsync(arguments);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in research", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
        Assert.False(File.Exists(_folder["spec.json"]) || Directory.Exists(_folder["private"]));
    }

    [RequiresFact("node", "npm")]
    public async Task Publish_WhatNewWrote_FindsTheSetsThatItKept()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string spec = chain.Folder["new.json"];
        Assert.Equal(0, (await chain.TaskAsync(0, "new", "--data", "digits", "--records", "287", "--out", spec)).ExitCode);

        CommandLineResult result = await chain.TaskAsync(0, "publish", "--spec", spec, "--pool", "1");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("standard deviations", result.Error, StringComparison.Ordinal);
        Assert.Contains("they earn up to k shares", result.Error, StringComparison.Ordinal);
        await chain.RepeatAsync(0, "publish", "--spec", spec, "--pool", "1");

        CommandLineResult elsewhere = await chain.TaskAsync(
            1, "publish", "--spec", spec, "--pool", "1"); // Another account's folder.
        Assert.Contains("of round 1 are not among those kept in", elsewhere.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            spec, (await File.ReadAllTextAsync(spec)).Replace("\"examples\": 60", "\"examples\": "
                + "59", StringComparison.Ordinal));
        CommandLineResult fewer = await chain.TaskAsync(0, "publish", "--spec", spec, "--pool", "1");
        Assert.Contains("expected at most 30208 bytes, got 30720", fewer.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (elsewhere.ExitCode, fewer.ExitCode));
    }

    private Task<CommandLineResult> NewAsync(params string[] arguments) => CommandLine.RunAsync(
        ["task", "new", .. arguments, "--out", _folder["spec.json"], "--private-folder", _folder["private"]]);
}
