using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Interactive.Chains;

namespace Research.Interactive.Magics;

/// <summary>The market that a call is about, for the length of that call; it only reads.</summary>
internal sealed class MarketPlace : IDisposable
{
    private const string RpcVariable = "RESEARCH_RPC";
    private const string MarketVariable = "RESEARCH_MARKET";
    private const string DefaultRpc = "http://127.0.0.1:8545";

    private readonly EthereumClient _client;
    private readonly EthereumNetwork? _network;

    private MarketPlace(EthereumClient client, Address market, ulong fromBlock, EthereumNetwork? network = null)
    {
        _client = client;
        _network = network;
        Market = new TrainingMarket(client, market, account: null, fromBlock);
    }

    /// <summary>Gets the market.</summary>
    public TrainingMarket Market { get; }

    /// <summary>Finds it: by the options, else the chain of this notebook, else by the environment.</summary>
    /// <exception cref="RefusedException">No market is named, or a value is malformed.</exception>
    public static MarketPlace Find(MagicCall call)
    {
        LocalChain? own = call.Session.Chain;
        ulong fromBlock = call.Arguments.Whole("--from-block", 0UL, ulong.MaxValue) ?? 0;
        if (Network(call) is { } network)
        {
            string? given = call.Arguments.Text("--market");
            return new MarketPlace(
                new EthereumClient(
                    network.Addresses(Environment.GetEnvironmentVariable), new EthereumClientOptions { ChainId = network.ChainId }),
                given is not null ? Named("--market", given)
                    : Environment.GetEnvironmentVariable(MarketVariable) is { Length: > 0 } usual ? Named(MarketVariable, usual)
                    : throw MagicArguments.Unexpected("--market", "a market's address", ""),
                fromBlock,
                network);
        }

        Uri? node = call.Arguments.Text("--rpc") is string url ? Node("--rpc", url) : own?.Chain.Endpoint;
        Address? market = call.Arguments.Text("--market") is string text ? Named("--market", text)
            : node is not null && node == own?.Chain.Endpoint ? own.Market
            : null;
        node ??= Node(
            RpcVariable, Environment.GetEnvironmentVariable(RpcVariable) is { Length: > 0 } rpc ? rpc : DefaultRpc);
        if (market is null && Environment.GetEnvironmentVariable(MarketVariable) is { Length: > 0 } known)
        {
            market = Named(MarketVariable, known);
        }

        return market is Address address
            ? new MarketPlace(new EthereumClient(node), address, fromBlock)
            : throw MagicArguments.Unexpected("--market", "a market's address, or #!chain up before", "");
    }

    /// <summary>Gets how many tasks there are.</summary>
    /// <exception cref="RefusedException">The contract is no market.</exception>
    /// <exception cref="ChainException">The node does not answer.</exception>
    public async Task<ulong> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Market.TaskCountAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WrongCodeException e)
        {
            throw new RefusedException($"--market: {e.Message}", e);
        }
    }

    /// <summary>Gets where a task stands now.</summary>
    public async Task<TaskMoment> MomentAsync(ulong taskId, Terms terms, CancellationToken cancellationToken) =>
        new(taskId, terms, await _client.GetNextTimestampAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Gets what the chain's own currency is called.</summary>
    public async Task<string> SymbolAsync(CancellationToken cancellationToken)
    {
        ulong chainId = await _client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        return (_network ?? NetworkList.WellKnown.Find(chainId))?.Symbol ?? "ETH";
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static EthereumNetwork? Network(MagicCall call)
    {
        if (call.Arguments.Text("--network") is not string name)
        {
            return null;
        }

        if (call.Arguments.Text("--rpc") is not null)
        {
            throw MagicArguments.Unexpected("--rpc and --network", "one of the two", "both");
        }

        NetworkList known = NetworkList.Load();
        return known.Find(name)
            ?? throw MagicArguments.Unexpected("--network", $"one of {string.Join(", ", known.All.Select(one => one.Name))}", name);
    }

    private static Uri Node(string source, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? node) && node.Scheme is "http" or "https"
            ? node
            : throw MagicArguments.Unexpected(source, $"a node's address such as {DefaultRpc}", text);

    private static Address Named(string source, string text)
    {
        try
        {
            return Address.Parse(text);
        }
        catch (FormatException e)
        {
            throw new RefusedException($"{source}: {e.Message}", e);
        }
    }
}
