using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Chain.Contracts;

/// <summary>All that a binding needs of the outside: to call, to send and to look for events, at one address.</summary>
internal sealed class ContractConnection(
    EthereumClient client, Address address, AbiContract abi, PrivateKeyAccount? account, ulong fromBlock)
{
    public Address Address => address;

    public PrivateKeyAccount? Account => account;

    public ContractConnection As(PrivateKeyAccount other) => new(client, address, abi, other, fromBlock);

    public Task<ulong> ChainIdAsync(CancellationToken cancellationToken) => client.GetChainIdAsync(cancellationToken);

    public Task<ulong> NextTimestampAsync(CancellationToken cancellationToken) =>
        client.GetNextTimestampAsync(cancellationToken);

    public async Task<object[]> CallAsync(AbiFunction function, object[] arguments, CancellationToken cancellationToken)
    {
        CallRequest request = Request(function, arguments, Wei.Zero) with { From = account?.Address };
        return function.DecodeOutput(await client.CallAsync(request, null, cancellationToken).ConfigureAwait(false));
    }

    public Task<TransactionReceipt> SendAsync(
        AbiFunction function, Wei value, object[] arguments, CancellationToken cancellationToken) =>
        account is null
            ? throw new InvalidOperationException(
                $"{function.Name} needs an account that signs: call As(account) first.")
            : client.SendAsync(account, Request(function, arguments, value), cancellationToken);

    public async Task<IReadOnlyList<TEvent>> EventsAsync<TEvent>(
        AbiEvent description,
        IReadOnlyList<object?> indexed,
        Func<object[], EventLog, TEvent> read,
        CancellationToken cancellationToken)
    {
        List<Bytes32?> topics = [description.Topic];
        for (int i = 0; i < indexed.Count; i++)
        {
            topics.Add(indexed[i] is object value ? AbiEvent.EncodeTopic(description.Parameters[i].Type, value) : null);
        }

        IReadOnlyList<EventLog> logs = await client
            .GetLogsAsync(new LogFilter(address, topics, fromBlock), cancellationToken).ConfigureAwait(false);
        return [.. logs.Select(log => read(description.Decode(log.Topics, log.Data.Span), log))];
    }

    private CallRequest Request(AbiFunction function, object[] arguments, Wei value) =>
        new() { To = address, Data = function.Encode(arguments), Value = value, Abi = abi };
}
