using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nethereum.ABI.Model;
using Nethereum.Web3;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Chain.Signing;

namespace Research.Chain.Rpc;

/// <summary>Talks to one Ethereum node: reads, calls, sends transactions, waits for them and finds events.</summary>
/// <remarks>
/// Safe for concurrent use. Reads are retried when the connection fails; a transaction is sent once. The first request
/// fails within 4 s (<see cref="EthereumClientOptions.ContactTimeout"/>) if no Ethereum node answers.
/// </remarks>
public sealed class EthereumClient : IDisposable
{
    private readonly RpcEndpoints _endpoints;
    private readonly EthereumClientOptions _options;
    private readonly TransactionSender _sender;
    private readonly ConcurrentDictionary<Address, Bytes32> _codes = [];
    private ulong _widestLogRange = ulong.MaxValue; // What the node was seen to refuse is above it.
    private Bytes32? _genesis;

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    /// <param name="endpoint">The node's JSON-RPC address, http or https.</param>
    /// <param name="options">Limits; null for the usual ones.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or neither http nor https.</exception>
    public EthereumClient(Uri endpoint, EthereumClientOptions? options = null)
        : this([endpoint], options)
    {
    }

    /// <summary>Prepares a client of several nodes of one chain; nothing is sent yet.</summary>
    /// <remarks>
    /// The first that answers is asked. One that does not, or answers with HTML, 429 or 5xx, is left for the next, which
    /// <see cref="EthereumClientOptions.Notices"/> is told, and asked again after half a minute. Before a transaction is
    /// signed, chain, code, nonce and blocks are compared between two of them.
    /// </remarks>
    /// <param name="endpoints">The nodes' JSON-RPC addresses, http or https; at least one.</param>
    /// <param name="options">Limits; null for the usual ones.</param>
    /// <exception cref="ArgumentException">There is none, or one is not absolute, or neither http nor https.</exception>
    public EthereumClient(IReadOnlyList<Uri> endpoints, EthereumClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentOutOfRangeException.ThrowIfZero(endpoints.Count, nameof(endpoints));
        foreach (Uri endpoint in endpoints)
        {
            ArgumentNullException.ThrowIfNull(endpoint);
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            {
                throw new ArgumentException("Expected a node's address such as http://127.0.0.1:8545.", nameof(endpoints));
            }
        }

        Endpoint = endpoints[0];
        _options = options ?? new EthereumClientOptions();
        _endpoints = new RpcEndpoints(endpoints, _options);
        _sender = new TransactionSender(this, _options);
    }

    /// <summary>Gets the node's address, the first where there are several.</summary>
    public Uri Endpoint { get; }

    /// <summary>Gets how many blocks one log query spans at most.</summary>
    public ulong LogBlockRange => _options.LogBlockRange;

    /// <summary>Gets its limits and patience.</summary>
    internal EthereumClientOptions Options => _options;

    /// <summary>Gets scheme, host and port; what follows may hold a provider's key.</summary>
    internal string DisplayName => _endpoints.DisplayName;

    /// <summary>Gets the chain's number, asked for until it was answered once.</summary>
    /// <exception cref="WrongChainException">It is not <see cref="EthereumClientOptions.ChainId"/>.</exception>
    public Task<ulong> GetChainIdAsync(CancellationToken cancellationToken = default) =>
        _endpoints.ChainIdAsync(cancellationToken);

    /// <summary>Gets the newest block's number.</summary>
    public async Task<ulong> GetBlockNumberAsync(CancellationToken cancellationToken = default) =>
        RpcJson.ReadUInt64(
            await ReadAsync("eth_blockNumber", [], cancellationToken).ConfigureAwait(false), "eth_blockNumber");

    /// <summary>Gets a block, the newest if <paramref name="number"/> is null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block yet.</exception>
    public async Task<Block> GetBlockAsync(ulong? number = null, CancellationToken cancellationToken = default)
    {
        Block block = await FindBlockAsync(number, cancellationToken).ConfigureAwait(false)
            ?? throw new ArgumentOutOfRangeException(nameof(number), $"The node has no block {number}.");
        if (number is null)
        {
            _sender.Observe(block);
        }

        return block;
    }

    /// <summary>Gets a block, the newest if <paramref name="number"/> is null; null where there is none of that number.</summary>
    internal async Task<Block?> FindBlockAsync(ulong? number, CancellationToken cancellationToken)
    {
        JsonElement json = await ReadAsync("eth_getBlockByNumber", [Tag(number), false], cancellationToken)
            .ConfigureAwait(false);
        if (json.IsNull())
        {
            return null;
        }

        Block block = Block.Read(json);
        return number is null || block.Number == number
            ? block
            : throw new RpcFormatException("block.number", $"{number}", $"{block.Number}");
    }

    /// <summary>
    /// Gets the time, in Unix seconds, at which a transaction sent now would be mined, as far as the node can tell.
    /// </summary>
    /// <remarks>
    /// The newest block's time falls behind on a quiet development chain, which mines only when something is sent.
    /// </remarks>
    public async Task<ulong> GetNextTimestampAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            JsonElement json = await ReadAsync("eth_getBlockByNumber", ["pending", false], cancellationToken)
                .ConfigureAwait(false);
            if (!json.IsNull())
            {
                return RpcJson.ReadUInt64(RpcJson.Field(json, "timestamp", "block"), "block.timestamp");
            }
        }
        catch (RpcException)
        {
            // A node need not know pending blocks; the newest is the next best.
        }

        return (await GetBlockAsync(null, cancellationToken).ConfigureAwait(false)).Timestamp;
    }

    /// <summary>Gets an account's balance now.</summary>
    public async Task<Wei> GetBalanceAsync(Address account, CancellationToken cancellationToken = default) =>
        new(RpcJson.ReadQuantity(
            await ReadAsync("eth_getBalance", [account.ToString(), "latest"], cancellationToken).ConfigureAwait(false),
            "eth_getBalance"));

    /// <summary>Gets a contract's code; empty if the address has none.</summary>
    public Task<byte[]> GetCodeAsync(Address address, CancellationToken cancellationToken = default) =>
        GetCodeAsync(address, block: null, cancellationToken);

    /// <summary>Gets a contract's code after a block, which only a node that keeps old states can tell.</summary>
    internal async Task<byte[]> GetCodeAsync(Address address, ulong? block, CancellationToken cancellationToken) =>
        RpcJson.ReadBytes(
            await ReadAsync("eth_getCode", [address.ToString(), Tag(block)], cancellationToken).ConfigureAwait(false),
            "eth_getCode");

    /// <summary>Gets how many transactions an account has sent, those that wait included.</summary>
    public Task<ulong> GetTransactionCountAsync(Address account, CancellationToken cancellationToken = default) =>
        GetTransactionCountAsync(account, isPending: true, cancellationToken);

    /// <summary>Calls a contract without a transaction.</summary>
    /// <param name="request">What to call.</param>
    /// <param name="block">The block after which to call; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The encoded results.</returns>
    /// <exception cref="NoCodeException">The address has no code.</exception>
    /// <exception cref="RevertException">The contract refused.</exception>
    public async Task<byte[]> CallAsync(
        CallRequest request, ulong? block = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await RequireCodeAsync(request, cancellationToken).ConfigureAwait(false);
        return RpcJson.ReadBytes(
            await RevertibleAsync("eth_call", request, [request.ToJson(), Tag(block)], cancellationToken)
                .ConfigureAwait(false),
            "eth_call");
    }

    /// <summary>Gets the gas that a transaction would use now.</summary>
    /// <exception cref="NoCodeException">There is call data, but the address has no code.</exception>
    /// <exception cref="RevertException">The contract would refuse.</exception>
    public async Task<ulong> EstimateGasAsync(CallRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await RequireCodeAsync(request, cancellationToken).ConfigureAwait(false);
        return RpcJson.ReadUInt64(
            await RevertibleAsync("eth_estimateGas", request, [request.ToJson()], cancellationToken)
                .ConfigureAwait(false),
            "eth_estimateGas");
    }

    /// <summary>Gets what to offer for gas now.</summary>
    public async Task<FeeEstimate> GetFeesAsync(CancellationToken cancellationToken = default)
    {
        Task<Block> newest = GetBlockAsync(null, cancellationToken);
        Wei tip = await GetTipAsync(cancellationToken).ConfigureAwait(false);
        Block block = await newest.ConfigureAwait(false);
        return new FeeEstimate(block.BaseFeePerGas, (block.BaseFeePerGas * 2) + tip, tip);
    }

    /// <summary>Finds events, oldest first, asking for as few blocks at once as the node wants.</summary>
    /// <exception cref="MissingEventsException">The range begins after the newest block.</exception>
    /// <exception cref="RpcException">The node refuses even a single block, one that it no longer keeps for example.</exception>
    public async Task<IReadOnlyList<EventLog>> GetLogsAsync(
        LogFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ulong last = filter.ToBlock ?? await GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        if (filter.ToBlock is null && filter.FromBlock > last)
        {
            throw new MissingEventsException(
                $"Events from block {filter.FromBlock} on were asked for, but the newest block is {last}: name an "
                + "earlier block, that of the contract's deployment for example.");
        }

        ulong range = Math.Max(1, Math.Min(_options.LogBlockRange, Interlocked.Read(ref _widestLogRange)));
        List<EventLog> logs = [];
        ulong from = filter.FromBlock;
        while (from <= last)
        {
            ulong to = last - from < range ? last : from + range - 1;
            try
            {
                JsonElement json = await ReadAsync("eth_getLogs", [filter.ToJson(from, to)], cancellationToken)
                    .ConfigureAwait(false);
                logs.AddRange(RpcJson.Items(json, "eth_getLogs").Select(log => filter.Require(EventLog.Read(log), from, to)));
                from = to + 1;
            }
            catch (ChainException exception)
                when (exception is RpcException or RpcConnectionException { IsTransient: false } && range > 1)
            {
                // Nodes word "too many blocks" each in their own way.
                range = Math.Max(1, Math.Min(range, to - from + 1) / 2);
                Interlocked.Exchange(ref _widestLogRange, range); // The next query need not learn it again.
            }
        }

        return logs;
    }

    /// <summary>Gets the receipt of a transaction, or null while it is not mined.</summary>
    public async Task<TransactionReceipt?> GetReceiptAsync(
        Bytes32 transactionHash, CancellationToken cancellationToken = default)
    {
        JsonElement json = await ReadAsync("eth_getTransactionReceipt", [transactionHash.ToString()], cancellationToken)
            .ConfigureAwait(false);
        return json.IsNull() ? null : TransactionReceipt.Read(json);
    }

    /// <summary>Waits until a transaction is mined, as deep as <see cref="EthereumClientOptions.Confirmations"/> asks.</summary>
    /// <exception cref="TimeoutException">It is not within
    /// <see cref="EthereumClientOptions.ReceiptTimeout"/>.</exception>
    public Task<TransactionReceipt> WaitForReceiptAsync(
        Bytes32 transactionHash, CancellationToken cancellationToken = default) =>
        _sender.WaitAsync(transactionHash, null, cancellationToken);

    /// <summary>Sends a signed transaction, once, and gets its hash.</summary>
    /// <exception cref="RpcException">The node refused it.</exception>
    /// <exception cref="RpcConnectionException">The node may or may not have taken it; the
    /// message holds its hash.</exception>
    public async Task<Bytes32> SendRawTransactionAsync(
        ReadOnlyMemory<byte> rawTransaction, CancellationToken cancellationToken = default)
    {
        await GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        Bytes32 hash = Keccak256.Hash(rawTransaction.Span);
        try
        {
            JsonElement json = await _endpoints.InvokeAsync(
                "eth_sendRawTransaction",
                [Hex.Encode(rawTransaction.Span)],
                mayRetry: false,
                _options.RequestTimeout,
                isNode: true,
                cancellationToken)
                .ConfigureAwait(false);
            Bytes32 answer = RpcJson.ReadBytes32(json, "eth_sendRawTransaction");
            return answer == hash
                ? hash
                : throw new RpcFormatException("eth_sendRawTransaction", $"{hash}", $"{answer}");
        }
        catch (RpcConnectionException exception)
        {
            if (await IsKnownAsync(hash, cancellationToken).ConfigureAwait(false))
            {
                return hash; // Only the answer was lost.
            }

            throw new RpcConnectionException(
                $"{exception.Message} Transaction {hash} may or may not have been sent: "
                + "look it up before sending again.",
                innerException: exception);
        }
    }

    /// <summary>Signs a transaction, sends it and waits until it is mined and as deep as is asked for.</summary>
    /// <remarks>
    /// Transactions of one sender go out one after another with consecutive nonces, however many threads and processes of
    /// this machine send. One that is not mined in time is replaced by the same with a higher fee; one that a
    /// reorganisation of the chain drops is sent again.
    /// </remarks>
    /// <param name="sender">Who signs and pays.</param>
    /// <param name="request">What to send.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="NoCodeException">There is call data, but the address has no code; nothing was sent.</exception>
    /// <exception cref="FeeCapException">The chain wants more for gas than is allowed; nothing was sent.</exception>
    /// <exception cref="SignerException">The signer refused; nothing was sent.</exception>
    /// <exception cref="RevertException">The contract refused, before sending or when mined.</exception>
    /// <exception cref="RpcException">The node refused, for want of funds for example.</exception>
    /// <exception cref="RpcConnectionException">The node cannot be reached.</exception>
    /// <exception cref="TimeoutException">It was sent but not mined in time.</exception>
    /// <exception cref="ReplacedTransactionException">Another program with the same key had another transaction with
    /// its nonce mined.</exception>
    public async Task<TransactionReceipt> SendAsync(
        ISigner sender, CallRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(request);
        SentTransaction sent = await SubmitAsync(sender, request, cancellationToken).ConfigureAwait(false);
        TransactionReceipt receipt = await _sender.WaitAsync(sent.Hash, sent, cancellationToken).ConfigureAwait(false);
        return receipt.Succeeded
            ? receipt
            : throw await ExplainAsync(
                request with { From = sender.Address, GasLimit = sent.Transaction.GasLimit }, receipt, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>
    /// Waits for what an earlier process sent for this account and did not see mined: to be called before what is on chain
    /// decides what to send.
    /// </summary>
    /// <remarks>Only with <see cref="EthereumClientOptions.SentFolder"/>. Nothing is sent; what no node has is forgotten, and its
    /// nonce is the next transaction's.</remarks>
    /// <param name="sender">Whose.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipts of those that were mined, oldest first.</returns>
    /// <exception cref="TimeoutException">One is still waiting to be mined.</exception>
    /// <exception cref="ReplacedTransactionException">Another with its nonce was mined meanwhile.</exception>
    /// <exception cref="ChainException">The node cannot say what became of one.</exception>
    public Task<IReadOnlyList<TransactionReceipt>> SettleAsync(
        ISigner sender, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return _sender.SettleAsync(sender, cancellationToken);
    }

    /// <summary>Gets Nethereum's view of this connection, with all of its guards.</summary>
    /// <remarks>
    /// Limit: what Nethereum makes of an argument before it asks is not seen here. It pads a bytes32 of 31 bytes, which
    /// <see cref="Contracts.TrainingMarket"/> refuses.
    /// </remarks>
    /// <param name="signer">Who signs what is sent; null only to read.</param>
    public IWeb3 ToWeb3(ISigner? signer = null) => GuardedWeb3.Create(this, signer);

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _endpoints.Dispose();
        _sender.Dispose();
    }

    /// <summary>Gets the first block's hash, which tells two chains of one number apart.</summary>
    internal async Task<Bytes32> GetGenesisAsync(CancellationToken cancellationToken) =>
        _genesis ??= (await GetBlockAsync(0, cancellationToken).ConfigureAwait(false)).Hash;

    /// <summary>Signs and sends; <see cref="WaitForReceiptAsync"/> tells what became of it.</summary>
    internal Task<SentTransaction> SubmitAsync(
        ISigner sender, CallRequest request, CancellationToken cancellationToken) =>
        _sender.SubmitAsync(sender, request, cancellationToken);

    /// <summary>Throws where an address holds another contract than the one known; asked once an address.</summary>
    /// <exception cref="NoCodeException">It holds none.</exception>
    /// <exception cref="WrongCodeException">It holds another.</exception>
    internal async Task RequireContractAsync(
        Address address, string contract, Bytes32 codeHash, CancellationToken cancellationToken)
    {
        Bytes32 actual = await CodeHashAsync(address, cancellationToken).ConfigureAwait(false);
        if (actual != codeHash)
        {
            ulong chainId = await GetChainIdAsync(cancellationToken).ConfigureAwait(false);
            throw new WrongCodeException(contract, address, chainId, codeHash, actual);
        }
    }

    /// <summary>Throws where call data would go to an address without code; asked once an address.</summary>
    internal async Task RequireCodeAsync(CallRequest request, CancellationToken cancellationToken)
    {
        if (request.To is Address address && !request.Data.IsEmpty)
        {
            await CodeHashAsync(address, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gets how many transactions an account has sent, with or without those that wait.</summary>
    internal async Task<ulong> GetTransactionCountAsync(
        Address account, bool isPending, CancellationToken cancellationToken) =>
        RpcJson.ReadUInt64(
            await ReadAsync(
                "eth_getTransactionCount", [account.ToString(), isPending ? "pending" : "latest"], cancellationToken)
                .ConfigureAwait(false),
            "eth_getTransactionCount");

    /// <summary>Waits for what was sent; see <see cref="TransactionSender.WaitAsync"/>.</summary>
    internal Task<TransactionReceipt> WaitAsync(
        Bytes32 hash, SentTransaction? sent, CancellationToken cancellationToken) =>
        _sender.WaitAsync(hash, sent, cancellationToken);

    /// <summary>Calls any method that may be repeated without effect.</summary>
    internal Task<JsonElement> ReadAsync(string method, JsonArray parameters, CancellationToken cancellationToken) =>
        InvokeAsync(method, parameters, mayRetry: true, cancellationToken);

    /// <summary>Gets the accounts whose keys the endpoint holds.</summary>
    internal async Task<IReadOnlyList<Address>> AccountsAsync(CancellationToken cancellationToken)
    {
        JsonElement json = await _endpoints
            .InvokeAsync("eth_accounts", [], true, _options.ContactTimeout, isNode: false, cancellationToken).ConfigureAwait(false);
        return [.. RpcJson.Items(json, "eth_accounts").Select(item => RpcJson.ReadAddress(item, "eth_accounts[]"))];
    }

    /// <summary>Calls a method of a signer, which need not know of any chain.</summary>
    internal Task<JsonElement> AskSignerAsync(
        string method, JsonArray parameters, CancellationToken cancellationToken) =>
        _endpoints.InvokeAsync(
            method, parameters, mayRetry: true, _options.RequestTimeout, isNode: false, cancellationToken);

    /// <summary>Calls any method.</summary>
    internal Task<JsonElement> InvokeAsync(
        string method, JsonArray parameters, bool mayRetry, CancellationToken cancellationToken) =>
        _endpoints.InvokeAsync(
            method, parameters, mayRetry, _options.RequestTimeout, isNode: true, cancellationToken);

    /// <summary>Throws where two nodes disagree about what a transaction depends on; asks nothing where there is one.</summary>
    internal Task RequireAgreementAsync(Address account, Address? contract, CancellationToken cancellationToken) =>
        SecondOpinion.RequireAsync(_endpoints, _options, account, contract, cancellationToken);

    private async Task<Wei> GetTipAsync(CancellationToken cancellationToken)
    {
        const int MethodNotFound = -32601;
        try
        {
            JsonElement json = await ReadAsync("eth_maxPriorityFeePerGas", [], cancellationToken).ConfigureAwait(false);
            return new Wei(RpcJson.ReadQuantity(json, "eth_maxPriorityFeePerGas"));
        }
        catch (RpcException exception) when (exception.Code == MethodNotFound)
        {
            return new Wei(1_000_000_000); // The method is customary, not required; 1 gwei is what most nodes suggest.
        }
    }

    private static JsonValue Tag(ulong? block) =>
        JsonValue.Create(block is ulong number ? RpcJson.Quantity(number) : "latest");

    private async Task<JsonElement> RevertibleAsync(
        string method, CallRequest request, JsonArray parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(method, parameters, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.IsRevert)
        {
            throw Revert(exception, request.KnownAbi, null);
        }
    }

    private async Task<Bytes32> CodeHashAsync(Address address, CancellationToken cancellationToken)
    {
        if (!_codes.TryGetValue(address, out Bytes32 hash))
        {
            byte[] code = await GetCodeAsync(address, cancellationToken).ConfigureAwait(false);
            if (code.Length == 0)
            {
                throw new NoCodeException(address, await GetChainIdAsync(cancellationToken).ConfigureAwait(false));
            }

            hash = Keccak256.Hash(code);
            _codes[address] = hash;
        }

        return hash;
    }

    /// <summary>Gets whether the node has a transaction, waiting or mined.</summary>
    /// <exception cref="ChainException">It cannot say.</exception>
    internal async Task<bool> LookUpAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        JsonElement json = await ReadAsync("eth_getTransactionByHash", [hash.ToString()], cancellationToken)
            .ConfigureAwait(false);
        return !json.IsNull();
    }

    internal async Task<bool> IsKnownAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        try
        {
            return await LookUpAsync(hash, cancellationToken).ConfigureAwait(false);
        }
        catch (ChainException)
        {
            return false; // Unknown is not sent: the caller is told that it is uncertain.
        }
    }

    // The receipt of a failed transaction does not say why. Replays see the state after the block, then before it.
    internal async Task<RevertException> ExplainAsync(
        CallRequest request, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        foreach (ulong block in (ulong[])[receipt.BlockNumber, Math.Max(1, receipt.BlockNumber) - 1])
        {
            try
            {
                await ReadAsync("eth_call", [request.ToJson(), Tag(block)], cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException exception) when (exception.IsRevert)
            {
                return Revert(exception, request.KnownAbi, receipt.TransactionHash);
            }
            catch (RpcException)
            {
                continue; // Out of gas, or a node without that block's state.
            }
        }

        string hint = receipt.GasUsed >= request.GasLimit
            ? $"all of its {receipt.GasUsed} gas was used"
            : "a replay after the fact does not fail";
        return new RevertException(null, [], receipt.TransactionHash, hint);
    }

    private static RevertException Revert(RpcException exception, ContractABI? abi, Bytes32? hash)
    {
        byte[] data = [];
        string? hint = null;
        try
        {
            data = exception.ErrorData
                is string text && text.StartsWith("0x", StringComparison.Ordinal) ? Hex.Decode(text) : [];
        }
        catch (FormatException)
        {
            hint = Hex.Excerpt(exception.RpcMessage); // Not hex after all: the node's words are all there is.
        }

        return new RevertException(
            StrictAbi.DecodeError(abi, data), data, hash, data.Length == 0 ? hint ?? Hex.Excerpt(exception.RpcMessage) : null);
    }
}
