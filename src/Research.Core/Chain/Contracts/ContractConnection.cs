using System.Collections.Concurrent;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Chain.Contracts;

/// <summary>All that a binding needs of the outside: to call, to send and to look for events, at one address.</summary>
internal sealed class ContractConnection(
    EthereumClient client, Address address, ContractArtifact artifact, ISigner? signer, ulong fromBlock, EventIndex? index = null)
{
    // Of tasks whose publication was found in the range of blocks looked through, so that nothing of them is before it.
    private ConcurrentDictionary<ulong, Bytes32> SpecHashes { get; init; } = [];

    public EthereumClient Client => client;

    public Address Address => address;

    public ISigner? Signer => signer;

    public ulong FromBlock => fromBlock;

    public ContractConnection As(ISigner other) =>
        new(client, address, artifact, other, fromBlock, index) { SpecHashes = SpecHashes };

    /// <summary>Calls a function; the contract there must be the artefact's, to the byte.</summary>
    public async Task<TOutput> CallAsync<TMessage, TOutput>(TMessage message, CancellationToken cancellationToken)
        where TMessage : FunctionMessage, new()
        where TOutput : class, IFunctionOutputDTO, new()
    {
        await RequireAsync(cancellationToken).ConfigureAwait(false);
        CallRequest request = Request(message.GetCallData(), Wei.Zero) with { From = signer?.Address };
        return StrictAbi.DecodeOutput<TOutput>(
            await client.CallAsync(request, null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Calls a function whose call data is made, as the account that signs; the contract there must be the
    /// artefact's, to the byte.</summary>
    public async Task CallAsync(ReadOnlyMemory<byte> callData, CancellationToken cancellationToken)
    {
        await RequireAsync(cancellationToken).ConfigureAwait(false);
        await client.CallAsync(Request(callData, Wei.Zero) with { From = signer?.Address }, null, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Sends a transaction; the contract there must be the artefact's, to the byte.</summary>
    public Task<TransactionReceipt> SendAsync<TMessage>(
        TMessage message, Wei value, CancellationToken cancellationToken)
        where TMessage : FunctionMessage, new() =>
        SendAsync(
            ABITypedRegistry.GetFunctionABI<TMessage>().Name, message.GetCallData(), value, cancellationToken);

    /// <summary>Sends a transaction whose call data is made; the contract there must be the artefact's, to the byte.</summary>
    /// <remarks>The node estimates its gas, where no limit is given.</remarks>
    public async Task<TransactionReceipt> SendAsync(
        string function,
        ReadOnlyMemory<byte> callData,
        Wei value,
        CancellationToken cancellationToken,
        ulong? gasLimit = null)
    {
        if (signer is null)
        {
            throw new InvalidOperationException($"{function} needs an account that signs: call As(signer) first.");
        }

        await RequireAsync(cancellationToken).ConfigureAwait(false);
        return await client.SendAsync(signer, Request(callData, value) with { GasLimit = gasLimit }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Gets another contract, at the same node, with the same account.</summary>
    public ContractConnection At(Address other, ContractArtifact known) => new(client, other, known, signer, fromBlock, index);

    /// <summary>Finds events, oldest first.</summary>
    /// <param name="indexed">The first indexed parameters as words; null where any will do.</param>
    /// <param name="read">Makes the event of its message.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<TEvent>> EventsAsync<TMessage, TEvent>(
        IReadOnlyList<Bytes32?> indexed, Func<TMessage, EventLog, TEvent> read, CancellationToken cancellationToken)
        where TMessage : class, IEventDTO, new()
    {
        await RequireAsync(cancellationToken).ConfigureAwait(false);
        LogFilter filter = new(address, [StrictAbi.TopicOf<TMessage>(), .. indexed], fromBlock);
        IReadOnlyList<EventLog> logs = index is null
            ? await client.GetLogsAsync(filter, cancellationToken).ConfigureAwait(false)
            : await index.LogsAsync(client, filter, artifact.ListedEvents.Value, cancellationToken).ConfigureAwait(false);
        return [.. logs.Select(log => read(StrictAbi.DecodeEvent<TMessage>(log), log))];
    }

    /// <summary>
    /// Gets the hash of a task's specification, which only its publication has; throws where the blocks looked through
    /// do not hold that.
    /// </summary>
    /// <remarks>
    /// A task's events come after its publication. Where that is missing, the range begins too late or the node has
    /// forgotten its logs, and every other list would be short without a word. A hash that was found is kept: it never
    /// changes.
    /// </remarks>
    /// <exception cref="MissingEventsException">They do not.</exception>
    public async Task<Bytes32> SpecHashOfAsync(ulong taskId, CancellationToken cancellationToken)
    {
        if (SpecHashes.TryGetValue(taskId, out Bytes32 kept))
        {
            return kept;
        }

        IReadOnlyList<Bytes32> published = await EventsAsync(
            [ToWord(taskId)],
            (Generated.TaskPublishedEventDTO message, EventLog _) => message.SpecHash.ToBytes32(),
            cancellationToken).ConfigureAwait(false);
        if (published.Count == 0)
        {
            throw Missing($"the publication of task {taskId}");
        }

        SpecHashes[taskId] = published[0];
        return published[0];
    }

    public MissingEventsException Missing(string what) => new(
        $"The events of the market {address} from block {fromBlock} on lack {what}: begin at the block of the market's "
        + $"deployment or before, and ask a node that keeps its logs ({client.DisplayName} answered).");

    /// <summary>Gets a number as an indexed parameter.</summary>
    public static Bytes32 ToWord(ulong number)
    {
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(word[24..], number);
        return new Bytes32(word);
    }

    private Task RequireAsync(CancellationToken cancellationToken) =>
        client.RequireContractAsync(address, artifact.Name, artifact.CodeHash, cancellationToken);

    private CallRequest Request(ReadOnlyMemory<byte> callData, Wei value) =>
        new() { To = address, Data = callData, Value = value, ParsedAbi = artifact.Abi };
}
