using System.Numerics;
using Nethereum.ABI.Model;
using Research.Chain;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Rpc;

/// <summary>The client against a real node, anvil. Each test has an account of its own.</summary>
public sealed class EthereumClientTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>
{
    private DevChain Chain => fixture.Chain;

    private EthereumClient Client => fixture.Chain.Client;

    [RequiresFact("node", "npm")]
    public async Task SendAsync_Transfer_MovesValueAndFeeToTheWei()
    {
        Address receiver = PrivateKeyAccount.Generate().Address;
        Wei before = await Client.GetBalanceAsync(Chain.Accounts[0].Address);

        TransactionReceipt receipt = await Client.SendAsync(
            Chain.Accounts[0], new CallRequest { To = receiver, Value = Wei.FromEther("1.25") });

        Assert.True(receipt.Succeeded);
        Assert.Equal(21_000UL, receipt.GasUsed);
        Assert.Equal(Wei.FromEther("1.25"), await Client.GetBalanceAsync(receiver));
        Assert.Equal(
            before - Wei.FromEther("1.25") - receipt.Fee, await Client.GetBalanceAsync(Chain.Accounts[0].Address));
        Assert.Equal(receipt.BlockNumber, (await Client.GetReceiptAsync(receipt.TransactionHash))!.BlockNumber);
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_ManyAtOnceFromOneAccount_UsesEachNonceOnce()
    {
        PrivateKeyAccount sender = Chain.Accounts[1];
        Address receiver = PrivateKeyAccount.Generate().Address;

        TransactionReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 25).Select(
            _ => Client.SendAsync(sender, new CallRequest { To = receiver, Value = new Wei(4) })));

        Assert.Equal(25, receipts.DistinctBy(receipt => receipt.TransactionHash).Count());
        Assert.Equal(new Wei(100), await Client.GetBalanceAsync(receiver));
        Assert.Equal(25UL, await Client.GetTransactionCountAsync(sender.Address));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_MoreThanTheBalance_ThrowsAndTheNextStillWorks()
    {
        CallRequest request =
            new() { To = Chain.Accounts[0].Address, Value = Wei.FromEther("20000"), GasLimit = 21_000 };

        RpcException exception = await Assert.ThrowsAsync<RpcException>(
            () => Client.SendAsync(Chain.Accounts[2], request));

        Assert.Contains("funds", exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True((await Client.SendAsync(Chain.Accounts[2], request with { Value = new Wei(1) })).Succeeded);
    }

    [RequiresFact("node", "npm")]
    public async Task CallAsync_ContractThatEchoes_ReturnsTheBytes()
    {
        Address contract = await TinyContracts.DeployAsync(Chain, 3, TinyContracts.Returns);
        byte[] data = [1, 2, 3, 4, 5];

        Assert.Equal(data, await Client.CallAsync(new CallRequest { To = contract, Data = data }));
        Assert.Equal(Convert.FromHexString(TinyContracts.Returns), await Client.GetCodeAsync(contract));
    }

    [RequiresFact("node", "npm")]
    public async Task CallAndSend_AddressWithoutCode_ThrowsAndSendsNothing()
    {
        Address nobody = PrivateKeyAccount.Generate().Address;
        CallRequest request = new() { To = nobody, Data = new byte[] { 1, 2, 3, 4 }, Value = new Wei(5) };

        NoCodeException exception = await Assert.ThrowsAsync<NoCodeException>(() => Client.CallAsync(request));
        await Assert.ThrowsAsync<NoCodeException>(() => Client.SendAsync(Chain.Accounts[4], request));
        await Assert.ThrowsAsync<NoCodeException>(() => Client.EstimateGasAsync(request));

        Assert.Equal(nobody, exception.Address);
        Assert.Contains("chain 31337", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, await Client.GetTransactionCountAsync(Chain.Accounts[4].Address));
    }

    [RequiresTheory("node", "npm")]
    [InlineData("Error(string)", "stop", "Error(\"stop\")")]
    [InlineData("Panic(uint256)", 0x12, "Panic(18): division by zero")]
    [InlineData("Unheard(uint256)", 7, "an unknown error, 0x")]
    public async Task Revert_CallAndMinedTransaction_CarriesTheReason(string error, object argument, string expected)
    {
        Address contract = await TinyContracts.DeployAsync(Chain, 5, TinyContracts.Reverts);
        CallRequest request = new()
        {
            To = contract,
            Data = (byte[])
            [
                .. Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(error)).ToArray().AsSpan(0, 4),
                .. StrictAbi.Encode(
                    [new Parameter(error[(error.IndexOf('(', StringComparison.Ordinal) + 1)..^1], 1)],
                    argument is int code ? new BigInteger(code) : argument),
            ],
        };

        RevertException called = await Assert.ThrowsAsync<RevertException>(() => Client.CallAsync(request));
        RevertException refused = await Assert.ThrowsAsync<RevertException>(
            () => Client.SendAsync(Chain.Accounts[5], request));
        RevertException mined = await Assert.ThrowsAsync<RevertException>(
            () => Client.SendAsync(Chain.Accounts[5], request with { GasLimit = 100_000 }));

        Assert.All(
            [called, refused, mined],
            exception => Assert.Contains(expected, exception.Message, StringComparison.Ordinal));
        Assert.All(
            [called, refused, mined],
            exception => Assert.Equal(request.Data.ToArray(), exception.RevertData.ToArray()));
        Assert.Null(refused.TransactionHash);
        Assert.False((await Client.GetReceiptAsync(mined.TransactionHash!.Value))!.Succeeded);
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_OutOfGas_SaysSo()
    {
        Address contract = await TinyContracts.DeployAsync(Chain, 6, TinyContracts.Loops);

        RevertException exception = await Assert.ThrowsAsync<RevertException>(
            () => Client.SendAsync(
                Chain.Accounts[6], new CallRequest { To = contract, Data = new byte[1], GasLimit = 60_000 }));

        Assert.Contains("all of its 60000 gas was used", exception.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task GetLogsAsync_ManyBlocksInSmallRanges_FindsEachOnceInOrder()
    {
        Address contract = await TinyContracts.DeployAsync(Chain, 7, TinyContracts.Logs);
        Bytes32[] topics = [Keccak256.Hash([1]), Keccak256.Hash([2])];
        for (int i = 0; i < 6; i++)
        {
            byte[] data = [.. topics[i % 2].ToArray(), (byte)i];
            await Client.SendAsync(Chain.Accounts[7], new CallRequest { To = contract, Data = data });
        }

        using EthereumClient narrow = new(Chain.Endpoint, new EthereumClientOptions { LogBlockRange = 2 });
        IReadOnlyList<EventLog> all = await narrow.GetLogsAsync(new LogFilter(contract, []));
        IReadOnlyList<EventLog> second = await narrow.GetLogsAsync(new LogFilter(contract, [topics[1]]));

        Assert.Equal([0, 1, 2, 3, 4, 5], all.Select(log => (int)log.Data.Span[32]));
        Assert.Equal([1, 3, 5], second.Select(log => (int)log.Data.Span[32]));
        Assert.All(second, log => Assert.Equal(topics[1], Assert.Single(log.Topics)));
    }

    [RequiresFact("node", "npm")]
    public async Task GetBlockAsync_NumberThatDoesNotExist_Throws()
    {
        Block newest = await Client.GetBlockAsync();

        Assert.True(newest.BaseFeePerGas > Wei.Zero);
        Assert.Equal(
            newest.ParentHash, newest.Number == 0 ? default : (await Client.GetBlockAsync(newest.Number - 1)).Hash);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Client.GetBlockAsync(1_000_000));
    }

    [RequiresFact("node", "npm")]
    public async Task WaitForReceiptAsync_UnknownTransaction_TimesOut()
    {
        using EthereumClient hasty = new(
            Chain.Endpoint, new EthereumClientOptions { ReceiptTimeout = TimeSpan.FromMilliseconds(50) });

        await Assert.ThrowsAsync<TimeoutException>(() => hasty.WaitForReceiptAsync(Bytes32.Random()));
    }
}
