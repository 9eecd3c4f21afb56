using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation.Adversaries;
using Research.Federation.Refutation;
using Research.Federation.Trace;
using Research.Market;
using Research.Market.Watching;
using Research.Tests.Tools;

namespace Research.Tests.Market.Watching;

/// <summary>Watchers against liars on a real chain. Account 0 sponsors, 1 and 2 train, 3 lies, 4 watches.</summary>
public sealed class WatcherTests
{
    private const int Liar = 3;
    private const int Honest = 4;

    // It contradicts its own trace, which everybody has: one transaction, after its announcement.
    [RequiresFact("node", "npm")]
    public async Task PassAsync_WrongTotalWithTheRightTrace_FallsAtOnceAndTheRestIsPaid()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        await SealAsync(scene, Liar, right.Claim with { Total = right.Claim.Total + 1 });
        Assert.Equal([WatchAction.Scored, WatchAction.Sealed], await ActionsAsync(scene));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, right.Claim with { Total = right.Claim.Total + 1 });

        // Another watcher each time, as after a crash: all that it knows is on chain and in its folder.
        Assert.Equal(
            [
                WatchAction.Posted,
                WatchAction.Scored,
                WatchAction.FoundWrong,
                WatchAction.Announced,
                WatchAction.Refuted,
                WatchAction.Struck,
            ],
            await ActionsAsync(scene));
        Assert.Equal([WatchAction.Scored], await ActionsAsync(scene));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        Assert.Equal(
            [WatchAction.Scored, WatchAction.Finalised, WatchAction.BondCollected], await ActionsAsync(scene));
        Assert.Empty(await ActionsAsync(scene));

        BondLost lost = Assert.Single(await scene.Market.Events.BondLostAsync(1, 0));
        Assert.Equal(
            (scene.Account(Liar).Address, scene.Account(Honest).Address), (lost.Claimant, lost.Winner));
        Assert.Equal(scene.Task.Terms.Bond, lost.Amount + lost.Burned);
        Assert.True(lost.Amount >= scene.Task.Terms.Bond / 2);
        RoundFinalised end = Assert.Single(await scene.Market.Events.RoundFinalisedAsync(1, 0));
        Assert.Equal((Outcome.Scored, scene.Account(Honest).Address), (end.Outcome, end.Claimant));
    }

    [RequiresFact("node", "npm")]
    public async Task PassAsync_AnnouncedByAProcessThatDied_IsSent()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        ClaimResult wrong = right.Claim with { Total = right.Claim.Total + 1 };
        await SealAsync(scene, Liar, wrong);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, wrong);
        RefuterCase claimed = new(scene.Market.Address, 1, 0, scene.Account(Liar).Address, wrong);
        TraceRefuter refuter = new(right.Scored.Score, right.Scored.Results.Leaves, _ => true);
        FieldRefutation found = refuter.RefuteFields(wrong.ModelRoot.ToTreeHash(), wrong.Total, wrong.Right)!;
        Address self = scene.Account(Honest).Address;
        await scene.Market.Refuter.As(scene.Account(Honest))
            .IntendAsync(RefutationCalls.Of(scene.Task, claimed, found).IntentOf(self));

        Assert.Equal(
            [WatchAction.Scored, WatchAction.FoundWrong, WatchAction.Refuted, WatchAction.Struck],
            await ActionsAsync(scene));
    }

    [RequiresFact("node", "npm")]
    public async Task PassAsync_BlocksThatAreNoMore_AreMadeUpFor()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        ClaimResult wrong = right.Claim with { Total = right.Claim.Total + 1 };
        await SealAsync(scene, Liar, wrong);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, wrong);
        using Watcher watcher = Watch(scene, Honest);
        IReadOnlyList<WatchEvent> first = await watcher.PassAsync();
        await scene.Chain.Client.ReadAsync("anvil_rollback", [JsonValue.Create(3)], CancellationToken.None);
        await Task.Delay(TimeSpan.FromMilliseconds(200)); // In a row of sends, no block comes that soon after another.
        MarketClaim between = await scene.Market.ClaimOfAsync(1, 0, scene.Account(Liar).Address);

        IReadOnlyList<WatchEvent> again = await watcher.PassAsync();

        WatchAction[] whole = [WatchAction.FoundWrong, WatchAction.Announced, WatchAction.Refuted, WatchAction.Struck];
        Assert.Equal(whole, first.Skip(1).Select(one => one.Action));
        Assert.Equal(ClaimState.Posted, between.State);
        Assert.Equal(whole, again.Select(one => one.Action));
        Assert.Equal(
            ClaimState.Fallen, (await scene.Market.ClaimOfAsync(1, 0, scene.Account(Liar).Address)).State);
    }

    // Its claimant answers everything: what is wrong is found all the same, at the byte.
    [RequiresTheory("node", "npm")]
    [InlineData(0.0001)]
    [InlineData(0.4)]
    [InlineData(0.9)]
    public async Task PassAsync_OneByteOfTheTraceChanged_IsDemandedDownToItsStep(double where)
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        long address = (long)(right.Trace.Bytes * where);
        ForgedTrace tree = new(right.Trace, address);
        ClaimResult wrong = right.Claim with { TraceRoot = tree.Root.ToBytes32() };
        RefuterCase claimed = new(scene.Market.Address, 1, 0, scene.Account(Liar).Address, wrong);
        await SealAsync(scene, Liar, wrong);
        using Watcher watcher = Watch(scene, Honest);
        await watcher.PassAsync();
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, wrong);

        int levels = Descent.Levels(right.Trace.Depth);
        for (int level = 0; level < levels; level++)
        {
            IReadOnlyList<WatchEvent> events = await watcher.PassAsync([1]);
            WatchEvent asked = Assert.Single(events, one => one.Action == WatchAction.NodeDemanded);
            Assert.Equal((CaseTree.Trace, level, levels), (asked.Tree, asked.Level, asked.Levels));
            Assert.Contains(await watcher.PassAsync(), one => one.Action == WatchAction.NodeAwaited);
            NodeDemanded demand = (await scene.Market.Refuter.Events.NodeDemandedAsync(claimed.Id))[^1];
            await scene.Market.Refuter.As(scene.Account(Liar)).AnswerAsync(
                claimed.Id, demand.Tree, demand.Level, tree.Answer(demand.Level, (long)demand.Index));
        }

        IReadOnlyList<WatchEvent> last = await watcher.PassAsync();

        Assert.Equal(
            [WatchAction.FoundWrong, WatchAction.Announced, WatchAction.Refuted, WatchAction.Struck],
            last.Take(4).Select(one => one.Action));
        Assert.Equal(address / 128 * 128, last[1].At);
        Assert.All(last.Skip(4), one => Assert.Equal(WatchAction.FeeCollected, one.Action));
        Assert.Equal(levels, last.Count - 4);
        Refuted fallen = Assert.Single(await scene.Market.Refuter.Events.RefutedAsync(claimed.Id));
        Assert.Equal(scene.Account(Honest).Address, fallen.Winner);
        Assert.InRange((long)fallen.At!, address - 128, address);
    }

    [RequiresFact("node", "npm")]
    public async Task PassAsync_TraceThatNobodyHas_FallsForWantOfAnAnswer()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        ClaimResult wrong = right.Claim with { TraceRoot = Keccak256.Hash([1]) };
        await SealAsync(scene, Liar, wrong);
        await SealAsync(scene, 5, wrong); // Two accounts, one case.
        await ActionsAsync(scene);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, wrong);
        await PostAsync(scene, 5, wrong);
        IReadOnlyList<WatchEvent> asked = await EventsAsync(scene);
        Schedule schedule = scene.Task.Terms.ScheduleOf(0);
        await scene.AdvanceAsync(schedule.Refute + (scene.Task.Terms.RefuteSeconds / 2) - 3600);
        IReadOnlyList<WatchEvent> early = await EventsAsync(scene);
        await scene.AdvanceAsync(schedule.Refute + (scene.Task.Terms.RefuteSeconds / 2));

        IReadOnlyList<WatchEvent> late = await EventsAsync(scene);

        Assert.Equal(2, Assert.Single(asked, one => one.Action == WatchAction.FoundWrong).Count);
        Assert.Contains(asked, one => one.Action == WatchAction.NodeDemanded);
        Assert.Equal(
            schedule.Refute + (scene.Task.Terms.RefuteSeconds / 2),
            Assert.Single(early, one => one.Action == WatchAction.NodeAwaited).Until);
        Assert.Equal(
            [
                WatchAction.Scored,
                WatchAction.FoundWrong,
                WatchAction.Expired,
                WatchAction.Struck,
                WatchAction.Struck,
                WatchAction.FeeCollected,
            ],
            late.Select(one => one.Action));
        Assert.Equal(
            asked.Single(one => one.Action == WatchAction.NodeDemanded).Amount,
            late.Single(one => one.Action == WatchAction.FeeCollected).Amount);
    }

    // Whoever says other points has them in a file: nothing need be demanded.
    [RequiresFact("node", "npm")]
    public async Task PassAsync_OtherPointsInAFile_AreRefutedByIt()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        RoundResults honest = right.Scored.Results;
        Reward[] other = [honest.Rewards[0], honest.Rewards[1] with { Points = honest.Rewards[1].Points + 1 }];
        RoundResults results = new(other, honest.Model, honest.Direction);
        await scene.Store.PutAsync(results.Bytes);
        ClaimResult wrong = right.Claim with { ResultsRoot = results.Root.ToBytes32() };
        await SealAsync(scene, Liar, wrong);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, wrong, results.Hash.ToBytes32());

        Assert.Equal(
            [
                WatchAction.Scored,
                WatchAction.FoundWrong,
                WatchAction.Announced,
                WatchAction.Refuted,
                WatchAction.Struck,
            ],
            await ActionsAsync(scene));

        // Nobody says what is right: once what is wrong fell, the round is burned.
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        WatchEvent end = Assert.Single(await EventsAsync(scene), one => one.Action == WatchAction.Finalised);
        Assert.Equal(Outcome.Unscored, end.Outcome);
    }

    // Whoever doubts a right claim is answered, and pays for it: the party at once, another claimant when half of the time is
    // over.
    [RequiresFact("node", "npm")]
    public async Task PassAsync_DemandsOfRightClaims_AreAnsweredForTheirFees()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        await ActionsAsync(scene);
        await ActionsAsync(scene, account: 5);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await ActionsAsync(scene);
        await ActionsAsync(scene, account: 5);
        RefuterCase claimed = new(scene.Market.Address, 1, 0, scene.Account(Honest).Address, right.Claim);
        Refuter refuter = scene.Market.Refuter.As(scene.Account(6));
        Wei fee = await refuter.FeeAsync() * 2;
        await refuter.DemandAsync(claimed, CaseTree.Trace, 0, 0, right.Claim.TraceRoot, [], fee);
        await refuter.DemandAsync(claimed, CaseTree.Results, 0, 0, right.Claim.ResultsRoot, [], fee);

        IReadOnlyList<WatchEvent> waits = await EventsAsync(scene, account: 5);
        Assert.Equal(2, waits.Count(one => one.Action == WatchAction.AnswerDue));
        IReadOnlyList<WatchEvent> party = await EventsAsync(scene);
        Assert.Equal(2, party.Count(one => one.Action == WatchAction.NodeAnswered));

        // The next one is left to the other.
        await refuter.DemandAsync(
            claimed,
            CaseTree.Results,
            1,
            0,
            LeafTree.Root(right.Scored.Results.Leaves.Span[..128]).ToBytes32(),
            [LeafTree.Root(right.Scored.Results.Leaves.Span[128..]).ToBytes32()],
            fee);
        ulong due = (await refuter.Events.NodeDemandedAsync(claimed.Id))[^1].Due;
        await scene.AdvanceAsync(due - (scene.Task.Terms.RefuteSeconds / 4));
        IReadOnlyList<WatchEvent> own = await EventsAsync(scene, account: 5);
        Assert.Equal(fee, Assert.Single(own, one => one.Action == WatchAction.NodeAnswered).Amount);

        CaseBoard board = await refuter.BoardOfAsync(claimed.Id);
        Assert.Equal((scene.Account(Honest).Address, 2, false), (board.Party, board.Levels, board.HasFallen));
        await scene.AdvanceAsync(board.Settled);
        IReadOnlyList<WatchEvent> ends = await EventsAsync(scene);
        Assert.Equal(
            [
                WatchAction.Scored,
                WatchAction.FeeCollected,
                WatchAction.FeeCollected,
                WatchAction.Finalised,
                WatchAction.BondCollected,
            ],
            ends.Select(one => one.Action));
        Assert.Equal(
            [WatchAction.FeeCollected, WatchAction.BondCollected], await ActionsAsync(scene, account: 5));
        Assert.Equal(3, (await refuter.Events.NodeFeePaidAsync(claimed.Id)).Count);
    }

    // One node stands in both trees, and is shown for each by another number of levels: what fits is taken.
    [RequiresFact("node", "npm")]
    public async Task PassAsync_OneRootForBothTrees_IsDescendedAllTheSame()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2, 5); // Three reveals: a tree of results of two levels.
        await scene.OpenAsync(0);
        using ScoredRoundOf right = await ScoreAsync(scene);
        int depth = right.Trace.Depth;
        Assert.NotEqual(2, depth % 4); // Else both open as many levels.
        ForgedTrace forged = new(right.Trace, right.Trace.Bytes / 2);
        Bytes32 root = forged.Root.ToBytes32();
        ClaimResult wrong = right.Claim with { TraceRoot = root, ResultsRoot = root };
        await SealAsync(scene, Liar, wrong);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await PostAsync(scene, Liar, wrong);
        RefuterCase claimed = new(scene.Market.Address, 1, 0, scene.Account(Liar).Address, wrong);
        Refuter liar = scene.Market.Refuter.As(scene.Account(Liar));
        Wei fee = await liar.FeeAsync() * 2;
        await liar.DemandAsync(claimed, CaseTree.Trace, 0, 0, root, [], fee);
        await liar.DemandAsync(claimed, CaseTree.Results, 0, 0, root, [], fee);
        await liar.AnswerAsync(claimed.Id, CaseTree.Trace, 0, forged.Answer(0, 0));
        await liar.AnswerAsync(claimed.Id, CaseTree.Results, 0, Descent.Answer(
            2, 0, 0, (level, index) => forged.Node(depth - 2 + level, index), _ => []));

        WatchEvent asked = Assert.Single(await EventsAsync(scene), one => one.Action == WatchAction.NodeDemanded);

        Assert.Equal((CaseTree.Trace, 1), (asked.Tree, asked.Level));
    }

    // A liar behind a right claim does not keep its bond, nor the fees, by being slow until the round is final.
    [RequiresFact("node", "npm")]
    public async Task PassAsync_WrongClaimBehindAFinalOne_IsPursuedToItsEnd()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        ForgedTrace forged = new(right.Trace, right.Trace.Bytes / 2);
        ClaimResult wrong = right.Claim with { TraceRoot = forged.Root.ToBytes32() };
        RefuterCase claimed = new(scene.Market.Address, 1, 0, scene.Account(Liar).Address, wrong);
        await SealAsync(scene, Liar, wrong);
        await ActionsAsync(scene);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await ActionsAsync(scene);
        await PostAsync(scene, Liar, wrong);
        await ActionsAsync(scene);
        await AnswerAsync();
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        IReadOnlyList<WatchEvent> ended = await EventsAsync(scene);
        await AnswerAsync();

        IReadOnlyList<WatchEvent> after = await EventsAsync(scene);
        NodeDemanded last = (await scene.Market.Refuter.Events.NodeDemandedAsync(claimed.Id))[^1];
        await scene.AdvanceAsync(last.Due);
        IReadOnlyList<WatchEvent> end = await EventsAsync(scene);

        Assert.Contains(ended, one => one is { Action: WatchAction.Finalised, Outcome: Outcome.Scored });
        Assert.Contains(after, one => one is { Action: WatchAction.NodeDemanded, Level: 2 });
        Assert.Contains(end, one => one.Action == WatchAction.Expired);
        Assert.Contains(end, one => one.Action == WatchAction.Struck);
        Assert.Equal(3, end.Count(one => one.Action == WatchAction.FeeCollected));

        async Task AnswerAsync()
        {
            Refuter liar = scene.Market.Refuter.As(scene.Account(Liar));
            NodeDemanded demand = (await liar.Events.NodeDemandedAsync(claimed.Id))[^1];
            await liar.AnswerAsync(
                claimed.Id, demand.Tree, demand.Level, forged.Answer(demand.Level, (long)demand.Index));
        }
    }

    // Thousands of demands must not get ahead of who answers: many go out at once, and a claimant does not wait for the party.
    [RequiresFact("node", "npm")]
    public async Task PassAsync_ManyDemandsOfARightClaim_AreAllAnsweredAtOnce()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        await ActionsAsync(scene);
        await SealAsync(scene, 6, right.Claim); // Who will be the party, and stay silent.
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await ActionsAsync(scene);
        await PostAsync(scene, 6, right.Claim);
        RefuterCase claimed = new(scene.Market.Address, 1, 0, scene.Account(6).Address, right.Claim);
        Refuter refuter = scene.Market.Refuter.As(scene.Account(6));
        Wei fee = await refuter.FeeAsync() * 2;
        int depth = right.Trace.Depth;
        await refuter.DemandAsync(claimed, CaseTree.Trace, 0, 0, right.Claim.TraceRoot, [], fee);
        int top = depth - (depth % 4 == 0 ? 4 : depth % 4);
        await DemandAsync(1, 0, top);
        await DemandAsync(2, 1L << (depth - top + 3), top - 4);
        for (int i = 0; i < 40; i++)
        {
            await DemandAsync(3, (1L << (depth - top + 7)) + i, top - 8); // From the middle on: no two are alike.
        }

        IReadOnlyList<WatchEvent> events = await EventsAsync(scene);

        Assert.Equal(43, events.Count(one => one.Action == WatchAction.NodeAnswered));
        Assert.DoesNotContain(events, one => one.Action is WatchAction.Failed or WatchAction.AnswerDue);

        async Task DemandAsync(int level, long index, int height)
        {
            List<Bytes32> siblings = [];
            for (int above = height; above < depth; above++)
            {
                siblings.Add(right.Trace.Node(above, (index >> (above - height)) ^ 1).ToBytes32());
            }

            Bytes32 node = right.Trace.Node(height, index).ToBytes32();
            await refuter.DemandAsync(claimed, CaseTree.Trace, level, (ulong)index, node, siblings, fee);
        }
    }

    [RequiresFact("node", "npm")]
    public async Task PassAsync_NobodySealed_ClaimsWhenThreeQuartersAreOver()
    {
        await using MarketScene scene = await SceneAsync();
        Schedule schedule = scene.Task.Terms.ScheduleOf(0);
        WatchOptions options = new() { Claims = WatchClaims.WhenNobody };

        Assert.Empty(await ActionsAsync(scene, options));
        await scene.AdvanceAsync(schedule.Post - ((schedule.Post - schedule.Score) / 4));
        Assert.Empty(await ActionsAsync(scene, new WatchOptions { Claims = WatchClaims.Never }));
        Assert.Equal([WatchAction.Scored, WatchAction.Sealed], await ActionsAsync(scene, options));
        Assert.Empty(await ActionsAsync(scene, options));
        Assert.Empty(await ActionsAsync(scene, options, account: 5)); // Somebody has.
        await scene.AdvanceAsync(schedule.Post);
        Assert.Equal(
            [WatchAction.Posted, WatchAction.Scored],
            await ActionsAsync(scene, new WatchOptions { Claims = WatchClaims.Never })); // What is sealed is opened.
    }

    // A round whose predecessor is not final yet starts from what that will be.
    [RequiresFact("node", "npm")]
    public async Task StartingModelAsync_PredecessorHeldUp_IsScoredHere()
    {
        await using MarketScene scene = await SceneAsync();
        using ScoredRoundOf right = await ScoreAsync(scene);
        await ActionsAsync(scene);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await ActionsAsync(scene);
        MarketException open = await Assert.ThrowsAsync<MarketException>(() => scene.Task.StartingModelAsync(1));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(1).Commit);

        OpenTask fresh = await OpenTask.LoadAsync(scene.Market, scene.Store, 1);
        Assert.Equal(0, (await scene.Market.GetTaskAsync(1)).Finalised);
        Assert.Equal(right.Scored.Score.NextModel.Hash, (await fresh.StartingModelAsync(1)).Hash);
        Assert.Contains("what the next round starts from is not known", open.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task Constructor_FolderThatAnotherWatcherHas_SaysWho()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        using (Watch(scene, Honest))
        {
            MarketException held = Assert.Throws<MarketException>(() => Watch(scene, Honest));
            using Watcher other = Watch(scene, 5);

            Assert.Contains($"process {Environment.ProcessId} on ", held.Message, StringComparison.Ordinal);
        }

        Watch(scene, Honest).Dispose();
    }

    [RequiresFact("node", "npm")]
    public async Task PassAsync_NodeAwayOrSpecificationMissing_SaysSoAndGoesOnLater()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        using EthereumClient nowhere = new(
            new Uri("http://127.0.0.1:9"), new EthereumClientOptions { ContactTimeout = TimeSpan.FromMilliseconds(200) });
        using Watcher away = new(
            new TrainingMarket(nowhere, scene.Market.Address, scene.Account(5)), scene.Store, scene.Own(5));
        using Watcher blind = new(
            scene.Market.As(scene.Account(6)), new Research.Storage.FolderStore(scene.Own(7)), scene.Own(6));

        Assert.Equal([WatchAction.NodeAway], (await away.PassAsync()).Select(one => one.Action));
        Assert.Equal([WatchAction.Skipped], (await blind.PassAsync()).Select(one => one.Action));
    }

    private static async Task<MarketScene> SceneAsync()
    {
        MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);
        return scene;
    }

    private static async Task<ScoredRoundOf> ScoreAsync(MarketScene scene) =>
        new(await new Scorer(scene.Task).ScoreAsync(0));

    private static Watcher Watch(MarketScene scene, int account, WatchOptions? options = null) => new(
        scene.Market.As(scene.Account(account)),
        scene.Store,
        scene.Own(account),
        options ?? new WatchOptions { Claims = account == Honest || account == 5 ? WatchClaims.Always : WatchClaims.Never });

    private static async Task<IReadOnlyList<WatchEvent>> EventsAsync(
        MarketScene scene, WatchOptions? options = null, int account = Honest)
    {
        using Watcher watcher = Watch(scene, account, options);
        return await watcher.PassAsync();
    }

    private static async Task<IEnumerable<WatchAction>> ActionsAsync(
        MarketScene scene, WatchOptions? options = null, int account = Honest) =>
        (await EventsAsync(scene, options, account)).Select(one => one.Action).ToArray();

    private static async Task SealAsync(MarketScene scene, int account, ClaimResult result)
    {
        TrainingMarket market = scene.Market.As(scene.Account(account));
        Bytes24 seal = await market.SealHashAsync(1, 0, scene.Account(account).Address, result, Bytes32.Zero);
        await market.SealClaimAsync(1, seal, scene.Task.Terms.Bond);
    }

    private static Task<TransactionReceipt> PostAsync(MarketScene scene, int account, ClaimResult result, Bytes32 file = default) =>
        scene.Market.As(scene.Account(account)).PostClaimAsync(1, result, Bytes32.Zero, file);

    /// <summary>A round as the tests score it; its trace is let go of.</summary>
    private sealed class ScoredRoundOf(ScoredRound scored) : IDisposable
    {
        public ScoredRound Scored => scored;

        public ClaimResult Claim => scored.Claim;

        public RoundTrace Trace => scored.Score.Trace;

        public void Dispose() => scored.Score.Trace.Dispose();
    }
}
