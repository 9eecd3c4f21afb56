using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Tests.Chain.Contracts;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Rpc;

/// <summary>The index on a real chain, ten blocks a question, so that a hundred blocks are long.</summary>
public sealed class EventIndexTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("index-");
    private readonly List<string> _asked = [];
    private readonly List<string> _notices = [];
    private DevChain _chain = null!;
    private TrainingMarket _market = null!;

    private string IndexFile => _folder.GetFiles("*.events")[0].FullName;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            NodeTools.EnsureInstalled();
            _chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
            _market = await TrainingMarket.DeployAsync(_chain.Client, _chain.Accounts[0]);
            await PublishAsync();
            await MineAsync(60);
            await PublishAsync();
            await MineAsync(60);
        }
    }

    public async Task DisposeAsync()
    {
        await (_chain?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_SecondTime_AsksForTheNewestBlocksAlone()
    {
        Assert.Equal((ulong[])[1, 2], await TasksAsync());
        int first = Logs();
        _asked.Clear();

        Assert.Equal((ulong[])[1, 2], await TasksAsync());

        Assert.True(first > 4, $"asked {first} times");
        Assert.Equal(1, Logs());
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_NewTaskAfterTheIndex_IsThere()
    {
        await TasksAsync();
        await PublishAsync();

        Assert.Equal((ulong[])[1, 2, 3], await TasksAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_Kept_IsNeverLessDeepThanConfirmations()
    {
        await TasksAsync(confirmations: 30);

        ulong newest = await _chain.Client.GetBlockNumberAsync();
        Assert.Equal(newest - 30, Tip());
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_ChainReorganisedBelowTheTip_GoesBackToACheckpoint()
    {
        await TasksAsync();
        ulong tip = Tip();
        await _chain.Client.ReadAsync("anvil_rollback", [80], CancellationToken.None); // With the second task.
        await MineAsync(100);
        _notices.Clear();

        // The contract has one task now: the one that the index still had would be a second.
        Assert.Equal((ulong[])[1], await TasksAsync());
        Assert.Contains(_notices, notice => notice.Contains($"goes back from block {tip} to block", StringComparison.Ordinal));
        await PublishAsync();
        Assert.Equal((ulong[])[1, 2], await TasksAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_ReorganisedWithinOneProcess_IsSeen()
    {
        EventIndex index = new(_folder.FullName, 1);
        using EthereumClient client = Client();
        MarketEvents events = new TrainingMarket(client, _market.Address, null, _market.FromBlock, index).Events;
        Assert.Equal(2, (await events.TaskPublishedAsync()).Count);
        await _chain.Client.ReadAsync("anvil_rollback", [80], CancellationToken.None);

        Assert.Single(await events.TaskPublishedAsync()); // The chain is shorter than the index.
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_ShallowReorganisation_KeepsTheIndex()
    {
        await TasksAsync(confirmations: 30);
        await _chain.Client.ReadAsync("anvil_reorg", [5, new JsonArray()], CancellationToken.None);
        _notices.Clear();
        _asked.Clear();

        Assert.Equal((ulong[])[1, 2], await TasksAsync(confirmations: 30));
        Assert.Empty(_notices);
    }

    [RequiresTheory("node", "npm")]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("bit")]
    [InlineData("large")]
    public async Task TaskPublishedAsync_DamagedFile_IsMadeAgain(string how)
    {
        await TasksAsync();
        byte[] bytes = await File.ReadAllBytesAsync(IndexFile);
        byte[] whole = [.. bytes];
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(
            IndexFile, how switch { "empty" => [], "cut" => whole[..^7], "large" => new byte[(64 << 20) + 1], _ => bytes });
        _notices.Clear();

        Assert.Equal((ulong[])[1, 2], await TasksAsync());
        Assert.Contains(_notices, notice => notice.Contains("is damaged and made again", StringComparison.Ordinal));
        Assert.Equal(whole, await File.ReadAllBytesAsync(IndexFile));
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_NodeThatTakesFewBlocks_IsAskedForFewer()
    {
        await using ScriptedServer server = new(request =>
            request.Contains("eth_getLogs", StringComparison.Ordinal) && Span(request) > 3
                ? ScriptedServer.Http("""{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"query returned more than 10000 results"}}""")
                : ScriptedServer.Forward(_chain.Endpoint, request));

        Assert.Equal((ulong[])[1, 2], await TasksAsync(endpoint: server.Address));
    }

    [RequiresFact("node", "npm")]
    public async Task TaskPublishedAsync_IndexOfAnotherChain_IsNotUsed()
    {
        await TasksAsync();
        await using DevChain other = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(other.Client, other.Accounts[0]);
        Assert.Equal(_market.Address, market.Address); // The same chain number and address, and another chain.
        await other.Client.ReadAsync("anvil_mine", [RpcJson.Quantity(150)], CancellationToken.None);

        Assert.Empty(await TasksAsync(endpoint: other.Endpoint));
    }

    private async Task<ulong[]> TasksAsync(int confirmations = 1, Uri? endpoint = null)
    {
        using EthereumClient client = Client(endpoint);
        TrainingMarket market = new(
            client, _market.Address, null, _market.FromBlock, new EventIndex(_folder.FullName, confirmations));
        return [.. (await market.Events.TaskPublishedAsync()).Select(task => task.TaskId)];
    }

    private EthereumClient Client(Uri? endpoint = null) => new(endpoint ?? _chain.Endpoint, new EthereumClientOptions
    {
        LogBlockRange = 10,
        Asked = _asked.Add,
        Notices = new Direct(_notices.Add),
    });

    private Task<Publication> PublishAsync() => _market.PublishAsync(RoundTrees.Offer(1, Delivery.Demand));

    private Task<JsonElement> MineAsync(int blocks) =>
        _chain.Client.ReadAsync("anvil_mine", [RpcJson.Quantity(blocks)], CancellationToken.None);

    private int Logs() => _asked.Count(method => method == "eth_getLogs");

    private ulong Tip()
    {
        string json = File.ReadAllLines(IndexFile)[1];
        return (ulong)JsonNode.Parse(json)!["checkpoints"]!.AsArray()[^1]!["block"]!;
    }

    private static ulong Span(string request)
    {
        JsonNode filter = JsonNode.Parse(request)!["params"]![0]!;
        return Number("toBlock") - Number("fromBlock") + 1;

        ulong Number(string name) =>
            ulong.Parse(((string)filter[name]!)[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private sealed class Direct(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
