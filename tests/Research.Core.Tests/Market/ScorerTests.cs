using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Tests.Federation;
using Research.Tests.Tools;

namespace Research.Tests.Market;

public sealed class ScorerTests
{
    // Nobody scores on what a store lacks: others, who have it, would score something else.
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_UpdateThatCanBeHadNowhere_RefusesInsteadOfScoringZero()
    {
        await using MarketScene scene = await MarketScene.StartAsync(Delivery.Demand);
        ModelUpdate[] updates = await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);
        File.Delete(scene.Store.PathOf(updates[1].Hash));
        MarketException missing = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await scene.Store.PutAsync(updates[1].Bytes);

        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);

        Assert.Contains("1 updates are neither in the store", missing.Message, StringComparison.Ordinal);
        Assert.Equal(2, scored.Results.Rewards.Count);
    }

    // What was committed to is a root; the file named with the reveal is anybody's word.
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_FileOfAnotherRoot_IsNoFile()
    {
        await using MarketScene scene = await MarketScene.StartAsync(Delivery.Demand);
        GlobalModel start = await scene.Task.StartingModelAsync(0);
        ModelUpdate committed = scene.Train(start, 0, 2);
        ModelUpdate shared = scene.Train(start, 0, 3);
        await scene.Store.PutAsync(shared.Bytes);
        TrainingMarket market = scene.Market.As(scene.Account(2));
        Bytes32 salt = Bytes32.Random();
        Bytes24 commitment = await market.CommitmentHashAsync(
            1, 0, scene.Account(2).Address, committed.Root.ToBytes32(), salt);
        await market.CommitAsync(1, commitment, scene.Task.Terms.Stake);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);
        await market.RevealAsync(1, committed.Root.ToBytes32(), shared.Hash.ToBytes32(), salt);
        await scene.OpenAsync(0);

        MarketException refused = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));

        Assert.Contains($"first that of {scene.Account(2).Address} (#0)", refused.Message, StringComparison.Ordinal);
    }

    // The chain alone has all that scoring needs but the sponsor's records and the model.
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_UpdatesInTheirReveals_NeedsNoFileOfAnUpdate()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        ModelUpdate[] updates = await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);

        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);

        Assert.All(updates, update => Assert.False(scene.Store.Contains(update.Hash)));
        Assert.All(scored.Results.Rewards, reward => Assert.True(reward.Points > 0));
        Bytes24 roster = Bytes24.Zero;
        foreach (Revealed reveal in scored.Reveals)
        {
            roster = TrainingMarket.NextRoster(
                roster, reveal.Index, reveal.Participant, reveal.UpdateRoot, reveal.Committed);
        }

        Assert.Equal((await scene.Market.GetRoundAsync(1, 0)).Roster, roster);
    }

    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_EventsReadFromTooLateABlock_RefusesInsteadOfMisassigningRewards()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);
        IReadOnlyList<Committed> commits = await scene.Market.Events.CommittedAsync(scene.Task.Id, 0);
        IReadOnlyList<Revealed> reveals = await scene.Market.Events.RevealedAsync(scene.Task.Id, 0);

        Assert.Contains("lack the publication", await RefusalAsync(commits[0].Log.BlockNumber + 1), StringComparison.Ordinal);
        Assert.Contains("lack the publication", await RefusalAsync(reveals[0].Log.BlockNumber + 1), StringComparison.Ordinal);
        Assert.Contains("newest block is", await RefusalAsync(1_000_000), StringComparison.Ordinal);

        async Task<string> RefusalAsync(ulong fromBlock)
        {
            TrainingMarket late = new(scene.Chain.Client, scene.Market.Address, null, fromBlock);
            return (await Assert.ThrowsAsync<MissingEventsException>(async () => await new Scorer(
                await OpenTask.LoadAsync(late, scene.Store, scene.Task.Id)).ScoreAsync(0))).Message;
        }
    }

    [RequiresFact("node", "npm")]
    public async Task CompareAsync_RivalClaims_NamesWhatDiffers()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        await scene.OpenAsync(0);
        Scorer scorer = new(scene.Task);
        ScoredRound scored = await scorer.ScoreAsync(0);
        Assert.Empty(await scorer.CompareAsync(scored));

        // Honest points with a poisoned model, opened before the right claim: both stand.
        ClaimResult poisoned = scored.Claim with { ModelRoot = Keccak256.Hash([1]) };
        TrainingMarket liar = scene.Market.As(scene.Account(3));
        Bytes24 seal = await liar.SealHashAsync(1, 0, scene.Account(3).Address, poisoned, Bytes32.Zero);
        await liar.SealClaimAsync(1, seal, scene.Task.Terms.Bond);
        Claimant honest = scene.Claimant(4);
        Assert.NotNull(await honest.SealAsync(scored));
        Assert.Null(await honest.SealAsync(scored)); // Sealed before: nothing is sent again.
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await liar.PostClaimAsync(1, poisoned, Bytes32.Zero, Bytes32.Zero);
        Assert.NotNull(await scene.Claimant(4).PostAsync(0)); // Another process finds the salt on disk.
        Assert.Null(await honest.PostAsync(0));

        IReadOnlyList<(ClaimPosted Claim, IReadOnlyList<string> Differences)> claims = await scorer.CompareAsync(scored);

        Assert.Equal([0, 1], claims.Select(claim => claim.Claim.Place));
        Assert.Equal(
            [$"model: computed {scored.Claim.ModelRoot}, claimed {poisoned.ModelRoot}"], claims[0].Differences);
        Assert.Empty(claims[1].Differences);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(scene.Own(4), "claims"))); // A reorganisation may ask for it.
    }

    [RequiresFact("node", "npm")]
    public async Task PostAsync_AnotherFolderOrNoSeal_SaysWhich()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        await scene.OpenAsync(0);
        await scene.Claimant(3).SealAsync(await new Scorer(scene.Task).ScoreAsync(0));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);

        FileNotFoundException lost = await Assert.ThrowsAsync<FileNotFoundException>(
            () => new Claimant(scene.Task, scene.Market.As(scene.Account(3)), scene.Own(8)).PostAsync(0));
        MarketException none = await Assert.ThrowsAsync<MarketException>(() => scene.Claimant(4).PostAsync(0));

        Assert.Contains("unopened, the bond is lost", lost.Message, StringComparison.Ordinal);
        Assert.Contains("has sealed no claim in round 1 of task 1", none.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task CollectAsync_ThreeRightClaims_ShareTheAuditFee()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        await scene.OpenAsync(0);
        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);
        foreach (int account in (int[])[3, 4, 5, 6])
        {
            await scene.Claimant(account).SealAsync(scored);
        }

        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        foreach (int account in (int[])[3, 4, 5, 6])
        {
            await scene.Claimant(account).PostAsync(0);
        }

        MarketException early = await Assert.ThrowsAsync<MarketException>(() => scene.Claimant(3).CollectAsync(0));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        await scene.Market.FinaliseAsync(1, 0, scene.Account(3).Address, scored.Claim);
        foreach (int account in (int[])[3, 4, 5, 6])
        {
            await scene.Claimant(account).CollectAsync(0);
            Assert.Null(await scene.Claimant(account).CollectAsync(0));
        }

        Wei bond = scene.Task.Terms.Bond;
        Wei third = new(scene.Task.Terms.AuditFee.Amount / 3);
        Assert.Contains("No claim is final in round 1", early.Message, StringComparison.Ordinal);
        Assert.Equal(
            [bond + third, bond + third, bond + third, bond],
            (await scene.Market.Events.BondPaidAsync(1, 0)).Select(paid => paid.Amount));
    }

    // Round 1 starts from what round 0 made, and anybody scores it from there; what round 0 did not earn goes on.
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_SecondRound_StartsFromTheFinalModelWithWhatWasCarried()
    {
        await using MarketScene scene = await MarketScene.StartAsync(change: terms => terms with { Target = 5_000_000 });
        await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);
        ScoredRound first = await scene.ClaimAsync(0, 3);
        await scene.CommitAndRevealAsync(1, 1, 2);
        await scene.OpenAsync(1);

        ScoredRound second = await new Scorer(scene.Task).ScoreAsync(1);

        Wei carried = (await scene.Market.GetTaskAsync(1)).Carried;
        Assert.Equal(Wei.FromEther("1") - Payout.Of(first.Pool, first.Results.Total, 5_000_000), carried);
        Assert.True(carried > Wei.Zero);
        Assert.Equal(Wei.FromEther("1") + carried, second.Pool);
        Assert.Equal(5_000_000UL, second.Divisor);
        Assert.Equal(first.Score.NextModel.Hash, (await scene.Task.StartingModelAsync(1)).Hash);
    }

    // The model that predicts as many right as the terms ask for ends the task, and is paid from all that is left.
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_TargetReached_PaysEverythingLeftAndEndsTheTask()
    {
        await using MarketScene scene = await MarketScene.StartAsync(change: terms => terms with { TargetRight = 1 });
        await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);

        ScoredRound scored = await scene.ClaimAsync(0, 3);

        Assert.Equal(Wei.FromEther("3"), scored.Pool);
        Assert.Equal(Phase.Closed, (await scene.Market.PhaseOfAsync(1)).Phase);
        Assert.Equal(1, (await OpenTask.LoadAsync(scene.Market, scene.Store, 1)).Terms.Rounds);
    }

    // Files are only names: who posts first can name what is not there, and nobody is held up by it.
    [RequiresFact("node", "npm")]
    public async Task StartingModelAsync_FinalClaimWithoutFiles_IsMadeByScoringAgain()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);
        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);
        TrainingMarket nameless = scene.Market.As(scene.Account(3));
        Bytes24 seal = await nameless.SealHashAsync(1, 0, scene.Account(3).Address, scored.Claim, Bytes32.Zero);
        await nameless.SealClaimAsync(1, seal, scene.Task.Terms.Bond);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await nameless.PostClaimAsync(1, scored.Claim, Bytes32.Zero, file: Bytes32.Zero);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        await scene.Market.FinaliseAsync(1, 0, scene.Account(3).Address, scored.Claim);
        Assert.False(scene.Store.Contains(scored.Results.Hash));

        GlobalModel start = await scene.Task.StartingModelAsync(1);

        Assert.Equal(scored.Score.NextModel.Hash, start.Hash);
        Assert.Equal(scored.Results.Rewards, (await scene.Task.ResultsAsync(0)).Rewards);
        Assert.True(scene.Store.Contains(scored.Results.Hash)); // For whoever comes next.
    }

    // A claim shows nothing to whoever could still seal a copy.
    [RequiresFact("node", "npm")]
    public async Task SealAsync_BeforeItIsOpened_SharesNothing()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        await scene.OpenAsync(0);
        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);

        await scene.Claimant(3).SealAsync(scored);
        bool[] before = [scene.Store.Contains(scored.Results.Hash), scene.Store.Contains(scored.Score.NextModel.Hash)];
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Post);
        await scene.Claimant(3).PostAsync(0);

        Assert.Equal([false, false], before);
        Assert.True(scene.Store.Contains(scored.Results.Hash) && scene.Store.Contains(scored.Score.NextModel.Hash));
    }

    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_NobodyRevealedOrKeysClosed_SaysWhich()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        MarketException none = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await scene.CommitAndRevealAsync(0, 1);
        MarketException closed = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await Assert.ThrowsAsync<ArgumentException>(
            () => scene.Sponsor.OpenKeysAsync(scene.Task, 0, FederatedDigits.Rounds[1]));
        Assert.Single(await scene.Sponsor.OpenKeysAsync(scene.Task, 0, FederatedDigits.Rounds[0]));
        Assert.Empty(await scene.Sponsor.OpenKeysAsync(scene.Task, 0, FederatedDigits.Rounds[0]));
        File.Delete(scene.Store.PathOf(MarketScene.Spec.Task!.Evaluation.Rounds[0].Sha256));
        MarketException gone = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));

        Assert.Contains("Nobody revealed an update in round 1", none.Message, StringComparison.Ordinal);
        Assert.Contains("expected 120 on chain, found 0. Its sponsor opens them", closed.Message, StringComparison.Ordinal);
        Assert.Contains("their sponsor puts them there", gone.Message, StringComparison.Ordinal);
    }
}
