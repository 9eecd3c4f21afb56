using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Tests.Federation;
using Research.Tests.Tools;

namespace Research.Tests.Market;

/// <summary>A reveal that comes too early must not show the update to those who can still commit.</summary>
public sealed class EarlyRevealTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-reveal-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresFact("node", "npm")]
    public async Task RevealAsync_InTheCommitWindow_SharesNothing()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        FolderStore store = new(PathOf("store"));
        Terms terms = Sponsor.TermsFor(FederatedDigits.Spec, Wei.FromEther("3")) with
        {
            Delivery = Delivery.Demand,
            AnswerSeconds = 86_400,
        };
        Publication published = await new Sponsor(market, store).PublishAsync(
            FederatedDigits.Spec, terms, FederatedDigits.Rounds);
        OpenTask task = await OpenTask.LoadAsync(market, store, published.TaskId);
        Participant participant = new(task, market.As(chain.Accounts[1]), PathOf("own"));
        ModelUpdate update = Update();
        await chain.MineAsync();
        await TaskPin.WriteAsync(market, task.Id);
        await participant.CommitAsync(update);

        RevertException refused = await Assert.ThrowsAsync<RevertException>(() => participant.RevealAsync(0));

        Assert.Equal("WrongPhase", refused.ErrorName);
        Assert.False(store.Contains(update.Hash));
        await chain.AdvanceToAsync((await market.ScheduleOfAsync(task.Id, 0)).Reveal);
        await participant.RevealAsync(0);
        Assert.True(store.Contains(update.Hash));
    }

    // There the transaction is the update: not even the node may see it.
    [RequiresFact("node", "npm")]
    public async Task RevealAsync_WholeUpdateInTheCommitWindow_SendsNothing()
    {
        await using MarketScene scene = await MarketScene.StartAsync();
        await scene.CommitAsync(1, 0);

        MarketException early = await Assert.ThrowsAsync<MarketException>(() => scene.Participant(1).RevealAsync(0));
        await scene.AdvanceAsync(scene.Task.Terms.ScheduleOf(0).Answer);
        MarketException late = await Assert.ThrowsAsync<MarketException>(() => scene.Participant(1).RevealAsync(0));

        Assert.Contains("takes reveals from 2", early.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", late.Message, StringComparison.Ordinal);
        Assert.Empty(await scene.Market.Events.RevealedAsync(1));
    }

    private ModelUpdate Update()
    {
        GlobalModel start = GlobalModel.Initial(FederatedDigits.Spec);
        PrivacyLedger ledger = PrivacyLedger.Open(PathOf("ledger"), 20, 1e-5);
        return ModelUpdate.Release(FederatedDigits.Train(start, 0, 5), start, 0, ledger, "a test", insecure: true);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
