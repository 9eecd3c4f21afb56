using System.Text.Json.Nodes;
using Research.Cli.Tasks;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>A machine whose clock is wrong is told so.</summary>
public sealed class LocalTimeTests
{
    [Theory]
    [InlineData(1_000_000, 1_000_000, 0, null)]
    [InlineData(1_000_090, 1_000_000, 0, null)]
    [InlineData(1_000_000, 1_000_090, 12, null)]
    [InlineData(1_000_091, 1_000_000, 0, "The newest block is 1 min 31 s old by this machine's clock: ")]
    [InlineData(1_000_000, 1_000_091, 12, "This machine's clock is 1 min 31 s behind the chain's newest block: ")]
    [InlineData(1_000_000, 1_007_200, 12, "This machine's clock is 2 h 0 min behind the chain's newest block: ")]
    [InlineData(1_000_150, 1_000_000, 30, null)] // Five blocks of such a chain.
    [InlineData(1_000_151, 1_000_000, 30, "The newest block is 2 min 31 s old by this machine's clock")]
    public void ClockNotice_Times_SpeaksWhereTheyAreFarApart(
        ulong here, ulong chain, double blockSeconds, string? expected)
    {
        string? notice = LocalTime.ClockNotice(here, chain, blockSeconds);

        Assert.Equal(expected is null, notice is null);
        Assert.StartsWith(expected ?? "", notice ?? "", StringComparison.Ordinal);
        Assert.True(notice is null || notice.EndsWith("Deadlines are the chain's.", StringComparison.Ordinal), notice);
    }

    // A chain of another number than those that developers start, three hours ahead of this machine.
    [RequiresFact("node", "npm")]
    public async Task Show_MachineBehindThePublicChain_IsToldOnceAndTheChainsTimeCounts()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        CommandLineResult quiet = await chain.TaskAsync(null, "show", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        await chain.AnvilAsync("anvil_setChainId", JsonValue.Create(424_242));

        CommandLineResult told = await chain.TaskAsync(null, "show", $"{id}", "--json");

        Assert.DoesNotContain("clock", quiet.Error, StringComparison.Ordinal);
        Assert.True(told.ExitCode == 0, told.Error);
        Assert.Single(
            told.Error.Split('\n'),
            line => line.StartsWith("This machine's clock is ", StringComparison.Ordinal)
                && line.Contains(" h ", StringComparison.Ordinal));
        Assert.Equal("Score", (string)JsonNode.Parse(told.Output)!["phase"]!);
    }
}
