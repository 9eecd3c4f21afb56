using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Storage;
using Research.Tests.Tools;

namespace Research.Tests.Market;

public sealed class ParticipantTests
{
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_NewInstanceOnTheSameFolder_RevealsWhatWasCommitted()
    {
        await using MarketScene scene = await MarketScene.StartAsync(Delivery.Demand);
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
        Assert.Null(await scene.Participant(1).RevealAsync(0)); // Said again, it is done already.
        Assert.Single(await scene.Market.Events.RevealedAsync(1));
    }

    // A stake is worth more than a file that can be demanded.
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_TheServerIsAway_RevealsAndSaysThatNobodyCanFetchIt()
    {
        await using MarketScene scene = await MarketScene.StartAsync(Delivery.Demand);
        await scene.CommitAsync(1, 0);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);
        using HttpStore away = new(new Uri("http://127.0.0.1:1/"), new HttpStoreOptions { Attempts = 1 });
        OpenTask apart = await OpenTask.LoadAsync(scene.Market, new StoreList([scene.Store, away]), scene.Task.Id);
        Participant owner = new(apart, scene.Market.As(scene.Account(1)), scene.Own(1));

        MarketException unshared = await Assert.ThrowsAsync<MarketException>(() => owner.RevealAsync(0));

        Assert.Contains("is revealed", unshared.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", unshared.Message, StringComparison.Ordinal);
        Assert.Single(await scene.Market.Events.RevealedAsync(1));
        await Assert.ThrowsAsync<StoreException>(() => owner.ShareAsync(0));
    }

    // What opens a commitment is kept while a reorganisation can ask for it once more, and no longer.
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_BlockOfTheRevealIsNoMore_RevealsAgain()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAsync(1, 0);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);
        Assert.NotNull(await scene.Participant(1).RevealAsync(0));
        await scene.Chain.Client.ReadAsync("anvil_rollback", [JsonValue.Create(1)], CancellationToken.None);
        await Task.Delay(TimeSpan.FromMilliseconds(200)); // In a row of sends, no block comes that soon after another.
        Assert.Empty(await scene.Market.Events.RevealedAsync(1));

        Assert.NotNull(await scene.Participant(1).RevealAsync(0));

        Assert.Single(await scene.Market.Events.RevealedAsync(1));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).End);
        string pending = Path.Combine(scene.Own(1), "pending");
        string before = Assert.Single(Directory.EnumerateFiles(pending));
        await scene.CommitAsync(1, 1);
        Assert.NotEqual(before, Assert.Single(Directory.EnumerateFiles(pending)));
    }

    [RequiresFact("node", "npm")]
    public async Task CommitAsync_Twice_IsDoneAndAnotherUpdateIsRefused()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        ModelUpdate first = await scene.CommitAsync(1, 0);
        string pending = Path.Combine(scene.Own(1), "pending");
        string file = Assert.Single(Directory.EnumerateFiles(pending));
        byte[] before = await File.ReadAllBytesAsync(file);

        Assert.Null(await scene.Participant(1).CommitAsync(first));
        MarketException other = await Assert.ThrowsAsync<MarketException>(async () =>
            await scene.Participant(1).CommitAsync(scene.Train(await scene.Task.StartingModelAsync(0), 0, 2)));

        Assert.Contains("has committed to another update", other.Message, StringComparison.Ordinal);
        Assert.Single(await scene.Market.Events.CommittedAsync(1));
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
        Bytes24 other = Bytes24.Of(Bytes32.Random());
        await File.WriteAllTextAsync(
            Path.Combine(pending, Path.GetFileName(file)[..^55] + $"{other}.json"),
            (await File.ReadAllTextAsync(file))
                .Replace("\"salt\": \"0x", "\"salt\": \"0x00", StringComparison.Ordinal));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Reveal);

        await scene.Participant(1).RevealAsync(0);

        Assert.Single(await scene.Market.Events.RevealedAsync(1));
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
        ulong away = scene.Task.Terms.ScheduleOf(1).Commit - scene.Task.Terms.Start;
        await scene.Chain.Client.ReadAsync("evm_increaseTime", [away], CancellationToken.None);
        Assert.Equal(0, (await scene.Market.PhaseOfAsync(scene.Task.Id)).Round);

        await scene.Participant(1).CommitAsync(scene.Train(start, 1, 1));

        Assert.Equal(scene.Task.Terms.Stake, Assert.Single(await scene.Market.Events.StakeBurnedAsync(1)).Amount);
        Position position = await scene.Market.PositionOfAsync(1, scene.Account(1).Address);
        Assert.Equal((1, Standing.Committed), (position.Round, position.Standing));
    }

    // The final claim's results are all that a participant needs; scoring is for those who look.
    [RequiresFact("node", "npm")]
    public async Task ClaimAsync_FinalRound_PaysOnceAndWhereItIsAskedTo()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1, 2);
        await scene.OpenAsync(0);
        ScoredRound scored = await scene.ClaimAsync(0, 3);
        RoundResults results = await scene.Task.ResultsAsync(0);
        Address elsewhere = Address.Parse("0x00000000000000000000000000000000000a11ce");

        Assert.NotNull(await scene.Participant(1).ClaimAsync(0, results, elsewhere));
        Assert.Null(await scene.Participant(1).ClaimAsync(0, results));
        Assert.Null(await scene.Participant(7).ClaimAsync(0, results)); // Was not there.

        Assert.Equal(scored.AmountOf(0), await scene.Chain.Client.GetBalanceAsync(elsewhere));
        Assert.True(scored.AmountOf(0) > Wei.Zero);
        Assert.Equal(scored.Score.NextModel.Hash, (await scene.Task.StartingModelAsync(1)).Hash);
    }

    // Others' files, deleted between commitment and reveal, cost nobody a stake.
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_StoreEmptiedAfterTheCommitment_NeedsOnlyItsOwnFiles()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);
        await scene.OpenAsync(0);
        await scene.ClaimAsync(0, 3);
        await scene.CommitAsync(1, 1);
        Directory.Delete(scene.Store.Folder, recursive: true);
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(1).Reveal);

        Assert.NotNull(await scene.Participant(1).RevealAsync(1));
    }

    [RequiresFact("node", "npm")]
    public async Task StartingModelAsync_RoundNotOver_SaysUntilWhen()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAndRevealAsync(0, 1);

        MarketException refused = await Assert.ThrowsAsync<MarketException>(() => scene.Task.StartingModelAsync(1));

        Assert.Contains("Round 1 of task 1 is not over", refused.Message, StringComparison.Ordinal);
    }

    // An update that nobody can have holds nobody up: it is demanded, and shown, or out.
    [RequiresFact("node", "npm")]
    public async Task AnswerAsync_DemandedUpdates_AreSettledForEverybody()
    {
        await using MarketScene scene = await MarketScene.StartAsync(Delivery.Demand);
        ModelUpdate[] updates = await scene.CommitAndRevealAsync(0, 1, 2, 3);
        File.Delete(scene.Store.PathOf(updates[1].Hash));
        await File.WriteAllTextAsync(scene.Store.PathOf(updates[2].Hash), "garbage");
        GlobalModel start = await scene.Task.StartingModelAsync(0);
        TrainingMarket demander = scene.Market.As(scene.Account(4));

        using RoundUpdates before = await RoundUpdates.FindAsync(scene.Task, 0);
        IReadOnlyList<UpdatePiece> demanded = await before.DemandAsync(demander, start);
        Assert.Empty(await before.DemandAsync(demander, start)); // Each piece once.
        Assert.Equal(1, await scene.Participant(2).AnswerAsync(0));
        Assert.Equal(0, await scene.Participant(2).AnswerAsync(0));
        MarketException early = await Assert.ThrowsAsync<MarketException>(() => new Scorer(scene.Task).ScoreAsync(0));
        await scene.OpenAsync(0);
        ScoredRound scored = await new Scorer(scene.Task).ScoreAsync(0);

        Assert.Equal([1, 2], demanded.Select(piece => piece.Index));
        Assert.Contains("are settled from 2", early.Message, StringComparison.Ordinal);
        Assert.True(scored.Results.Rewards[1].Points > 0);
        Assert.Equal("its update was not shown on demand", scored.Score.Participants[2].Reason);
        Assert.True(await scene.Market.IsOutAsync(1, 0, 2));
        Assert.Equal(Standing.Demanded, (await scene.Market.PositionOfAsync(1, scene.Account(3).Address)).Standing);
        await Assert.ThrowsAsync<Research.Chain.Rpc.RevertException>(
            () => scene.Market.As(scene.Account(3)).WithdrawStakeAsync(1, scene.Account(3).Address));
    }
}
