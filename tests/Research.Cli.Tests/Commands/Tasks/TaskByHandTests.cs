using System.Numerics;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
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
        await chain.RepeatAsync(0, chain.Publication(1));
        await chain.RepeatAsync(0, "open", $"{id}");
        await chain.CommitAsync(1, id);
        await chain.CommitAsync(2, id);
        await chain.RepeatAsync(1, "commit", $"{id}", "--update", chain.Folder["update-1.safetensors"]);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.RepeatAsync(1, "commit", $"{id}", "--update", chain.Folder["update-1.safetensors"]);
        Assert.Equal(0, (int)(await chain.JsonAsync(1, "reveal", $"{id}"))["index"]!);
        Assert.Equal(1, (int)(await chain.JsonAsync(2, "reveal", $"{id}", "--round", "1"))["index"]!);
        Assert.Equal(0, (int)(await chain.RepeatAsync(1, "reveal", $"{id}"))["index"]!);

        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
        await chain.RefusedAsync("expected 180 on chain, found 0", null, "score", $"{id}");
        JsonNode all = (await chain.JsonAsync(0, "open", $"{id}"))["opened"]!.AsArray().Single()!;
        Assert.Equal((1, "all", 180), ((int)all["round"]!, (string)all["kind"]!, (int)all["records"]!));
        await chain.RepeatAsync(0, "open", $"{id}");
        Assert.Null((await chain.JsonAsync(null, "score", $"{id}"))["agrees"]);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        JsonNode sealedClaim = await chain.JsonAsync(3, "score", $"{id}", "--seal");
        await chain.RepeatAsync(3, "score", $"{id}", "--seal");
        await chain.RefusedAsync("claims in round 1 are opened from", 3, "score", $"{id}", "--post");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Post);
        await chain.RefusedAsync("claims in round 1 are sealed from", 5, "score", $"{id}", "--seal");
        await chain.RefusedAsync("there is nothing to open", 5, "score", $"{id}", "--post");
        JsonNode posted = await chain.JsonAsync(3, "score", $"{id}", "--post");
        await chain.RepeatAsync(3, "score", $"{id}", "--post");
        JsonNode again = await chain.JsonAsync(null, "score", $"{id}");
        Assert.True((bool)again["agrees"]!);
        Assert.Equal((string)posted["resultsRoot"]!, (string)again["resultsRoot"]!);
        Assert.Equal((string)sealedClaim["resultsRoot"]!, (string)again["resultsRoot"]!);
        Assert.Equal($"{chain.Chain.Accounts[3].Address}", (string)again["claims"]![0]!["claimant"]!);

        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        JsonNode final = (await chain.JsonAsync(4, "finalise", $"{id}"))["rounds"]![0]!;
        Assert.Equal("Scored", (string)final["outcome"]!);
        await chain.RepeatAsync(4, "finalise", $"{id}");
        BigInteger rewards = 0;
        FolderStore store = new(chain.Folder["store"]);
        foreach (int owner in (int[])[1, 2])
        {
            if (owner == 2)
            {
                // Nobody's file is needed to be paid: what the store has lost is scored again.
                Bytes32 results = (await chain.Market.Events.ClaimPostedAsync(id, 0)).Single().File;
                File.Delete(store.PathOf(results.ToContentHash()));
            }

            JsonNode claimed = await chain.JsonAsync(owner, "claim", $"{id}");
            Assert.Equal(Amount(again["participants"]![owner - 1]!, "reward"), Amount(claimed, "claimed"));
            Assert.Equal(Wei.FromEther("0.3").Amount, Amount(claimed, "stakeWei"));
            rewards += Amount(claimed, "claimed");
            await chain.RepeatAsync(owner, "claim", $"{id}");
            await chain.RepeatAsync(owner, "withdraw", $"{id}");
        }

        Assert.True(rewards > 0);
        Address elsewhere = Address.Parse($"0x{new string('7', 40)}");
        JsonNode bond = await chain.JsonAsync(3, "claim", $"{id}", "--recipient", $"{elsewhere}");
        Assert.Equal(Wei.FromEther("0.21").Amount, Amount(bond, "bondsWei"));
        Assert.Equal(Wei.FromEther("0.21"), await chain.Chain.Client.GetBalanceAsync(elsewhere));
        await chain.RepeatAsync(3, "claim", $"{id}");
        await chain.RefusedAsync("revealed nothing in round 1", 5, "claim", $"{id}");

        // What is left is burned: what nobody earned, two thirds of the audit fee, and what the roundings leave.
        Assert.Equal(
            Wei.FromEther("3.02").Amount - rewards,
            (await chain.Chain.Client.GetBalanceAsync(chain.Market.Address)).Amount);
        Assert.InRange(Wei.FromEther("3").Amount - rewards - Amount(final, "burned"), 0, 1);

        JsonNode shown = await chain.JsonAsync(null, "show", $"{id}");
        Assert.Equal(
            ("Closed", "small", "Scored"),
            ((string)shown["phase"]!, (string)shown["name"]!, (string)shown["rounds"]![0]!["outcome"]!));
        Assert.Equal((await chain.Market.GetTaskAsync(id)).Terms.ProgramRoot.ToString(), (string)shown["programRoot"]!);
        Assert.Equal(
            (await chain.Market.Events.RevealedAsync(id, 0)).Select(one => one.UpdateRoot.ToString()),
            shown["rounds"]![0]!["reveals"]!.AsArray().Select(one => (string)one!["updateRoot"]!));
        Assert.Equal(1UL, (ulong)(await chain.JsonAsync(null, "list"))["count"]!);
    }

    // Two updates are missing from the store: one is shown on demand, the other is out, for everybody.
    [RequiresFact("node", "npm")]
    public async Task Task_UpdatesWithheld_AreAnsweredOrOutAndTheirStakeBurned()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishWithAsync(1, "--delivery", "demand", "--answer-seconds", "3600");
        await chain.CommitAsync(1, id);
        await chain.CommitAsync(2, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}");
        await chain.JsonAsync(2, "reveal", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Answer);
        await chain.RepeatAsync(3, "demand", $"{id}"); // Nothing is missing.
        FolderStore store = new(chain.Folder["store"]);
        foreach (Revealed reveal in await chain.Market.Events.RevealedAsync(id, 0))
        {
            File.Delete(store.PathOf(reveal.UpdateHash.ToContentHash()));
        }

        CommandLineResult demanded = await chain.TaskAsync(3, "demand", $"{id}", "--json");
        Assert.True(demanded.ExitCode == 0, demanded.Error);
        Assert.Contains("of fees for 2 pieces of 2 updates", demanded.Error, StringComparison.Ordinal);
        Assert.Equal(2, JsonNode.Parse(demanded.Output)!["demanded"]!.AsArray().Count);
        await chain.RepeatAsync(3, "demand", $"{id}");
        JsonNode shown = await chain.JsonAsync(1, "show", $"{id}");
        Assert.Contains(
            shown["next"]!.AsArray(), step => ((string)step!).StartsWith($"research task answer {id}: "
                + "until", StringComparison.Ordinal));
        await chain.RefusedAsync("is held until the demanded pieces of the update are shown", 1, "withdraw", $"{id}");
        Assert.Equal(1, (int)(await chain.JsonAsync(1, "answer", $"{id}"))["shown"]!);
        await chain.RepeatAsync(1, "answer", $"{id}");

        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
        await chain.JsonAsync(0, "open", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        JsonNode scored = await chain.JsonAsync(3, "score", $"{id}", "--seal");
        Assert.True(Amount(scored["participants"]![0]!, "reward") > 0);
        Assert.Equal(0, Amount(scored["participants"]![1]!, "reward"));
        Assert.Contains("not shown on "
            + "demand", (string)scored["participants"]![1]!["reason"]!, StringComparison.Ordinal);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Post);
        await chain.JsonAsync(3, "score", $"{id}", "--post");
        string silent = $"{chain.Chain.Accounts[2].Address}";
        JsonNode forfeit = await chain.JsonAsync(4, "forfeit", $"{id}", silent);
        Assert.Equal(Wei.FromEther("0.3").Amount, Amount(forfeit, "stakeWei"));
        await chain.RepeatAsync(4, "forfeit", $"{id}", silent);
        await chain.RefusedAsync("is not lost: it did "
            + "what", 4, "forfeit", $"{id}", $"{chain.Chain.Accounts[1].Address}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        await chain.JsonAsync(4, "finalise", $"{id}");
        JsonNode claimed = await chain.JsonAsync(1, "claim", $"{id}");
        Assert.Equal(Amount(scored["participants"]![0]!, "reward"), Amount(claimed, "claimed"));
        JsonNode scorer = await chain.JsonAsync(3, "claim", $"{id}");
        Assert.Equal(Wei.FromEther("0.21").Amount, Amount(scorer, "bondsWei"));
        Assert.True(Amount(scorer, "feesWei") > 0);
        await chain.RepeatAsync(3, "claim", $"{id}");
        Assert.Equal(
            Wei.FromEther("3.32").Amount - Amount(claimed, "claimed"), // With the stake that is burned.
            (await chain.Chain.Client.GetBalanceAsync(chain.Market.Address)).Amount);
    }

    [RequiresFact("node", "npm")]
    public async Task Task_NobodyReveals_IsRefundedAndTheStakeBurned()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Answer);
        await chain.RefusedAsync("is lost: the commitment of round 1 was not revealed", 1, "withdraw", $"{id}");
        string silent = $"{chain.Chain.Accounts[1].Address}";
        await chain.JsonAsync(3, "forfeit", $"{id}", silent);
        await chain.RepeatAsync(3, "forfeit", $"{id}", silent);
        await chain.AdvanceAsync(id, 0, schedule => schedule.End);
        Assert.Equal("Empty", (string)(await chain.JsonAsync(3, "finalise", $"{id}"))["rounds"]![0]!["outcome"]!);
        JsonNode shown = await chain.JsonAsync(0, "show", $"{id}");
        Assert.Contains($"research task refund {id}", (string)shown["next"]![0]!, StringComparison.Ordinal);

        JsonNode refund = (await chain.JsonAsync(5, "refund", $"{id}"))["rounds"]![0]!;

        Assert.Equal(
            (Wei.FromEther("3").Amount, Wei.FromEther("0.03").Amount),
            (Amount(refund, "amount"), Amount(refund, "auditFeeWei")));
        await chain.RepeatAsync(5, "refund", $"{id}");
        Assert.Equal(Wei.FromEther("0.3"), await chain.Chain.Client.GetBalanceAsync(chain.Market.Address));
    }

    // Round 1 is empty and refunded, round 2 pays: all in the token, whose sponsor let the market take exactly the
    // pool.
    [RequiresFact("node", "npm")]
    public async Task Task_PoolInAToken_IsShownTakenPaidAndRefundedInIt()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        Address token = await TestToken.DeployAsync(chain.Chain.Client, chain.Chain.Accounts[0]);
        string[] publish = [.. chain.Publication(2, "12.5"), "--token", $"{token}"];
        CommandLineResult tooFine = await chain.TaskAsync(
            0, [.. chain.Publication(2, "0.0000001"), "--token", $"{token}"]);
        Assert.Contains("with at most 6 decimals, got 0.0000001", tooFine.Error, StringComparison.Ordinal);
        await chain.RefusedAsync(
            "has 1000 TST of the token", 0, [.. chain.Publication(2, "1000.5"), "--token", $"{token}"]);

        CommandLineResult result = await chain.TaskAsync(0, publish);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains($"12.5 TST as the pool of 2 rounds (token {token})", result.Error, StringComparison.Ordinal);
        Assert.Contains("12.5 TST over 2 rounds", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            12_500_000, await TestToken.BalanceAsync(chain.Chain.Client, token, chain.Market.Address));
        await chain.RepeatAsync(0, publish);
        await chain.Chain.MineAsync();
        await chain.JsonAsync(0, "open", "1");
        await chain.AdvanceAsync(1, 0, schedule => schedule.End);
        await chain.JsonAsync( // Nobody revealed: that leaves the model as it was, final or not.
            null, "train", "1", "--data", "digits", "--ledger", chain.Folder["early"], "--epsilon-cap", "200",
            "--out", chain.Folder["early.safetensors"]);
        await chain.JsonAsync(4, "finalise", "1");
        JsonNode refund = await chain.JsonAsync(0, "refund", "1");
        Assert.Equal("6250000", (string)refund["rounds"]![0]!["amount"]!);
        Assert.Equal("TST", (string)refund["currency"]!["symbol"]!);
        await chain.CommitAsync(1, 1);
        await chain.PlayAsync(1, 1, 1);

        CommandLineResult explained = await chain.TaskAsync(null, "explain", "1", "--round", "2");
        CommandLineResult claimed = await chain.TaskAsync(1, "claim", "1");

        Assert.Matches("amount +[0-9.]+ TST = [0-9.]+ TST · ", explained.Output);
        Assert.True(claimed.ExitCode == 0, claimed.Error);
        Assert.Matches("claimed +[0-9.]+ TST of rewards", claimed.Output);
        Assert.True(await TestToken.BalanceAsync(chain.Chain.Client, token, chain.Chain.Accounts[1].Address) > 0);
        Assert.Contains("12.5 TST over 2 "
            + "rounds", (await chain.TaskAsync(null, "list")).Output, StringComparison.Ordinal);
    }

    // A round that gets there ends the task, and is paid for those not played.
    [RequiresFact("node", "npm")]
    public async Task Task_TargetAccuracyReached_EndsWithThatRound()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishWithAsync(2, "--target-accuracy", "1.2%", "--target", "1");
        Assert.Equal(2U, (await chain.Market.GetTaskAsync(id)).Terms.TargetRight); // 1.2 % of 90, rounded up.
        await chain.CommitAsync(1, id);
        await chain.PlayAsync(id, 0, 1);

        JsonNode claimed = await chain.JsonAsync(1, "claim", $"{id}");
        JsonNode shown = await chain.JsonAsync(null, "show", $"{id}");

        Assert.Equal(Wei.FromEther("3").Amount, Amount(claimed, "claimed"));
        Assert.Equal(Wei.FromEther("0.3").Amount, Amount(claimed, "stakeWei"));
        Assert.Equal(("Closed", 1), ((string)shown["phase"]!, (int)shown["terms"]!["rounds"]!));
        await chain.RepeatAsync(4, "finalise", $"{id}");
    }

    [RequiresFact("node", "npm")]
    public async Task Commit_TaskWithAList_TakesOnlyThoseOnIt()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string list = chain.Folder.Write(
            "list.txt", $"# Who may.\n{chain.Chain.Accounts[1].Address}\n\n{chain.Chain.Accounts[3].Address}\n");
        string other = chain.Folder.Write("other.txt", $"{chain.Chain.Accounts[2].Address}\n");
        ulong id = await chain.PublishWithAsync(1, "--allow", list);
        string update = chain.Folder["update.safetensors"];
        await chain.JsonAsync(
            null, "train", $"{id}", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200",
            "--out", update);
        string[] commit = ["commit", $"{id}", "--update", update];

        await chain.RefusedAsync("name that list with --allow", 1, commit);
        await chain.RefusedAsync("is another list than that of task", 2, [.. commit, "--allow", other]);
        await chain.RefusedAsync("is not among the 2 accounts that may take part", 2, [.. commit, "--allow", list]);
        await chain.JsonAsync(1, [.. commit, "--allow", list]);

        Assert.Equal(
            Standing.Committed, (await chain.Market.PositionOfAsync(id, chain.Chain.Accounts[1].Address)).Standing);
    }

    // What a public chain's market would refuse is refused before anything is sent, a market of one's own included.
    [RequiresFact("node", "npm")]
    public async Task Publish_PublicChain_RefusesTermsThatItsMarketWould()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        await chain.AnvilAsync("anvil_setChainId", JsonValue.Create(11_155_111));
        string[] publish = [.. chain.Publication(2), "--again", "--even-if-unfair"];
        ulong block = await chain.Chain.Client.GetBlockNumberAsync();

        await RefusedAsync("--refute-seconds: expected 129600 to 1209600", publish);
        await RefusedAsync("--refute-seconds: expected 129600 to 1209600", [.. publish, "--deploy"]);
        await RefusedAsync("--bond: expected 0.075 ETH or more", With("--refute-seconds", "129600", "--bond", "0.07"));
        await RefusedAsync(
            "--commit-seconds: expected 1296000 (ten refute windows)",
            [.. With("--refute-seconds", "129600", "--bond", "0.2"), "--target-accuracy", "0.9"]);
        Assert.Equal(block, await chain.Chain.Client.GetBlockNumberAsync());

        // The rest is the contract's word.
        await RefusedAsync(
            "TermOutOfRange(field: \"revealSeconds\"", With("--refute-seconds", "129600", "--bond", "0.2"));

        string[] With(string first, string firstValue, string second, string secondValue)
        {
            string[] changed = [.. publish];
            changed[Array.IndexOf(changed, first) + 1] = firstValue;
            changed[Array.IndexOf(changed, second) + 1] = secondValue;
            return changed;
        }

        async Task RefusedAsync(string why, string[] options)
        {
            CommandLineResult one = await chain.TaskAsync(0, options);
            Assert.Equal((1, ""), (one.ExitCode, one.Output));
            Assert.Contains(why, one.Error, StringComparison.Ordinal);
        }
    }

    [RequiresFact("node", "npm")]
    public async Task Verbs_LockMoney_SayWhatAndUntilWhenBefore()
    {
        await using TaskChain chain = await TaskChain.StartAsync();

        CommandLineResult published = await chain.TaskAsync(0, chain.Publication(1));
        CommandLineResult twice = await chain.TaskAsync(0, chain.Publication(1));
        CommandLineResult again = await chain.TaskAsync(0, [.. chain.Publication(1), "--again"]);
        await chain.JsonAsync(5, "pin", "1");
        string update = chain.Folder["update.safetensors"];
        CommandLineResult trained = await chain.TaskAsync(
            null, "train", "1", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200",
            "--out", update);
        CommandLineResult committed = await chain.TaskAsync(1, "commit", "1", "--update", update);
        CommandLineResult shown = await chain.TaskAsync(
            null, "show", "1", "--account", $"{chain.Chain.Accounts[1].Address}");

        Assert.Equal((0, 0, 0), (published.ExitCode, twice.ExitCode, again.ExitCode));
        foreach (string words in (string[])[
            "3 ETH as the pool of 1 round, and 0.03 ETH of audit fees", "0.3 ETH from each participant",
            "0.2 ETH from each claimant", "commit until 20", "claims sealed until 20", "refute until 20", "90 of 180 "
            + "records"])
        {
            Assert.Contains(words, published.Error, StringComparison.Ordinal);
        }

        Assert.Contains("task 1 already, by", twice.Output, StringComparison.Ordinal);
        Assert.Contains("task 2, small", again.Output, StringComparison.Ordinal);
        Assert.Contains("a stake of 0.3 ETH", committed.Error, StringComparison.Ordinal);
        foreach (CommandLineResult one in (CommandLineResult[])[trained, committed])
        {
            Assert.Contains("3 ETH over 1 round", one.Error, StringComparison.Ordinal);
            Assert.Contains("reveal until 20", one.Error, StringComparison.Ordinal);
        }

        Assert.Contains("next        research task reveal 1, from 20", shown.Output, StringComparison.Ordinal);
        Assert.Contains("round 1     3 ETH, 1 committed, 0 revealed, 0 of 2 key chunks "
            + "open", shown.Output, StringComparison.Ordinal);
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

    // Nobody can refute it yet: it is seen, and said.
    [RequiresFact("node", "npm")]
    public async Task Task_FalseClaim_IsSeenBesideTheRightOne()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
        await chain.JsonAsync(0, "open", $"{id}");
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        await chain.JsonAsync(3, "score", $"{id}", "--seal");
        OpenTask task = await OpenTask.LoadAsync(chain.Market, new FolderStore(chain.Folder["store"]), id);
        ClaimResult greedy = (await new Scorer(task).ScoreAsync(0)).Claim with { Total = 7 };
        TrainingMarket liar = chain.Market.As(chain.Chain.Accounts[2]);
        Bytes32 salt = Bytes32.Random();
        await liar.SealClaimAsync(
            id, await liar.SealHashAsync(id, 0, chain.Chain.Accounts[2].Address, greedy, salt), task.Terms.Bond);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Post);
        await liar.PostClaimAsync(id, greedy, salt, Bytes32.Zero);
        JsonNode posted = await chain.JsonAsync(3, "score", $"{id}", "--post");

        CommandLineResult result = await chain.TaskAsync(null, "score", $"{id}", "--json");

        Assert.Equal((2, 2, 1), ((int)posted["place"]!, (int)posted["claims"]!, (int)posted["same"]!));
        Assert.Equal(1, result.ExitCode);
        JsonNode document = JsonNode.Parse(result.Output)!;
        Assert.False((bool)document["agrees"]!);
        Assert.Equal([false, true], document["claims"]!.AsArray().Select(claim => (bool)claim!["agrees"]!));
        Assert.StartsWith(
            "total: computed", (string)document["claims"]![0]!["differences"]![0]!, StringComparison.Ordinal);
        Assert.Contains($"research task watch {id} refutes it", result.Error, StringComparison.Ordinal);
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
        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
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
        Assert.Contains("--participant: 2 revealed nothing in round 1; 2 did, #0 to "
            + "#1.", nobody.Error, StringComparison.Ordinal);
    }

    private static BigInteger Amount(JsonNode document, string name) =>
        BigInteger.Parse((string)document[name]!, System.Globalization.CultureInfo.InvariantCulture);
}
