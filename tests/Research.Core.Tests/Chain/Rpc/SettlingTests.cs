using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Rpc;

/// <summary>What the next process does about transactions whose process died: on anvil, mining only when told.</summary>
public sealed class SettlingTests : IAsyncLifetime
{
    private static readonly Address Receiver = new([.. Enumerable.Repeat((byte)7, 20)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("settling-").FullName;
    private readonly ConcurrentQueue<string> _notices = [];
    private DevChain _chain = null!;

    private string Sent => Path.Combine(_folder, "sent");

    private PrivateKeyAccount Account => _chain.Accounts[0];

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            NodeTools.EnsureInstalled();
            _chain = await DevChain.StartAsync(new DevChainOptions { Accounts = 2, AnvilPath = NodeTools.Anvil });
            await AnvilAsync("evm_setAutomine", false);
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
    public async Task SettleAsync_StillWaiting_IsWaitedForAndReturned()
    {
        Bytes32 hash = await SendAndDieAsync(5);
        using EthereumClient client = Client();

        Task<IReadOnlyList<TransactionReceipt>> settling = client.SettleAsync(Account);
        while (_notices.IsEmpty)
        {
            await Task.Delay(20);
        }

        Assert.False(settling.IsCompleted);
        await _chain.MineAsync();

        Assert.Equal([hash], (await settling).Select(receipt => receipt.TransactionHash));
        Assert.Empty(Files());
        Assert.Empty(await client.SettleAsync(Account));
        Assert.Equal(new Wei(5), await client.GetBalanceAsync(Receiver));
    }

    // Between the file and the node, or where the node lost it. It is not sent: what its user wants by now may be another. And
    // whoever has it still, it cannot happen beside the next, which has its nonce.
    [RequiresFact("node", "npm")]
    public async Task SettleAsync_NoNodeKnowsIt_IsForgottenAndTheNextTakesItsNonce()
    {
        Bytes32 lost = await SendAndDieAsync(5);
        string raw = await File.ReadAllTextAsync(Assert.Single(Files()));
        await _chain.Client.ReadAsync("anvil_dropTransaction", [JsonValue.Create(lost.ToString())], CancellationToken.None);
        await AnvilAsync("evm_setAutomine", true);
        using EthereumClient client = Client();

        Assert.Empty(await client.SettleAsync(Account));
        Assert.Empty(Files());
        Assert.Equal(Wei.Zero, await client.GetBalanceAsync(Receiver));
        await client.SendAsync(Account, new CallRequest { To = Receiver, Value = new Wei(1) });

        await Assert.ThrowsAnyAsync<ChainException>(() => client.SendRawTransactionAsync(Hex.Decode(raw)));
        Assert.Equal(new Wei(1), await client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task SettleAsync_BehindAGap_IsNotWaitedFor()
    {
        FeeEstimate fee = await _chain.Client.GetFeesAsync();
        Eip1559Transaction late = new(
            DevChain.ChainId,
            Nonce: 3,
            fee.MaxPriorityFeePerGas,
            fee.MaxFeePerGas,
            GasLimit: 21_000,
            Receiver,
            new Wei(5),
            default);
        ReadOnlyMemory<byte> raw = await Account.SignAsync(late, CancellationToken.None);
        Bytes32 hash = await _chain.Client.SendRawTransactionAsync(raw);
        new SentJournal(Sent).Keep(
            new SentTransaction(hash, Account, late, fee, raw), (await _chain.Client.GetBlockAsync(0)).Hash);
        using EthereumClient client = Client();

        Assert.Empty(await client.SettleAsync(Account));

        Assert.Contains($"{hash}", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.Contains($"{hash}", Assert.Single(Files()), StringComparison.Ordinal);
    }

    // As long a path as the system makes folders for; a file in it is longer.
    [RequiresFact("node", "npm")]
    public async Task SendAsync_FolderThatTakesNoFileOfThatName_SaysSoInOneLineAndSendsNothing()
    {
        string sent = _folder;
        while (sent.Length < 3_900)
        {
            sent = Path.Combine(sent, new string('d', 100));
        }

        using EthereumClient client = Client(sent);

        IOException refused = await Assert.ThrowsAsync<IOException>(() => client.SubmitAsync(
            Account, new CallRequest { To = Receiver, Value = new Wei(5) }, CancellationToken.None));

        Assert.StartsWith(
            $"{sent}: expected a folder that takes a file with a name of ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written or sent.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(0UL, await _chain.Client.GetTransactionCountAsync(Account.Address));
        Assert.Empty(Directory.GetFiles(sent));
    }

    [RequiresFact("node", "npm")]
    public async Task SettleAsync_DryRun_TouchesNothing()
    {
        await SendAndDieAsync(5);
        string[] before = Files();
        using EthereumClient client = new(
            _chain.Endpoint, new EthereumClientOptions { SentFolder = Sent, IsDryRun = true });

        Assert.Empty(await client.SettleAsync(Account));

        Assert.Equal(before, Files());
    }

    [RequiresFact("node", "npm")]
    public async Task SettleAsync_AnotherTookItsNonce_IsForgotten()
    {
        Bytes32 hash = await SendAndDieAsync(5);
        await _chain.Client.ReadAsync("anvil_dropTransaction", [JsonValue.Create(hash.ToString())], CancellationToken.None);
        await AnvilAsync("evm_setAutomine", true);
        using (EthereumClient other = Client(sent: null))
        {
            await other.SendAsync(Account, new CallRequest { To = Receiver, Value = new Wei(1) });
        }

        using EthereumClient client = Client();

        Assert.Empty(await client.SettleAsync(Account));
        Assert.Empty(Files());
        Assert.Equal(new Wei(1), await client.GetBalanceAsync(Receiver));
    }

    // Two development chains have one number, and their accounts the same keys.
    [RequiresFact("node", "npm")]
    public async Task SettleAsync_SentOnAnotherChainOfThatNumber_IsNotTouched()
    {
        await SendAndDieAsync(5);
        string[] before = Files();
        await using DevChain other = await DevChain.StartAsync(new DevChainOptions
        {
            Accounts = 2,
            AnvilPath = NodeTools.Anvil,
            GenesisTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
        });
        using EthereumClient client = Client(other.Endpoint);

        Assert.Empty(await client.SettleAsync(other.Accounts[0]));

        Assert.Equal(before, Files());
        Assert.Equal(Wei.Zero, await client.GetBalanceAsync(Receiver));
    }

    [RequiresFact("node", "npm")]
    public async Task SettleAsync_FilesOfSomebodyElse_AreNotTakenForTransactions()
    {
        await SendAndDieAsync(5);
        string real = Assert.Single(Files());
        string text = await File.ReadAllTextAsync(real);
        string name = real[..real.LastIndexOf('-')];
        (string Suffix, string Text)[] files =
        [
            ("1", ""), ("2", "0x"), ("3", "0xzz"), ("4", text[..40]), ("5", new string('0', 3 << 20)), ("6", text + "00"),
        ];
        foreach ((string suffix, string garbage) in files)
        {
            await File.WriteAllTextAsync($"{name}-0x{suffix}", garbage);
        }

        await _chain.MineAsync();
        using EthereumClient client = Client();

        Assert.Single(await client.SettleAsync(Account));
        Assert.Equal(new Wei(5), await client.GetBalanceAsync(Receiver));
    }

    // Another node may have taken it before; whoever looks finds that none has.
    [RequiresFact("node", "npm")]
    public async Task SettleAsync_TheNodeRefusedIt_IsForgotten()
    {
        using EthereumClient client = Client();
        CallRequest request = new() { To = Receiver, Value = Wei.FromEther("1000000"), GasLimit = 21_000 };

        await Assert.ThrowsAsync<RpcException>(() => client.SendAsync(Account, request));

        Assert.Empty(await client.SettleAsync(Account));
        Assert.Empty(Files());
    }

    private async Task<Bytes32> SendAndDieAsync(int wei)
    {
        using EthereumClient client = Client();
        return (await client.SubmitAsync(
            Account, new CallRequest { To = Receiver, Value = new Wei(wei) }, CancellationToken.None)).Hash;
    }

    private EthereumClient Client(Uri? endpoint = null) => Client(Sent, endpoint);

    private EthereumClient Client(string? sent, Uri? endpoint = null) => new(
        endpoint ?? _chain.Endpoint,
        new EthereumClientOptions
        {
            NonceFolder = Path.Combine(_folder, "nonces"),
            SentFolder = sent,
            Notices = new Notes(_notices),
        });

    private string[] Files() => Directory.Exists(Sent) ? Directory.GetFiles(Sent) : [];

    private Task<JsonElement> AnvilAsync(string method, bool argument) =>
        _chain.Client.ReadAsync(method, [JsonValue.Create(argument)], CancellationToken.None);

    private sealed class Notes(ConcurrentQueue<string> notices) : IProgress<string>
    {
        public void Report(string value) => notices.Enqueue(value);
    }
}
