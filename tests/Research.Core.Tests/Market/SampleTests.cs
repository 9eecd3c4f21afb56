using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Market;
using Research.Storage;
using Research.Tests.Federation;
using Research.Tests.Federation.Evaluation;
using Research.Tests.Tools;

namespace Research.Tests.Market;

/// <summary>Opening half of the records, which half by the chain, before anybody commits.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-sample-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresFact("node", "npm")]
    public async Task OpenSampleAsync_BlockAfterThePublication_DecidesWhatIsOpened()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        FolderStore store = new(_folder.FullName);
        (OpenTask task, Sponsor sponsor, ulong block) = await PublishAsync(chain, store);
        EvaluationRecords round = FederatedDigits.Rounds[1];
        Assert.False(await task.IsSampleOpenAsync(1));
        MarketException early = await Assert.ThrowsAsync<MarketException>(() => sponsor.OpenSampleAsync(task, 1, round));
        await chain.MineAsync(3);
        MarketException closed = await Assert.ThrowsAsync<MarketException>(() => task.SampleAsync(1));
        await Assert.ThrowsAsync<ArgumentException>(() => sponsor.OpenSampleAsync(task, 0, round));

        string name = await sponsor.OpenSampleAsync(task, 1, round);
        EvaluationSample sample = await task.SampleAsync(1);

        Assert.Contains($"expected the chain at block {block + 1} or later, it is at {block}", early.Message, StringComparison.Ordinal);
        Assert.Contains("which nobody has written down on chain yet", closed.Message, StringComparison.Ordinal);
        Assert.True(await task.IsSampleOpenAsync(1));
        byte[] hash = (await chain.Client.GetBlockAsync(block + 1)).Hash.ToArray();
        float[] all = round.Records.Inputs.ToArray();
        Assert.Equal(
            Enumerable.Range(0, 60).SelectMany(pair => all.Chunk(64).ElementAt(
                (2 * pair) + PlainRecords.Bit(hash, task.Id, 1, pair))),
            sample.Records.Inputs.ToArray());
        byte[] file = await store.GetNamedAsync(name, 3840);
        RecordChoice choice = await task.ChoiceAsync(1);
        for (int pair = 0; pair < 60; pair++)
        {
            Assert.Equal(-1, file.AsSpan().IndexOf(round.AllKeys.Span.Slice(32 * choice.Scoring(pair), 32)));
        }

        ScoringRecords scoring = round.Scoring(choice);
        Assert.Empty(Rows(scoring.ToDataset().Inputs).Intersect(Rows(sample.Records.Inputs)));

        static IEnumerable<string> Rows(ReadOnlyMemory<float> inputs) =>
            inputs.ToArray().Chunk(64).Select(row => string.Join(' ', row));
    }

    // A block that may still be replaced must not decide which keys are given away.
    [RequiresFact("node", "npm")]
    public async Task OpenSampleAsync_FewerConfirmationsThanAsked_Refuses()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        FolderStore store = new(_folder.FullName);
        (OpenTask task, Sponsor sponsor, ulong block) = await PublishAsync(chain, store);
        using EthereumClient patient = new(chain.Endpoint, new EthereumClientOptions { Confirmations = 3 });
        OpenTask careful = await OpenTask.LoadAsync(new TrainingMarket(patient, task.Market.Address), store, task.Id);
        MarketException early = await Assert.ThrowsAsync<MarketException>(
            () => sponsor.OpenSampleAsync(careful, 0, FederatedDigits.Rounds[0]));
        await chain.MineAsync();

        MarketException refused = await Assert.ThrowsAsync<MarketException>(
            () => sponsor.OpenSampleAsync(careful, 0, FederatedDigits.Rounds[0]));
        bool isOpen = await task.IsSampleOpenAsync(0);
        await chain.MineAsync(2);
        await sponsor.OpenSampleAsync(careful, 0, FederatedDigits.Rounds[0]);

        Assert.Contains($"at block {block + 1} or later, it is at {block}.", early.Message, StringComparison.Ordinal);
        Assert.Contains("was written down 1 blocks ago: expected 3", refused.Message, StringComparison.Ordinal);
        Assert.False(isOpen);
    }

    // Without it no keys can be opened: whoever has nothing to do with the task can see to it.
    [RequiresFact("node", "npm")]
    public async Task WriteAsync_ByAnybodyInTime_WritesDownOnce()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        (OpenTask task, _, ulong block) = await PublishAsync(chain, new FolderStore(_folder.FullName));
        TrainingMarket stranger = task.Market.As(chain.Accounts[7]);
        Participant owner = new(task, task.Market.As(chain.Accounts[1]), _folder.FullName);
        ModelUpdate update = ModelUpdate.OfNumbers(
            GlobalModel.Initial(task.Spec), 0, new byte[task.Terms.UpdateBytes], "a test");

        MarketException unpinned = await Assert.ThrowsAsync<MarketException>(() => owner.CommitAsync(update));
        await chain.MineAsync();
        MarketException due = await Assert.ThrowsAsync<MarketException>(() => task.ChoiceAsync(0));
        Assert.NotNull(await TaskPin.WriteAsync(stranger, task.Id));
        Assert.Null(await TaskPin.WriteAsync(stranger, task.Id));

        Bytes32 hash = (await chain.Client.GetBlockAsync(block + 1)).Hash;
        TaskPin pin = await TaskPin.FindAsync(stranger, task.Id);
        Assert.Equal((hash, block + 1, false, false), (pin.Hash, pin.Block, pin.IsDue, pin.IsMissed));
        Assert.Equal([(task.Id, hash)], (await task.Market.Events.PinnedAsync(task.Id)).Select(one => (one.TaskId, one.Pin)));
        Assert.NotNull(await owner.CommitAsync(update));
        Assert.Contains($"expected the chain at block {block + 1}", unpinned.Message, StringComparison.Ordinal);
        Assert.Contains($"by research task pin 1, until block {block + 257}", due.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task WriteAsync_TooLate_SaysThatTheTaskIsLost()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        (OpenTask task, _, _) = await PublishAsync(chain, new FolderStore(_folder.FullName));
        await chain.MineAsync(256);
        TaskPin last = await TaskPin.FindAsync(task.Market, task.Id);
        await chain.MineAsync();

        MarketException missed = await Assert.ThrowsAsync<MarketException>(() => TaskPin.WriteAsync(task.Market, task.Id));

        Assert.True(last.IsDue);
        Assert.Contains("now nobody can", missed.Message, StringComparison.Ordinal);
        Assert.Equal(
            "WrongBlock", (await Assert.ThrowsAsync<RevertException>(() => task.Market.PinAsync(task.Id))).ErrorName);
    }

    // Nothing is locked for a task that nobody can look at.
    [RequiresFact("node", "npm")]
    public async Task PublishAsync_OtherRecordsThanCommittedTo_IsRefusedBeforeAnythingIsStored()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        Sponsor sponsor = new(market, new FolderStore(_folder.FullName));
        Terms terms = Sponsor.TermsFor(FederatedDigits.Spec, Wei.FromEther("3"));

        foreach (IReadOnlyList<EvaluationRecords> others in (IReadOnlyList<EvaluationRecords>[])
            [[], [.. FederatedDigits.Rounds.Skip(1)], [.. FederatedDigits.Rounds.Reverse()]])
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
                () => sponsor.PublishAsync(FederatedDigits.Spec, terms, others));
            Assert.Contains("of all 3 rounds that the specification commits to", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.GetFileSystemInfos());
        Assert.Equal(0UL, await market.TaskCountAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task PublishAsync_TermsOfOtherPrograms_IsRefusedBeforeAnythingIsStored()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        Sponsor sponsor = new(market, new FolderStore(_folder.FullName));
        Terms terms = Sponsor.TermsFor(FederatedDigits.Spec, Wei.FromEther("3"));
        Bytes32 other = Keccak256.Hash([1]);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => sponsor.PublishAsync(
            FederatedDigits.Spec, terms with { ProgramRoot = other }, FederatedDigits.Rounds));

        Assert.Contains($"Expected terms with the program root {terms.ProgramRoot} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"; got {other}.", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
        Assert.Equal(0UL, await market.TaskCountAsync());
    }

    // Each publication locks a pool of its own.
    [RequiresFact("node", "npm")]
    public async Task FindPublishedAsync_PublishedBefore_FindsIt()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        (OpenTask task, Sponsor sponsor, _) = await PublishAsync(chain, new FolderStore(_folder.FullName));
        Sponsor other = new(task.Market.As(chain.Accounts[1]), task.Store);

        Assert.Equal(task.Id, await sponsor.FindPublishedAsync(FederatedDigits.Spec));
        Assert.Null(await sponsor.FindPublishedAsync(FederatedDigits.Spec with { Name = "another" }));
        Assert.Null(await other.FindPublishedAsync(FederatedDigits.Spec));
    }

    [RequiresFact("node", "npm")]
    public async Task StartAsync_ReproducibleChains_GiveTheSameBlocks()
    {
        NodeTools.EnsureInstalled();
        Assert.Equal(await HashAsync(), await HashAsync());

        static async Task<Bytes32> HashAsync()
        {
            await using DevChain chain = await DevChain.StartAsync(new DevChainOptions
            {
                AnvilPath = NodeTools.Anvil,
                GenesisTime = DateTimeOffset.UnixEpoch.AddYears(60),
                IsReproducible = true,
            });
            await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
            await Task.Delay(1100); // The second that real time would add.
            await chain.MineAsync(2);
            return (await chain.Client.GetBlockAsync()).Hash;
        }
    }

    private static async Task<(OpenTask Task, Sponsor Sponsor, ulong Block)> PublishAsync(
        DevChain chain, FolderStore store)
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        Sponsor sponsor = new(market, store);
        Publication published = await sponsor.PublishAsync(
            FederatedDigits.Spec, Sponsor.TermsFor(FederatedDigits.Spec, Wei.FromEther("3")), FederatedDigits.Rounds);
        return (
            await OpenTask.LoadAsync(market, store, published.TaskId), sponsor, published.Receipt.BlockNumber);
    }
}
