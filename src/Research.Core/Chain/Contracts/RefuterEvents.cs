using Nethereum.ABI.FunctionEncoding.Attributes;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>What happened on a <see cref="Refuter"/>, found by its events.</summary>
public sealed class RefuterEvents
{
    private readonly ContractConnection _connection;

    internal RefuterEvents(ContractConnection connection) => _connection = connection;

    /// <summary>Finds, oldest first, where an account announced refutations.</summary>
    /// <param name="sender">The account.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Intended>> IntendedAsync(
        Address sender, CancellationToken cancellationToken = default)
    {
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        sender.CopyTo(word[(Bytes32.Length - Address.Length)..]);
        return _connection.EventsAsync(
            [new Bytes32(word)],
            (Func<Generated.Refuter.IntendedEventDTO, EventLog, Intended>)Intended.From,
            cancellationToken);
    }

    /// <summary>Finds where a case fell: once, or never.</summary>
    /// <param name="id">The case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Refuted>> RefutedAsync(Bytes32 id, CancellationToken cancellationToken = default) =>
        CaseAsync<Generated.Refuter.RefutedEventDTO, Refuted>(id, Refuted.From, cancellationToken);

    /// <summary>Finds, oldest first, what was demanded of a case.</summary>
    /// <param name="id">The case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<NodeDemanded>> NodeDemandedAsync(
        Bytes32 id, CancellationToken cancellationToken = default) =>
        CaseAsync<Generated.Refuter.NodeDemandedEventDTO, NodeDemanded>(id, NodeDemanded.From, cancellationToken);

    /// <summary>Finds, oldest first, what was shown of a case.</summary>
    /// <param name="id">The case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<NodeShown>> NodeShownAsync(
        Bytes32 id, CancellationToken cancellationToken = default) =>
        CaseAsync<Generated.Refuter.NodeShownEventDTO, NodeShown>(id, NodeShown.From, cancellationToken);

    /// <summary>Finds, oldest first, which fees of a case's demands were paid.</summary>
    /// <param name="id">The case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<NodeFeePaid>> NodeFeePaidAsync(
        Bytes32 id, CancellationToken cancellationToken = default) =>
        CaseAsync<Generated.Refuter.NodeFeePaidEventDTO, NodeFeePaid>(id, NodeFeePaid.From, cancellationToken);

    private Task<IReadOnlyList<TEvent>> CaseAsync<TMessage, TEvent>(
        Bytes32 id, Func<TMessage, EventLog, TEvent> read, CancellationToken cancellationToken)
        where TMessage : class, IEventDTO, new() =>
        _connection.EventsAsync([id], read, cancellationToken);
}
