using System.Numerics;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Contracts.Generated;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;
using Task = System.Threading.Tasks.Task;
using Terms = Research.Chain.Contracts.Terms;

namespace Research.Tests.Chain.Rpc;

/// <summary>Nethereum's API over this library's connection, and its accounts as this library's signers: on anvil.</summary>
public sealed class GuardedWeb3Tests(DevChainFixture fixture) : IClassFixture<DevChainFixture>
{
    private DevChain Chain => fixture.Chain;

    [RequiresFact("node", "npm")]
    public async Task Handlers_PublishAndQuery_WorkAsUsersOfNethereumWriteThem()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[0]);
        IWeb3 web3 = Chain.Client.ToWeb3(Chain.Accounts[0]);

        Nethereum.RPC.Eth.DTOs.TransactionReceipt receipt = await web3.Eth
            .GetContractTransactionHandler<PublishFunction>()
            .SendRequestAndWaitForReceiptAsync(
                market.Address.ToString(),
                new PublishFunction
                {
                    SpecHash = Offer.SpecHash.ToArray(),
                    Terms = Offer.ToMessage(),
                    AmountToSend = Offer.Pool.Amount,
                });
        BigInteger count = await web3.Eth.GetContractQueryHandler<TaskCountFunction>()
            .QueryAsync<BigInteger>(market.Address.ToString(), new TaskCountFunction());

        Assert.Equal(BigInteger.One, count);
        Assert.Equal(1, (int)receipt.DecodeAllEvents<TaskPublishedEventDTO>()[0].Event.TaskId);
        Assert.Equal(Chain.Client.Endpoint.ToString(), Chain.Client.Endpoint.ToString());
        Assert.Equal(
            (BigInteger)(await Chain.Client.GetBlockNumberAsync()), (await web3.Eth.Blocks.GetBlockNumber.SendRequestAsync()).Value);
    }

    [RequiresFact("node", "npm")]
    public async Task Handlers_FailedReceipt_ThrowsWithTheErrorAndItsArguments()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[1]);
        IWeb3 web3 = Chain.Client.ToWeb3(Chain.Accounts[1]);

        RevertException exception = await Assert.ThrowsAsync<RevertException>(
            () => web3.Eth.GetContractTransactionHandler<WithdrawStakeFunction>().SendRequestAndWaitForReceiptAsync(
                market.Address.ToString(),
                new WithdrawStakeFunction { TaskId = 99, Recipient = Chain.Accounts[1].ToString(), Gas = 200_000 }));

        Assert.Contains("UnknownTask(taskId: 99)", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.TransactionHash);
    }

    [RequiresFact("node", "npm")]
    public async Task Anything_ToAnAddressWithoutCode_ThrowsAndSendsNothing()
    {
        string nobody = new Address([.. Enumerable.Repeat((byte)9, 20)]).ToString();
        IWeb3 web3 = Chain.Client.ToWeb3(Chain.Accounts[2]);

        await Assert.ThrowsAsync<NoCodeException>(
            () => web3.Eth.GetContractQueryHandler<TaskCountFunction>().QueryAsync<BigInteger>(nobody, new()));
        await Assert.ThrowsAsync<NoCodeException>(
            () => web3.Eth.GetContractTransactionHandler<SealClaimFunction>().SendRequestAndWaitForReceiptAsync(
                nobody, new SealClaimFunction { Seal = new byte[24], AmountToSend = Wei.FromEther("10").Amount }));
        await Assert.ThrowsAsync<NoCodeException>(
            () => web3.Eth.GetContractTransactionHandler<SealClaimFunction>().SendRequestAsync(
                nobody, new SealClaimFunction { Seal = new byte[24], AmountToSend = 1, Gas = 100_000 }));

        Assert.Equal(0UL, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[2].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task Transactions_WithAWrongAddressOrSender_AreRefused()
    {
        IWeb3 web3 = Chain.Client.ToWeb3(Chain.Accounts[2]);

        await Assert.ThrowsAsync<FormatException>(() => web3.TransactionManager.SendTransactionAsync(
            new TransactionInput { To = "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", Value = new(1) }));
        await Assert.ThrowsAsync<FormatException>(() => web3.TransactionManager.SendTransactionAsync(
            new TransactionInput { To = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA", Value = new(1) }));
        await Assert.ThrowsAsync<ArgumentException>(() => web3.TransactionManager.SendTransactionAsync(
            new TransactionInput { From = Chain.Accounts[3].ToString(), To = Chain.Accounts[4].ToString(), Value = new(1) }));
        await Assert.ThrowsAsync<NotSupportedException>(() => Chain.Client.ToWeb3().Eth.Transactions.SendTransaction
            .SendRequestAsync(new TransactionInput { From = Chain.Accounts[3].ToString(), To = Chain.Accounts[4].ToString() }));

        Assert.Equal(0UL, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[2].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task Signers_NethereumsAccountAndTheNodes_SignForARole()
    {
        using PrivateKeyAccount key = PrivateKeyAccount.Parse(DevChain.PublicKnowledgeKeys(7)[6]);
        string hex = DevChain.PublicKnowledgeKeys(7)[6];
        ISigner[] signers = [key, new AccountSigner(NethereumAccount(hex), Chain.Client), new NodeSigner(Chain.Client, key.Address)];
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, key);
        foreach (ISigner signer in signers)
        {
            Assert.Equal(key.Address, signer.Address);
            await market.As(signer).PublishAsync(Offer);
        }

        Assert.Equal(3UL, await market.TaskCountAsync());
        Assert.All(await market.Events.TaskPublishedAsync(), task => Assert.Equal(key.Address, task.Sponsor));
    }

    [RequiresFact("node", "npm")]
    public async Task Signer_OfAnotherKey_IsRefusedAndNothingIsSent()
    {
        NodeSigner lying = new(Chain.Client, new Address([.. Enumerable.Repeat((byte)8, 20)]));

        await Assert.ThrowsAnyAsync<ChainException>(() => Chain.Client.SendAsync(
            lying, new CallRequest { To = Address.Zero, GasLimit = 21_000 }));
        Assert.Throws<SignerException>(() => new Eip1559Transaction(
            1, 0, Wei.Zero, new Wei(1), 21_000, Address.Zero, Wei.Zero, default).Require(
                Chain.Accounts[0].Address,
                Chain.Accounts[1].SignTransaction(new Eip1559Transaction(
                    1, 0, Wei.Zero, new Wei(1), 21_000, Address.Zero, Wei.Zero, default))));
    }

    [RequiresFact("node", "npm")]
    public async Task Market_AnotherContractAtTheAddress_IsRefusedBeforeAnythingIsSigned()
    {
        Address other = await TinyContracts.DeployAsync(Chain, 8, TinyContracts.Returns);
        TrainingMarket market = new(Chain.Client, other, Chain.Accounts[8]);
        ulong before = await Chain.Client.GetTransactionCountAsync(Chain.Accounts[8].Address);

        WrongCodeException exception = await Assert.ThrowsAsync<WrongCodeException>(() => market.PublishAsync(Offer));
        await Assert.ThrowsAsync<WrongCodeException>(() => market.TaskCountAsync());

        Assert.Contains("no TrainingMarket of this version", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[8].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task Events_RangeThatBeginsTooLate_ThrowsInsteadOfFewer()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[9]);
        await market.PublishAsync(Offer);
        ulong late = await Chain.Client.GetBlockNumberAsync() + 1;
        await Chain.MineAsync(3);
        TrainingMarket tooLate = new(Chain.Client, market.Address, Chain.Accounts[9], late);
        TrainingMarket beyond = new(Chain.Client, market.Address, Chain.Accounts[9], 9_999_999);

        await Assert.ThrowsAsync<MissingEventsException>(() => tooLate.Events.TaskPublishedAsync());
        await Assert.ThrowsAsync<MissingEventsException>(() => tooLate.Events.CommittedAsync(1));
        await Assert.ThrowsAsync<MissingEventsException>(() => tooLate.Events.StakePaidAsync(1));
        MissingEventsException exception = await Assert.ThrowsAsync<MissingEventsException>(
            () => beyond.Events.RevealedAsync(1));

        Assert.Contains("from block 9999999 on", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await market.Events.CommittedAsync(1));
        Assert.Empty(await market.Events.CommittedAsync(77)); // No such task.
    }

    private static Terms Offer { get; } = new()
    {
        Pool = Wei.FromEther("1"),
        Stake = Wei.FromEther("0.1"),
        Bond = Wei.FromEther("0.1"),
        SpecHash = Keccak256.Hash([1]),
        ProgramRoot = Keccak256.Hash([2]),
        CommitSeconds = 1000,
        RevealSeconds = 1000,
        OpenSeconds = 1000,
        ScoreSeconds = 1000,
        RefuteSeconds = 1000,
        Rounds = 1,
        UpdateBytes = 4,
        Keys = 2,
    };

#pragma warning disable RS0030 // Nethereum's own account is what this is about.
    private static Account NethereumAccount(string key) => new(key, DevChain.ChainId);
#pragma warning restore RS0030
}
