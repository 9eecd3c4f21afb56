using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Chain.Rpc;

/// <summary>The nodes of one chain in order: one that does not answer is left for the next, and comes back later.</summary>
internal sealed class RpcEndpoints : IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(10); // Where another could be asked.

    private readonly EthereumClientOptions _options;
    private readonly Node[] _nodes;
    private ulong _chainId; // 0 until it is known.
    private Node _last;

    public RpcEndpoints(IReadOnlyList<Uri> endpoints, EthereumClientOptions options)
    {
        _options = options;
        _nodes = [.. endpoints.Select(endpoint => new Node(new JsonRpcConnection(endpoint, options)))];
        _chainId = options.ChainId ?? 0;
        _last = _nodes[0];
    }

    /// <summary>Gets how many there are.</summary>
    public int Count => _nodes.Length;

    /// <summary>Gets scheme, host and port of the one that answered last.</summary>
    public string DisplayName => _last.Connection.DisplayName;

    public void Dispose()
    {
        foreach (Node node in _nodes)
        {
            node.Connection.Dispose();
        }
    }

    /// <summary>Gets the chain's number, which every node that is asked for anything must say.</summary>
    /// <exception cref="WrongChainException">A node says another.</exception>
    public Task<ulong> ChainIdAsync(CancellationToken cancellationToken) =>
        FirstAsync(mayLeave: true, node => RequireChainAsync(node, cancellationToken));

    /// <summary>Calls a method of the first node that answers.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="mayRetry">Whether it may be repeated without effect.</param>
    /// <param name="timeout">How long one node may take; less where there are others.</param>
    /// <param name="isNode">Whether it must be a node of the chain; a signer need not know of any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<JsonElement> InvokeAsync(
        string method, JsonArray parameters, bool mayRetry, TimeSpan timeout, bool isNode, CancellationToken cancellationToken)
    {
        // Signed bytes may go to several nodes: their nonce lets them happen once.
        bool mayLeave = mayRetry || method == "eth_sendRawTransaction";
        return FirstAsync(
            mayLeave, node => AskAsync(node, method, parameters, mayRetry, timeout, isNode, cancellationToken));
    }

    /// <summary>Asks two nodes for the same, where two answer; fewer where they do not.</summary>
    public async Task<IReadOnlyList<(string Node, T Answer)>> AskTwoAsync<T>(
        Func<Func<string, JsonArray, Task<JsonElement>>, Task<T>> ask, CancellationToken cancellationToken)
    {
        List<(string Node, T Answer)> answers = [];
        foreach (Node node in InOrder())
        {
            if (answers.Count == 2)
            {
                break;
            }

            try
            {
                answers.Add((
                    node.Connection.DisplayName,
                    await ask((method, parameters) => AskAsync(
                        node, method, parameters, mayRetry: true, _options.RequestTimeout, isNode: true, cancellationToken))
                        .ConfigureAwait(false)));
            }
            catch (Exception e) when (e is RpcConnectionException or RpcFormatException or RpcException)
            {
                node.RestFrom(_options.Time.GetTimestamp());
            }
        }

        return answers;
    }

    private async Task<JsonElement> AskAsync(
        Node node,
        string method,
        JsonArray parameters,
        bool mayRetry,
        TimeSpan timeout,
        bool isNode,
        CancellationToken cancellationToken)
    {
        if (isNode)
        {
            await RequireChainAsync(node, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan patience = Count > 1 && timeout > PatienceWithOne ? PatienceWithOne : timeout;
        JsonArray own = Count > 1 ? (JsonArray)parameters.DeepClone() : parameters; // A node of JSON has one parent.
        return await node.Connection.InvokeAsync(method, own, mayRetry, patience, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> FirstAsync<T>(bool mayLeave, Func<Node, Task<T>> ask)
    {
        Node[] order = InOrder();
        for (int i = 0; ; i++)
        {
            try
            {
                T answer = await ask(order[i]).ConfigureAwait(false);
                _last = order[i];
                return answer;
            }
            catch (Exception e) when (e is RpcConnectionException or RpcFormatException && mayLeave && i < order.Length - 1)
            {
                order[i].RestFrom(_options.Time.GetTimestamp());
                _options.Notices?.Report(
                    $"{e.Message} Left for {order[i + 1].Connection.DisplayName}, and asked again in {Rest.TotalSeconds:0} s.");
            }
        }
    }

    private async Task<ulong> RequireChainAsync(Node node, CancellationToken cancellationToken)
    {
        if (node.ChainId is not ulong chainId)
        {
            try
            {
                JsonElement result = await node.Connection
                    .InvokeAsync("eth_chainId", [], true, _options.ContactTimeout, cancellationToken).ConfigureAwait(false);
                chainId = RpcJson.ReadUInt64(result, "eth_chainId");
            }
            catch (Exception exception) when (exception is RpcException or RpcFormatException)
            {
                throw new RpcConnectionException(
                    $"Asked {node.Connection.DisplayName} for its chain's number: {exception.Message} "
                    + "Check that it is an Ethereum node, and its access key.",
                    innerException: exception);
            }

            ulong expected = Interlocked.CompareExchange(ref _chainId, chainId, 0);
            if (expected != 0 && expected != chainId)
            {
                throw new WrongChainException(node.Connection.DisplayName, expected, chainId);
            }

            node.ChainId = chainId;
        }

        return chainId;
    }

    // Those that rest come last: better than no answer at all.
    private Node[] InOrder()
    {
        if (Count == 1)
        {
            return _nodes;
        }

        return [.. _nodes.OrderBy(node =>
            node.RestingFrom is long from && _options.Time.GetElapsedTime(from) < Rest ? 1 : 0)];
    }

    private sealed class Node(JsonRpcConnection connection)
    {
        public JsonRpcConnection Connection => connection;

        public ulong? ChainId { get; set; }

        public long? RestingFrom { get; private set; }

        public void RestFrom(long timestamp) => RestingFrom = timestamp;
    }
}
