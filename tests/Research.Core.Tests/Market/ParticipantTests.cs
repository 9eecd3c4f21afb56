using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Tests.Tools;

namespace Research.Tests.Market;

public sealed class ParticipantTests
{
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_NewInstanceOnTheSameFolder_RevealsWhatWasCommitted()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        ModelUpdate update = await scene.CommitAsync(1, 0);
        Assert.False(scene.Store.Contains(update.Hash)); // Nothing to copy before the reveal.
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);

        // The process that committed is gone; another finds everything on disk.
        OpenTask reloaded = await OpenTask.LoadAsync(scene.Market, scene.Store, scene.Task.Id);
        await new Participant(reloaded, scene.Market.As(scene.Account(1)), scene.Own(1)).RevealAsync(0);

        Revealed revealed = Assert.Single(await scene.Market.Events.RevealedAsync(1));
        Assert.Equal(update.Root.ToBytes32(), revealed.UpdateRoot);
        Assert.Equal(update.Hash.ToBytes32(), revealed.UpdateHash);
        Assert.Equal(update.Bytes.ToArray(), await scene.Store.GetAsync(update.Hash));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(scene.Own(1), "pending")));
        MarketException again = await Assert.ThrowsAsync<MarketException>(() => scene.Participant(1).RevealAsync(0));
        Assert.Contains("has revealed in round 1 of task 1 already, as #0", again.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task CommitAsync_Twice_RefusesAndKeepsTheFirstSalt()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAsync(1, 0);
        string pending = Path.Combine(scene.Own(1), "pending");
        string file = Assert.Single(Directory.EnumerateFiles(pending));
        byte[] before = await File.ReadAllBytesAsync(file);

        await Assert.ThrowsAsync<MarketException>(() => scene.CommitAsync(1, 0));

        Assert.Equal(file, Assert.Single(Directory.EnumerateFiles(pending)));
        Assert.Equal(before, await File.ReadAllBytesAsync(file));
    }

    // The first commitment was sent, and the process ended before it knew; another was prepared before it was mined.
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_TwoSaltsKept_PicksTheOneOnChain()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAsync(1, 0);
        string pending = Path.Combine(scene.Own(1), "pending");
        string file = Assert.Single(Directory.EnumerateFiles(pending));
        Bytes32 other = Bytes32.Random();
        await File.WriteAllTextAsync(
            Path.Combine(pending, Path.GetFileName(file)[..^71] + $"{other}.json"),
            (await File.ReadAllTextAsync(file))
                .Replace("\"salt\": \"0x", "\"salt\": \"0x00", StringComparison.Ordinal));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);

        await scene.Participant(1).RevealAsync(0);

        Assert.Single(await scene.Market.Events.RevealedAsync(1));
        Assert.Empty(Directory.EnumerateFiles(pending));
    }

    [RequiresFact("node", "npm")]
    public async Task RevealAsync_AnotherFolderOrNoCommitment_SaysWhich()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAsync(1, 0);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);

        FileNotFoundException lost = await Assert.ThrowsAsync<FileNotFoundException>(
            () => new Participant(scene.Task, scene.Market.As(scene.Account(1)), scene.Own(8)).RevealAsync(0));
        MarketException none = await Assert.ThrowsAsync<MarketException>(() => scene.Participant(2).RevealAsync(0));

        Assert.Contains("without the salt the stake is lost", lost.Message, StringComparison.Ordinal);
        Assert.Contains("has no commitment in round 1 of task 1", none.Message, StringComparison.Ordinal);
    }

    // Nobody scored round 0, its committer did not reveal, and no block was mined since: the newest block still says
    // round 0.
    [RequiresFact("node", "npm")]
    public async Task CommitAsync_AfterAForfeitOnAQuietChain_SendsANewStake()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAsync(1, 0);
        GlobalModel start = GlobalModel.Initial(MarketScene.Spec);
        await scene.Chain.Client.ReadAsync("evm_increaseTime", [4 * 24 * 60 * 60], CancellationToken.None);
        Assert.Equal(0, (await scene.Market.PhaseOfAsync(scene.Task.Id)).Round);

        await scene.Participant(1).CommitAsync(scene.Train(start, 1, 1));

        Assert.Equal(scene.Task.Terms.Stake, Assert.Single(await scene.Market.Events.StakeForfeitedAsync(1)).Amount);
        Assert.Equal(scene.Task.Terms.Stake, await scene.Market.StakeOfAsync(1, scene.Account(1).Address));
    }

    [RequiresFact("node", "npm")]
    public async Task ClaimDefaultAsync_AfterAChallenge_PaysEqualPartsAndTheNextRoundStartsAnew()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2);
        Scorer scorer = new(scene.Task);
        ScoredRound scored = await scorer.ScoreAsync(0);
        await scorer.PostAsync(scene.Market.As(scene.Account(3)), scored);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Challenge);
        await scene.Market.As(scene.Account(4)).ChallengeAsync(1, Bytes32.Random(), scene.Task.Terms.Bond);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        await scene.Market.FinaliseAsync(1, 0);

        await scene.Participant(1).ClaimDefaultAsync(0);
        await scene.Participant(2).ClaimAsync(scored); // The same way out where a scoring is at hand.

        IReadOnlyList<Claimed> claims = await scene.Market.Events.ClaimedAsync(1, 0);
        Assert.Equal([Wei.FromEther("0.5"), Wei.FromEther("0.5")], claims.Select(claim => claim.Amount));
        Assert.Equal(GlobalModel.Initial(MarketScene.Spec).Hash, (await scene.Task.StartingModelAsync(1)).Hash);
    }
}
