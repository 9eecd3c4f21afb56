using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Tests.Tools;

namespace Research.Tests.Market;

public sealed class ScorerTests
{
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_MissingAndGarbageUpdates_ScoreZeroWithTheReason()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        ModelUpdate[] updates = await scene.CommitAndRevealAsync(0, 1, 2, 3);
        File.Delete(scene.Store.PathOf(updates[1].Hash));
        await File.WriteAllTextAsync(scene.Store.PathOf(updates[2].Hash), "garbage");

        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);

        Assert.True(scored.Claims.Claims[0].Amount > Wei.Zero);
        Assert.All(scored.Claims.Claims.Skip(1), claim => Assert.Equal(Wei.Zero, claim.Amount));
        Assert.Equal("its update is not in the store", scored.Score.Participants[1].Reason);
        Assert.Contains("expected content with SHA-256", scored.Score.Participants[2].Reason, StringComparison.Ordinal);
    }

    // What was committed to is a root; the hash named with the reveal is anybody's word.
    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_FileOfAnotherRootOrNone_ScoresZeroWithTheReason()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        GlobalModel start = await scene.Task.StartingModelAsync(0);
        ModelUpdate committed = scene.Train(start, 0, 2);
        ModelUpdate shared = scene.Train(start, 0, 3);
        await scene.Store.PutAsync(shared.Bytes);
        await scene.CommitAsync(1, 0);
        Bytes32 swapped = await CommitByHandAsync(scene, 2, committed);
        Bytes32 absent = await CommitByHandAsync(scene, 3, shared);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);
        await scene.Participant(1).RevealAsync(0);
        await scene.Market.As(scene.Account(2))
            .RevealAsync(1, committed.Root.ToBytes32(), shared.Hash.ToBytes32(), swapped);
        await scene.Market.As(scene.Account(3)).RevealAsync(1, shared.Root.ToBytes32(), Bytes32.Random(), absent);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Score);

        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);

        Assert.True(scored.Claims.Claims[0].Amount > Wei.Zero);
        Assert.All(scored.Claims.Claims.Skip(1), claim => Assert.Equal(Wei.Zero, claim.Amount));
        Assert.Equal(
            $"update {shared.Hash}: expected numbers with the root {committed.Root} that was revealed, got {shared.Root}.",
            scored.Score.Participants[1].Reason);
        Assert.Equal("its update is not in the store", scored.Score.Participants[2].Reason);
    }

    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_EventsReadFromTooLateABlock_RefusesInsteadOfMisassigningRewards()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2);
        IReadOnlyList<Committed> commits = await scene.Market.Events.CommittedAsync(scene.Task.Id, 0);
        IReadOnlyList<Revealed> reveals = await scene.Market.Events.RevealedAsync(scene.Task.Id, 0);

        Assert.Contains("lack the publication", await RefusalAsync(commits[0].Log.BlockNumber + 1), StringComparison.Ordinal);
        Assert.Contains("lack the publication", await RefusalAsync(reveals[0].Log.BlockNumber + 1), StringComparison.Ordinal);
        Assert.Contains("newest block is", await RefusalAsync(1_000_000), StringComparison.Ordinal);

        async Task<string> RefusalAsync(ulong fromBlock)
        {
            TrainingMarket late = new(scene.Chain.Client, scene.Market.Address, null, fromBlock);
            OpenTask task = await OpenTask.LoadAsync(late, scene.Store, scene.Task.Id);
            return (await Assert.ThrowsAsync<MissingEventsException>(() => new Scorer(task).ScoreAsync(0))).Message;
        }
    }

    [RequiresFact("node", "npm")]
    public async Task DifferencesAsync_TamperedModel_IsFoundAndCanBeChallenged()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        Scorer scorer = new(scene.Task);
        ScoredRound scored = await scorer.ScoreAsync(0);
        Assert.Equal(["round 1 has no posted score"], await scorer.DifferencesAsync(scored));

        // Honest rewards with a poisoned model: the market refuses a challenge that names the same root.
        await scene.Market.As(scene.Account(3)).PostScoreAsync(
            1,
            scored.Claims.Root,
            scored.Claims.Total,
            Bytes32.Random(),
            scored.Score.TraceRoot.ToBytes32(),
            scene.Task.Terms.Bond);
        Assert.StartsWith(
            "model: computed ", Assert.Single(await scorer.DifferencesAsync(scored)), StringComparison.Ordinal);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Challenge);
        await scorer.ChallengeAsync(scene.Market.As(scene.Account(4)), scored);

        Assert.Equal(scene.Account(4).Address, (await scene.Market.GetRoundAsync(1, 0)).Challenger);
    }

    [RequiresFact("node", "npm")]
    public async Task ChallengeAsync_NothingPostedOrNothingDiffers_Refuses()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        Scorer scorer = new(scene.Task);
        ScoredRound scored = await scorer.ScoreAsync(0);
        MarketException early = await Assert.ThrowsAsync<MarketException>(
            () => scorer.ChallengeAsync(scene.Market, scored));
        await scorer.PostAsync(scene.Market.As(scene.Account(3)), scored);

        Assert.Equal([], await scorer.DifferencesAsync(scored));
        MarketException equal = await Assert.ThrowsAsync<MarketException>(
            () => scorer.ChallengeAsync(scene.Market, scored));

        Assert.Contains("has no posted score", early.Message, StringComparison.Ordinal);
        Assert.Contains("agrees with the posted one", equal.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task ScoreAsync_NobodyRevealedOrEvaluationClosed_SaysWhich()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        MarketException none = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await scene.CommitAndRevealAsync(0, 1);
        string keys = scene.Store.PathOfNamed(
            $"keys-{Convert.ToHexStringLower(MarketScene.Spec.Task!.Evaluation.Rounds[0].Records.ToArray())}-all");
        byte[] honest = await File.ReadAllBytesAsync(keys);
        File.Delete(keys);
        MarketException closed = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await File.WriteAllBytesAsync(keys, [.. honest[..^1], (byte)(honest[^1] ^ 1)]);
        MarketException wrong = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await File.WriteAllBytesAsync(keys, [.. honest, 0]);
        MarketException longer = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        File.Delete(scene.Store.PathOf(MarketScene.Spec.Task!.Evaluation.Rounds[0].Sha256));
        MarketException gone = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));

        Assert.Contains("Nobody revealed an update in round 1", none.Message, StringComparison.Ordinal);
        Assert.Contains("its sponsor opens them", closed.Message, StringComparison.Ordinal);
        Assert.Contains($"{keys}: expected the root (keys) ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains($"{keys}: expected at most 3840 bytes, got 3841", longer.Message, StringComparison.Ordinal);
        Assert.Contains("their sponsor puts them there", gone.Message, StringComparison.Ordinal);
    }

    private static async Task<Bytes32> CommitByHandAsync(MarketScene scene, int account, ModelUpdate update)
    {
        TrainingMarket market = scene.Market.As(scene.Account(account));
        Address participant = scene.Account(account).Address;
        Bytes32 salt = Bytes32.Random();
        Bytes32 commitment = await market.CommitmentHashAsync(
            scene.Task.Id, update.Round, participant, update.Root.ToBytes32(), salt);
        await market.CommitAsync(scene.Task.Id, commitment, scene.Task.Terms.Stake);
        return salt;
    }
}
