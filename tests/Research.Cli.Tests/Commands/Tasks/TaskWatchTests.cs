using System.Diagnostics;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Market;
using Research.Storage;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary><c>research task watch</c> and <c>pin</c>, as accounts 3 (who lies) and 4 (who watches).</summary>
public sealed class TaskWatchTests
{
    private const int Liar = 3;
    private const int Watcher = 4;

    [RequiresFact("node", "npm")]
    public async Task Watch_LiarAhead_RefutesFinalisesAndCollects()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.CommitAsync(2, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}");
        await chain.JsonAsync(2, "reveal", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
        await chain.JsonAsync(0, "open", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        ClaimResult wrong = await WrongAsync(chain, id);
        TrainingMarket liar = chain.Market.As(chain.Chain.Accounts[Liar]);
        Bytes24 seal = await liar.SealHashAsync(id, 0, chain.Chain.Accounts[Liar].Address, wrong, Bytes32.Zero);
        await liar.SealClaimAsync(id, seal, Wei.FromEther("0.2"));

        Assert.Equal(["scored", "sealed"], await ActionsAsync(chain, id));
        await chain.AdvanceAsync(id, 0, schedule => schedule.Post);
        await liar.PostClaimAsync(id, wrong, Bytes32.Zero, Bytes32.Zero);
        CommandLineResult text = await chain.TaskAsync(Watcher, "watch", $"{id}", "--once");
        Assert.Equal(["scored"], await ActionsAsync(chain, id));
        JsonNode shown = await chain.JsonAsync(null, "show", $"{id}");
        CommandLineResult read = await chain.TaskAsync(
            null, "show", $"{id}", "--account", $"{chain.Chain.Accounts[Liar].Address}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        Assert.Equal(["scored", "finalised", "bondCollected"], await ActionsAsync(chain, id, "--all"));

        Address winner = chain.Chain.Accounts[Watcher].Address;
        Assert.Equal(0, text.ExitCode);
        Assert.Contains($"task {id}, round 1: announced a refutation of the claim of", text.Output, StringComparison.Ordinal);
        Assert.Contains($"Watching task {id} of ", text.Error, StringComparison.Ordinal);
        JsonArray claims = shown["rounds"]![0]!["claims"]!.AsArray();
        Assert.Equal([winner.ToString(), null], claims.Select(claim => (string?)claim!["refutedBy"]));
        Assert.Equal([false, true], claims.Select(claim => (bool)claim!["leads"]!));
        Assert.Contains($"; refuted by {winner}, its bond is lost", read.Output, StringComparison.Ordinal);
        Assert.Contains("nothing for the claim of round 1: it was refuted by", read.Output, StringComparison.Ordinal);
        Assert.Equal(Outcome.Scored, (await chain.Market.GetRoundAsync(id, 0)).Outcome);
    }

    // Each process lives a little longer than the one before, so that they die all over the path: none does a thing twice.
    [RequiresFact("node", "npm")]
    public async Task Watch_KilledAgainAndAgain_GoesOnWhereItWas()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
        await chain.JsonAsync(0, "open", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        ClaimResult wrong = await WrongAsync(chain, id);
        TrainingMarket liar = chain.Market.As(chain.Chain.Accounts[Liar]);
        Address self = chain.Chain.Accounts[Watcher].Address;
        Bytes24 seal = await liar.SealHashAsync(id, 0, liar.Account!.Address, wrong, Bytes32.Zero);
        await liar.SealClaimAsync(id, seal, Wei.FromEther("0.2"));

        await KillUntilAsync(chain, id, self, ClaimState.Sealed);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Post);
        await liar.PostClaimAsync(id, wrong, Bytes32.Zero, Bytes32.Zero);
        await KillUntilAsync(chain, id, liar.Account.Address, ClaimState.Fallen);
        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        await KillUntilAsync(chain, id, self, ClaimState.Paid);

        Assert.Single(await chain.Market.Events.ClaimSealedAsync(id, 0), one => one.Claimant == self);
        Assert.Single(await chain.Market.Events.ClaimPostedAsync(id, 0), one => one.Claimant == self);
        Assert.Single(await chain.Market.Refuter.Events.IntendedAsync(self));
        Assert.Equal(self, Assert.Single(await chain.Market.Events.BondLostAsync(id, 0)).Winner);
        Assert.Single(await chain.Market.Events.BondPaidAsync(id, 0));
        Assert.Equal(self, Assert.Single(await chain.Market.Events.RoundFinalisedAsync(id, 0)).Claimant);
    }

    [RequiresFact("node", "npm")]
    public async Task Watch_WrongUsage_SaysWhat()
    {
        await using TaskChain chain = await TaskChain.StartAsync();

        foreach ((string why, string[] options) in ((string, string[])[])
            [
                ("ID, --all: expected the numbers of tasks, or --all", ["watch"]),
                ("ID, --all: expected the numbers of tasks, or --all", ["watch", "1", "--all"]),
                ("ID: expected a task's number, from 1, got x", ["watch", "x"]),
                ("--claim: expected always, when-nobody or never, got perhaps", ["watch", "1", "--claim", "perhaps"]),
            ])
        {
            CommandLineResult result = await chain.TaskAsync(Watcher, options);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains(why, result.Error, StringComparison.Ordinal);
        }

        await chain.RefusedAsync("There is no task 1", Watcher, "watch", "1", "--once");
    }

    [RequiresFact("node", "npm")]
    public async Task Pin_ByAnybody_IsSaidAndRepeatedForNothing()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync(1, isOpened: false);
        await chain.RefusedAsync("expected the chain at block", 7, "pin", $"{id}");
        await chain.Chain.MineAsync();
        JsonNode shown = await chain.JsonAsync(null, "show", $"{id}");

        JsonNode pinned = await chain.JsonAsync(7, "pin", $"{id}");
        JsonNode again = await chain.RepeatAsync(8, "pin", $"{id}");

        Assert.StartsWith($"research task pin {id}: until block", (string)shown["next"]![0]!, StringComparison.Ordinal);
        Assert.Equal($"{await chain.Market.PinOfAsync(id)}", (string?)pinned["pin"]);
        Assert.Equal((string?)pinned["pin"], (string?)again["pin"]);
    }

    private static async Task<ClaimResult> WrongAsync(TaskChain chain, ulong id)
    {
        OpenTask task = await OpenTask.LoadAsync(chain.Market, new FolderStore(chain.Folder["store"]), id);
        ScoredRound scored = await new Scorer(task).ScoreAsync(0);
        ClaimResult right = scored.Claim;
        scored.Score.Trace.Dispose();
        return right with { Right = right.Right + 1 };
    }

    private static async Task KillUntilAsync(TaskChain chain, ulong id, Address claimant, ClaimState wanted)
    {
        string key = DevChain.PublicKnowledgeKeys(Watcher + 1)[Watcher];
        Environment.SetEnvironmentVariable("RESEARCH_PRIVATE_KEY", key);
        TimeSpan life = TimeSpan.FromMilliseconds(600);
        while ((await chain.Market.ClaimOfAsync(id, 0, claimant)).State != wanted)
        {
            Assert.InRange(life, TimeSpan.Zero, CommandLine.LongestRun); // Else it never gets there.
            using Process process = CommandLine.Start(
                chain.Folder["home"],
                "task", "watch", $"{id}", "--interval", "1", "--claim", "always",
                "--private-folder", chain.Folder[$"own-{Watcher}"]);
            await Task.Delay(life);
            process.Kill();
            await process.WaitForExitAsync();
            life *= 1.1;
        }
    }

    private static async Task<string[]> ActionsAsync(TaskChain chain, ulong id, string? all = null)
    {
        CommandLineResult result = await chain.TaskAsync(
            Watcher, "watch", all ?? $"{id}", "--once", "--claim", "always", "--json");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        return
        [
            .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => (string)JsonNode.Parse(line)!["action"]!),
        ];
    }
}
