using System.Numerics;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>Whole tasks by hand: each step a command line, the clock moved between them. Account 0 sponsors.</summary>
public sealed class TaskByHandTests
{
    [RequiresFact("node", "npm")]
    public async Task Task_TwoOwnersAndAScorer_PaysThePoolToTheWei()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.CommitAsync(2, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        Assert.Equal(0, (int)(await chain.JsonAsync(1, "reveal", $"{id}"))["index"]!);
        Assert.Equal(1, (int)(await chain.JsonAsync(2, "reveal", $"{id}", "--round", "1"))["index"]!);

        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        JsonNode all = (await chain.JsonAsync(0, "open", $"{id}"))["opened"]!.AsArray().Single()!;
        Assert.Equal((1, "all", 180), ((int)all["round"]!, (string)all["kind"]!, (int)all["records"]!));
        Assert.Null((await chain.JsonAsync(null, "score", $"{id}"))["agrees"]);
        JsonNode posted = await chain.JsonAsync(3, "score", $"{id}", "--post");
        JsonNode again = await chain.JsonAsync(null, "score", $"{id}");
        Assert.True((bool)again["agrees"]!);
        Assert.Equal((string)posted["root"]!, (string)again["root"]!);
        Assert.Equal(chain.Chain.Accounts[3].Address.ToString(), (string)again["poster"]!);

        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        Assert.Equal("Scored", (string)(await chain.JsonAsync(4, "finalise", $"{id}"))["rounds"]![0]!["outcome"]!);
        BigInteger rewards = Wei(await chain.JsonAsync(1, "claim", $"{id}"), "claimedWei")
            + Wei(await chain.JsonAsync(2, "claim", $"{id}"), "claimedWei");
        Assert.Equal(Wei(again, "totalWei"), rewards);
        Assert.True(rewards > 0);
        Assert.Equal(0, Wei(await chain.JsonAsync(1, "claim", $"{id}"), "claimedWei"));
        Assert.Equal(
            Chain.Primitives.Wei.FromEther("0.5").Amount,
            Wei(await chain.JsonAsync(1, "withdraw", $"{id}"), "stakeWei"));
        await chain.JsonAsync(2, "withdraw", $"{id}");
        Assert.Equal(
            Chain.Primitives.Wei.FromEther("0.2").Amount,
            Wei(await chain.JsonAsync(3, "withdraw", $"{id}"), "creditWei"));

        await chain.Chain.AdvanceToAsync(await chain.Market.ClaimDeadlineAsync(id));
        JsonNode refund = await chain.JsonAsync(5, "refund", $"{id}");
        Assert.Equal(Chain.Primitives.Wei.FromEther("3").Amount, rewards + Wei(refund, "refundWei"));
        Assert.Equal(Chain.Primitives.Wei.Zero, await chain.Chain.Client.GetBalanceAsync(chain.Market.Address));

        JsonNode shown = await chain.JsonAsync(null, "show", $"{id}");
        Assert.Equal(
            ("Closed", "small", "Scored"),
            ((string)shown["phase"]!, (string)shown["name"]!, (string)shown["rounds"]![0]!["outcome"]!));
        Assert.Equal(rewards, Wei(shown, "paidWei"));
        Assert.Equal((await chain.Market.GetTaskAsync(id)).Terms.ProgramRoot.ToString(), (string)shown["programRoot"]!);
        Assert.Equal(
            (await chain.Market.Events.RevealedAsync(id, 0)).Select(one => one.UpdateRoot.ToString()),
            shown["rounds"]![0]!["reveals"]!.AsArray().Select(one => (string)one!["updateRoot"]!));
        Assert.Equal(1UL, (ulong)(await chain.JsonAsync(null, "list"))["count"]!);
    }

    // The first round pays for both; the second says so, and the owner's cap is asked before anything is trained.
    [RequiresFact("node", "npm")]
    public async Task Train_RoundsOfATask_ArePaidWithTheFirst()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync(rounds: 2);
        string update = chain.Folder["update.safetensors"];
        string[] train = ["train", $"{id}", "--data", "digits", "--out", update, "--ledger"];
        CommandLineResult refused = await chain.TaskAsync(null, [.. train, chain.Folder["small"], "--epsilon-cap", "1"]);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("past their owner's cap of 1 in ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("would fit. Nothing was trained or charged.", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(update) || Directory.Exists(chain.Folder["small"]));

        string home = chain.Folder["home"];
        CommandLineResult first = await chain.TaskAsync(null, [.. train, home, "--epsilon-cap", "200"]);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains("The task, all 2 rounds together, costs epsilon ", first.Error, StringComparison.Ordinal);
        Assert.Contains("charged, for all rounds: the records given stand at epsilon ", first.Output, StringComparison.Ordinal);
        double epsilon = PrivacyLedger.OpenExisting(home).Epsilon;
        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        await chain.JsonAsync(4, "finalise", $"{id}");

        CommandLineResult second = await chain.TaskAsync(null, [.. train, home]);
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Contains("Round 2 of 2 costs nothing more", second.Error, StringComparison.Ordinal);
        Assert.Contains("paid for by an earlier round: ", second.Output, StringComparison.Ordinal);
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(home);
        Assert.Equal((epsilon, 2), (ledger.Epsilon, ledger.Entries.Count));
        Assert.Equal(40, Assert.Single(ledger.Entries[1].Plan).Steps);
        Assert.Empty(ledger.Sealed());
    }

    [RequiresFact("node", "npm")]
    public async Task Task_TamperedPost_IsFoundChallengedAndSplitEqually()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.CommitAsync(2, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}");
        await chain.JsonAsync(2, "reveal", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        await chain.JsonAsync(0, "open", $"{id}");
        OpenTask task = await OpenTask.LoadAsync(chain.Market, new FolderStore(chain.Folder["store"]), id);
        ScoredRound honest = await new Scorer(task).ScoreAsync(0);
        ClaimTree greedy = new(
            [new RewardClaim(0, chain.Chain.Accounts[1].Address, await chain.Market.RoundPoolAsync(id, 0))]);
        await chain.Market.As(chain.Chain.Accounts[1]).PostScoreAsync(
            id,
            greedy.Root,
            greedy.Total,
            honest.Score.NextModel.Hash.ToBytes32(),
            honest.Score.TraceRoot.ToBytes32(),
            task.Terms.Bond);

        CommandLineResult checkedByStranger = await chain.TaskAsync(null, "score", $"{id}", "--json");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Challenge);
        await chain.JsonAsync(3, "challenge", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        JsonNode final = await chain.JsonAsync(0, "finalise", $"{id}");
        JsonNode claimed = await chain.JsonAsync(2, "claim", $"{id}");

        Assert.Equal(1, checkedByStranger.ExitCode);
        JsonNode document = JsonNode.Parse(checkedByStranger.Output)!;
        Assert.False((bool)document["agrees"]!);
        Assert.Contains("rewards' root", (string)document["differences"]![0]!, StringComparison.Ordinal);
        Assert.Contains($"research task challenge {id}", checkedByStranger.Error, StringComparison.Ordinal);
        Assert.Equal("DefaultSplit", (string)final["rounds"]![0]!["outcome"]!);
        Assert.Equal(Chain.Primitives.Wei.FromEther("1.5").Amount, Wei(claimed, "claimedWei"));
    }

    // From the chain and the store alone: why, in words and as a figure, and what would change it.
    [RequiresFact("node", "npm")]
    public async Task Explain_RevealedRound_SaysWhyEverybodyEarnsWhatItDoes()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.CommitAsync(2, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}");
        await chain.JsonAsync(2, "reveal", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        await chain.JsonAsync(0, "open", $"{id}");
        string svg = chain.Folder["pay.svg"];

        JsonNode all = await chain.JsonAsync(null, "explain", $"{id}", "--figure", svg);
        JsonNode one = await chain.JsonAsync(
            null, "explain", $"{id}", "--participant", chain.Chain.Accounts[2].Address.ToString());
        CommandLineResult read = await chain.TaskAsync(null, "explain", $"{id}", "--participant", "0");
        CommandLineResult nobody = await chain.TaskAsync(null, "explain", $"{id}", "--participant", "2");

        JsonArray participants = all["participants"]!.AsArray();
        Assert.Equal([0, 1], participants.Select(participant => (int)participant!["index"]!));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(svg), StringComparison.Ordinal);
        JsonNode second = Assert.Single(one["participants"]!.AsArray())!;
        Assert.Equal(participants[1]!.ToJsonString(), second.ToJsonString());
        foreach (string subject in (string[])["verdict", "points", "amount", "records", "signal", "near-copies", "to change it"])
        {
            Assert.NotEmpty((string)second["words"]![subject]!);
            Assert.Contains($"  {subject}", read.Output, StringComparison.Ordinal);
        }

        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("--participant: 2 revealed nothing in round 1; 2 did, #0 to #1.", nobody.Error, StringComparison.Ordinal);
    }

    private static BigInteger Wei(JsonNode document, string name) =>
        BigInteger.Parse((string)document[name]!, System.Globalization.CultureInfo.InvariantCulture);
}
