using System.Numerics;
using Nethereum.Contracts;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;
using Generated = Research.Chain.Contracts.Generated.Refuter;

namespace Research.Tests.Chain.Contracts;

/// <summary>The binding against the compiled refuter on a real node; what it refutes is the watcher's tests'.</summary>
public sealed class RefuterTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>, IAsyncLifetime
{
    private static readonly ClaimResult Result = new(
        RoundTrees.Hash(1), RoundTrees.Hash(2), RoundTrees.Hash(3), ulong.MaxValue, ulong.MaxValue - 1);

    private TrainingMarket _market = null!;

    private DevChain Chain => fixture.Chain;

    private IReadOnlyList<PrivateKeyAccount> Accounts => Chain.Accounts;

    public async Task InitializeAsync()
    {
        if (Chain is not null)
        {
            _market = await TrainingMarket.DeployAsync(Chain.Client, Accounts[0]);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [RequiresFact("node", "npm")]
    public async Task Refuter_OfAMarket_IsTheContractThatItMade()
    {
        Assert.Equal(await _market.RefuterAddressAsync(), _market.Refuter.Address);
        Assert.Equal(Accounts[0].Address, _market.Refuter.Account!.Address);
        Assert.Equal(Accounts[1].Address, _market.As(Accounts[1]).Refuter.Account!.Address);
        Assert.Equal(new CaseStanding(null, 0), await _market.Refuter.StandingAsync(RoundTrees.Hash(1)));
        Assert.Equal(
            new CaseBoard(Address.Zero, 0, 0, 0, 0, 0, false), await _market.Refuter.BoardOfAsync(RoundTrees.Hash(1)));
        Assert.Equal(
            new NodeDemand(Address.Zero, 0, Wei.Zero, 0),
            await _market.Refuter.DemandOfAsync(RoundTrees.Hash(1), CaseTree.Results, 3, RoundTrees.Hash(2)));
    }

    [RequiresFact("node", "npm")]
    public async Task Binding_AnotherContractOrNoAccount_Throws()
    {
        Refuter wrong = new(Chain.Client, _market.Address, Accounts[0]);
        Refuter reader = new(Chain.Client, _market.Refuter.Address);

        WrongCodeException other = await Assert.ThrowsAsync<WrongCodeException>(() => wrong.IntendAsync(Bytes32.Zero));
        InvalidOperationException nobody =
            await Assert.ThrowsAsync<InvalidOperationException>(() => reader.IntendAsync(Bytes32.Zero));

        Assert.Contains("is no Refuter of this version", other.Message, StringComparison.Ordinal);
        Assert.Equal("intend needs an account that signs: call As(signer) first.", nobody.Message);
    }

    [RequiresFact("node", "npm")]
    public async Task Hashes_ComputedHere_AreTheOnesTheContractComputes()
    {
        RefuterCase claimed = new(_market.Address, ulong.MaxValue, int.MaxValue, Accounts[1].Address, Result);

        byte[] id = await CallAsync(new Generated.IdOfFunction
        {
            Market = _market.Address.ToString(),
            TaskId = ulong.MaxValue,
            Round = int.MaxValue,
            Digest = Result.Digest.ToArray(),
        });
        Wei fee = await _market.Refuter.FeeAsync();
        byte[] least = await CallAsync(new Generated.FeeFunction());

        Assert.Equal(claimed.Id, new Bytes32(id));
        Assert.Equal(fee.Amount, new BigInteger(least, isUnsigned: true, isBigEndian: true));
        Assert.Equal(BigInteger.Zero, fee.Amount % Refuter.FeeUnit);
        Assert.NotEqual(Wei.Zero, fee);
    }

    [RequiresFact("node", "npm")]
    public async Task IntendAsync_TwoOfThem_AreFoundWithTheirBlocks()
    {
        Refuter refuter = _market.Refuter.As(Accounts[3]);
        RefutationCall call = Refuter.RefuteField(
            new RefuterCase(_market.Address, 1, 0, Accounts[1].Address, Result),
            RoundTrees.Proof(RoundTrees.Hash(1), RoundTrees.Hash(2)),
            RoundTrees.Hash(3),
            CaseField.Total,
            ShownLeaves.None);
        Bytes32 intent = call.IntentOf(Accounts[3].Address);

        Assert.Null(await refuter.IntendedAtAsync(intent));
        TransactionReceipt receipt = await refuter.IntendAsync(intent);
        await refuter.As(Accounts[4]).IntendAsync(RoundTrees.Hash(9));

        Assert.Equal(receipt.BlockNumber, await refuter.IntendedAtAsync(intent));
        Assert.NotEqual(intent, call.IntentOf(Accounts[4].Address));
        Intended found = Assert.Single(await refuter.Events.IntendedAsync(Accounts[3].Address));
        Assert.Equal(new Intended(Accounts[3].Address, intent, found.Log), found);
    }

    // Each function is encoded as the contract decodes it: it goes on to look for what it is about.
    [RequiresFact("node", "npm")]
    public async Task Functions_OfNoCase_RevertWithWhatTheyLookFor()
    {
        await _market.PublishAsync(RoundTrees.Offer(1, Delivery.Calldata));
        Refuter refuter = _market.Refuter;
        RefuterCase claimed = new(_market.Address, 1, 0, Accounts[1].Address, Result);
        RoundProof proof = RoundTrees.Proof(RoundTrees.Hash(1), RoundTrees.Hash(2), RoundTrees.Hash(5));
        ShownLeaves leaves = new(7, new byte[256], [RoundTrees.Hash(4)]);
        ProvedRecord record = new(
            proof, RoundTrees.Hash(3), 5, 0b101, [RoundTrees.Hash(6), RoundTrees.Hash(7)], [RoundTrees.Hash(8)]);
        string nobody = $"Reverted: NoSuchClaim(claimant: {Accounts[1].Address})";
        RefutationCall[] calls =
        [
            Refuter.RefuteStep(claimed, new ProvedStep(record, BigInteger.One << 200, leaves, [leaves, leaves])),
            Refuter.RefutePadding(claimed, record, BigInteger.One << 64, leaves),
            Refuter.RefuteEnd(claimed, proof, RoundTrees.Hash(3), leaves),
            Refuter.RefuteField(claimed, proof, RoundTrees.Hash(3), CaseField.Right, leaves),
            Refuter.RefuteResult(claimed, proof, RoundTrees.Hash(3), leaves, ShownLeaves.None, ShownLeaves.None),
        ];

        foreach (RefutationCall call in calls)
        {
            Assert.Equal(nobody, (await RevertOfAsync(refuter.RequireHoldsAsync(call))).Message);
            Assert.Equal(nobody, (await RevertOfAsync(refuter.RefuteAsync(call))).Message);
        }

        Assert.Equal(nobody, (await RevertOfAsync(refuter.DemandAsync(
            claimed, CaseTree.Results, 2, 3, RoundTrees.Hash(1), [RoundTrees.Hash(2)], Wei.FromEther("0.1")))).Message);
        Assert.Equal("WrongDemand", (await RevertOfAsync(
            refuter.AnswerAsync(claimed.Id, CaseTree.Trace, 1, new byte[512]))).ErrorName);
        Assert.Equal($"Reverted: NoSuchClaim(claimant: {Accounts[0].Address})", (await RevertOfAsync(
            refuter.AnswerOwnAsync(_market.Address, 1, 0, CaseTree.Trace, 1, new byte[512]))).Message);
        Assert.Equal("WrongDemand", (await RevertOfAsync(
            refuter.ExpireAsync(claimed.Id, CaseTree.Trace, 1, RoundTrees.Hash(1)))).ErrorName);
        Assert.Equal("WrongDemand", (await RevertOfAsync(
            refuter.PayFeeAsync(claimed, CaseTree.Trace, 1, RoundTrees.Hash(1)))).ErrorName);
        Assert.Empty(await refuter.Events.NodeDemandedAsync(claimed.Id));
        Assert.Empty(await refuter.Events.NodeShownAsync(claimed.Id));
        Assert.Empty(await refuter.Events.NodeFeePaidAsync(claimed.Id));
        Assert.Empty(await refuter.Events.RefutedAsync(claimed.Id));
    }

    private static async Task<RevertException> RevertOfAsync(Task attempt) =>
        await Assert.ThrowsAsync<RevertException>(() => attempt);

    private async Task<byte[]> CallAsync<TMessage>(TMessage message)
        where TMessage : FunctionMessage, new() =>
        await Chain.Client.CallAsync(new CallRequest { To = _market.Refuter.Address, Data = message.GetCallData() });
}
