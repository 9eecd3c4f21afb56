using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Market;
using Research.Storage;
using Research.Tests.Federation;
using Research.Tests.Tools;

namespace Research.Tests.Market;

public sealed class OpenTaskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-open-task-");

    public void Dispose() => _folder.Delete(recursive: true);

    // The market takes any root: a sponsor could have its rounds judged by a program of its own.
    [RequiresFact("node", "npm")]
    public async Task LoadAsync_AnotherProgramRoot_IsRefusedWithBothNamed()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        FolderStore store = new(_folder.FullName);
        await store.PutAsync(FederatedDigits.Spec.ToCanonicalJson());
        Terms honest = Sponsor.TermsFor(FederatedDigits.Spec, Wei.FromEther("3"));
        Terms other = honest with { ProgramRoot = Keccak256.Hash([1]) };
        ulong good = (await market.PublishAsync(honest)).TaskId;
        ulong bad = (await market.PublishAsync(other)).TaskId;

        OpenTask task = await OpenTask.LoadAsync(market, store, good);
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => OpenTask.LoadAsync(market, store, bad));

        Assert.Equal(honest.ProgramRoot, task.Terms.ProgramRoot);
        Assert.Equal(
            $"Task {bad}: expected programRoot {honest.ProgramRoot}, which follows from its specification; the terms have "
            + $"{other.ProgramRoot}. Its rounds would not be scored by what its specification says: leave it alone.",
            refused.Message);
    }

    // The contract reads no specification: an update's length and the number of keys are the sponsor's word.
    [RequiresFact("node", "npm")]
    public async Task LoadAsync_OtherTermsThanFollow_AreRefusedByName()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        FolderStore store = new(_folder.FullName);
        await store.PutAsync(FederatedDigits.Spec.ToCanonicalJson());
        Terms honest = Sponsor.TermsFor(FederatedDigits.Spec, Wei.FromEther("3"));

        await ThrowsAsync("updateBytes", honest with { UpdateBytes = honest.UpdateBytes - 4 });
        await ThrowsAsync("keys", honest with { Keys = (ushort)(honest.Keys + 2) });
        await ThrowsAsync("rounds", honest with { Rounds = 2 });

        async Task ThrowsAsync(string field, Terms terms)
        {
            ulong id = (await market.PublishAsync(terms)).TaskId;
            InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
                () => OpenTask.LoadAsync(market, store, id));
            Assert.Contains($"expected {field} ", refused.Message, StringComparison.Ordinal);
        }
    }
}
