using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Rpc;

/// <summary>What becomes of transactions when processes race, blocks are slow or replaced, and fees rise: on anvil.</summary>
public sealed class SendingTests : IAsyncLifetime
{
    private static readonly Address Receiver = new([.. Enumerable.Repeat((byte)7, 20)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("sending-").FullName;
    private readonly ConcurrentQueue<string> _notices = [];
    private readonly ConcurrentQueue<string> _asked = [];
    private DevChain _chain = null!;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            NodeTools.EnsureInstalled();
            _chain = await DevChain.StartAsync(new DevChainOptions { Accounts = 2, AnvilPath = NodeTools.Anvil });
        }
    }

    public async Task DisposeAsync()
    {
        if (_chain is not null)
        {
            await _chain.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_SteadyState_AsksThreeThingsAtMostAndForTheReceipt()
    {
        using EthereumClient client = Client();
        await SendAsync(client, 1);
        _asked.Clear();

        await SendAsync(client, 5);

        // How often it looks for a receipt is up to the machine: once, where anvil is done by then. The count of an
        // account that sends all the time need not be asked for each transaction.
        string[] asked = [.. _asked.Where(method => method != "eth_getTransactionReceipt")];
        Assert.Equal(
            Enumerable.Repeat((string[])["eth_estimateGas", "eth_sendRawTransaction"], 5).SelectMany(two => two),
            asked.Where(method => method != "eth_getTransactionCount"));
        Assert.InRange(asked.Length, 10, 15);
    }

    [RequiresFact("node", "npm")]
    public async Task SubmitAsync_TwoClientsOfOneMachineInTurn_NeverTakeEachOthersNonce()
    {
        using EthereumClient client = Client();
        using EthereumClient other = Client();
        await AnvilAsync("evm_setAutomine", false); // All of them wait, and a second one of a nonce would replace.

        for (int i = 0; i < 10; i++)
        {
            await (i % 3 == 0 ? other : client).SubmitAsync(
                _chain.Accounts[0], new CallRequest { To = Receiver, Value = new Wei(1) }, CancellationToken.None);
        }

        Assert.Equal(10, _asked.Count(method => method == "eth_sendRawTransaction")); // None was refused for its nonce.
        await AnvilAsync("anvil_mine", "0x1");
        Assert.Equal(new Wei(10), await client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_ManyFromOneAccountAtOnce_AllAreMined()
    {
        using EthereumClient client = Client();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => SendAsync(client, 1)));

        Assert.Equal(new Wei(300), await client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_TwoProcessesWithOneKey_NoneFails()
    {
        (int, string)[] ends = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using Process process = SenderHost.Start(_chain.Endpoint, _folder, count: 20);
            string error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, error);
        }));

        Assert.Equal([(0, ""), (0, "")], ends);
        Assert.Equal(new Wei(40), await _chain.Client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_SameKeyOnTwoMachines_EachIsMinedOnceOrSaidToBeReplaced()
    {
        using EthereumClient client = Client();
        using EthereumClient other = Client("elsewhere"); // Another machine: no file in common.

        int[] mined = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            try
            {
                await (i % 2 == 0 ? client : other).SendAsync(
                    _chain.Accounts[0], new CallRequest { To = Receiver, Value = new Wei(1 << (i % 2)) });
                return 1 << (i % 2);
            }
            catch (ReplacedTransactionException)
            {
                return 0;
            }
        }));

        Assert.Equal(new Wei(mined.Sum()), await client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_StuckForItsFee_IsReplacedUnderTheSameNonce()
    {
        using EthereumClient client = Client(options: new EthereumClientOptions { ReplaceAfter = TimeSpan.FromMilliseconds(50) });
        await AnvilAsync("evm_setAutomine", false);
        Task<TransactionReceipt> sending = SendAsync(client, 1);
        while (!_notices.Any(notice => notice.Contains("sent again as", StringComparison.Ordinal)))
        {
            Assert.False(sending.IsCompleted);
            await Task.Delay(20);
        }

        await AnvilAsync("anvil_mine", "0x1");
        TransactionReceipt receipt = await sending;

        Assert.True(receipt.Succeeded);
        Assert.Equal(1UL, await client.GetTransactionCountAsync(_chain.Accounts[0].Address));
        Assert.Equal(new Wei(1), await client.GetBalanceAsync(Receiver));
        await AnvilAsync("evm_setAutomine", true);
        await SendAsync(client, 1); // No gap is left behind.
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_BaseFeeAboveTheCap_SendsNothingAndNamesBoth()
    {
        using EthereumClient client = Client(options: new EthereumClientOptions { MaximumFeePerGas = new Wei(1000) });

        FeeCapException exception = await Assert.ThrowsAsync<FeeCapException>(() => SendAsync(client, 1));

        Assert.Contains("0.000001 gwei", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, await client.GetTransactionCountAsync(_chain.Accounts[0].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_ReorganisedWhileWaiting_IsSaidSentAgainAndConfirmed()
    {
        using EthereumClient client = Client(options: new EthereumClientOptions
        {
            Confirmations = 3,
            LongestPollingPause = TimeSpan.FromMilliseconds(20),
        });
        await _chain.MineAsync(5);
        Task<TransactionReceipt> sending = SendAsync(client, 1);
        while (await client.GetBalanceAsync(Receiver) == Wei.Zero)
        {
            await Task.Delay(20);
        }

        int seen = Looks() + 2; // By then the sender has looked again, and found its receipt.
        while (Looks() < seen)
        {
            await Task.Delay(20);
        }

        ulong first = await client.GetBlockNumberAsync();
        await AnvilAsync("anvil_rollback", 2);
        Assert.False(sending.IsCompleted);
        while (!sending.IsCompleted)
        {
            await _chain.MineAsync();
            await Task.Delay(20);
        }

        TransactionReceipt receipt = await sending;
        Assert.True(await client.GetBlockNumberAsync() >= receipt.BlockNumber + 2);
        Assert.Equal(receipt.BlockHash, (await client.GetBlockAsync(receipt.BlockNumber)).Hash);
        Assert.Equal(new Wei(1), await client.GetBalanceAsync(Receiver));
        Assert.Contains(_notices, notice => notice.Contains($"block {first} with transaction", StringComparison.Ordinal));
    }

    // The receipts were there, and the node has lost the transactions with their blocks: a count of ours would leave a gap.
    [RequiresTheory("node", "npm")]
    [InlineData(1)]
    [InlineData(3)]
    public async Task SendAsync_AfterAReorganisationThatLostTheLast_LeavesNoGap(int blocks)
    {
        using EthereumClient client = Client(options: new EthereumClientOptions { ReceiptTimeout = TimeSpan.FromSeconds(20) });
        for (int i = 0; i < 3; i++)
        {
            await SendAsync(client, 1);
        }

        await AnvilAsync("anvil_rollback", blocks);
        await Task.Delay(TimeSpan.FromMilliseconds(200)); // In a row of sends, no block comes that soon after another.
        await SendAsync(client, 10);

        Assert.Equal((ulong)(13 - blocks), await client.GetTransactionCountAsync(_chain.Accounts[0].Address));
        Assert.Equal(new Wei((ulong)(13 - blocks)), await client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task WaitForReceipt_SlowBlocks_IsAskedAboutOnceABlock()
    {
        using EthereumClient client = Client();
        await AnvilAsync("evm_setIntervalMining", 1);
        await SendAsync(client, 2);
        ulong block = await client.GetBlockNumberAsync();
        _asked.Clear();

        await SendAsync(client, 3);

        // Once a block, and once more where its time, which is whole seconds, said too little.
        int looks = Looks();
        ulong waited = await client.GetBlockNumberAsync() - block;
        Assert.InRange(looks, 3, 3 + (2 * (int)waited));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_CancelledWhileWaiting_ThrowsAtOnce()
    {
        using EthereumClient client = Client();
        await AnvilAsync("evm_setAutomine", false);
        using CancellationTokenSource cancel = new();
        Task<TransactionReceipt> sending = client.SendAsync(
            _chain.Accounts[0], new CallRequest { To = Receiver, Value = new Wei(1) }, cancel.Token);
        while (await client.GetTransactionCountAsync(_chain.Accounts[0].Address) == 0)
        {
            await Task.Delay(10);
        }

        using WorkClock clock = new();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 0.5);
    }

    [Fact]
    public async Task GetChainId_FailedOnce_IsAskedAgain()
    {
        int count = 0;
        await using ScriptedServer server = new(request => Interlocked.Increment(ref count) == 1
            ? ScriptedServer.Http("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"starting\"}}")
            : ScriptedServer.Result(request, "\"0x7\""));
        using EthereumClient client = new(server.Address);

        await Assert.ThrowsAsync<RpcConnectionException>(() => client.GetChainIdAsync());

        Assert.Equal(7UL, await client.GetChainIdAsync());
    }

    private EthereumClient Client(string folder = "nonces", EthereumClientOptions? options = null) => new(
        _chain.Endpoint,
        (options ?? new EthereumClientOptions()) with
        {
            NonceFolder = Path.Combine(_folder, folder),
            Notices = new Notes(_notices),
            Asked = _asked.Enqueue,
        });

    private async Task<TransactionReceipt> SendAsync(EthereumClient client, int times)
    {
        for (int i = 1; i < times; i++)
        {
            await SendAsync(client, 1);
        }

        return await client.SendAsync(_chain.Accounts[0], new CallRequest { To = Receiver, Value = new Wei(1) });
    }

    private Task<JsonElement> AnvilAsync(string method, JsonValue argument) =>
        _chain.Client.ReadAsync(method, [argument], CancellationToken.None);

    private Task<JsonElement> AnvilAsync(string method, bool argument) => AnvilAsync(method, JsonValue.Create(argument));

    private Task<JsonElement> AnvilAsync(string method, int argument) => AnvilAsync(method, JsonValue.Create(argument));

    private Task<JsonElement> AnvilAsync(string method, string argument) => AnvilAsync(method, JsonValue.Create(argument));

    private int Looks() => _asked.Count(method => method == "eth_getTransactionReceipt");

    private sealed class Notes(ConcurrentQueue<string> notices) : IProgress<string>
    {
        public void Report(string value) => notices.Enqueue(value);
    }
}
