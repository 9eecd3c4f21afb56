using System.Text.Json.Nodes;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Which events to look for.</summary>
/// <param name="Address">The contract that emitted them.</param>
/// <param name="Topics">The topic wanted at each position; null where any will do.</param>
/// <param name="FromBlock">The first block.</param>
/// <param name="ToBlock">The last block; null for the newest.</param>
public sealed record LogFilter(
    Address Address, IReadOnlyList<Bytes32?> Topics, ulong FromBlock = 0, ulong? ToBlock = null)
{
    /// <summary>Gets the events that will do, by their own topics, where <see cref="Topics"/> names none; null for any.</summary>
    internal IReadOnlyList<Bytes32>? AnyEvent { get; init; }

    internal JsonObject ToJson(ulong from, ulong to) => new()
    {
        ["address"] = Address.ToString(),
        ["topics"] = AnyEvent is { } any
            ? new JsonArray(new JsonArray([.. any.Select(topic => JsonValue.Create(topic.ToString()))]))
            : new JsonArray(
                [.. Topics.Select(topic => topic is Bytes32 value ? JsonValue.Create(value.ToString()) : null)]),
        ["fromBlock"] = RpcJson.Quantity(from),
        ["toBlock"] = RpcJson.Quantity(to),
    };

    /// <summary>Says whether a log is of the contract, and has the topics that are wanted.</summary>
    internal bool Matches(EventLog log) =>
        log.Address == Address
        && log.Topics.Count >= Topics.Count
        && Topics.Zip(log.Topics).All(pair => pair.First is null || pair.First == pair.Second)
        && (AnyEvent is null || (log.Topics.Count > 0 && AnyEvent.Contains(log.Topics[0])));

    /// <summary>Gives a log back, if it is one that was asked for.</summary>
    /// <exception cref="RpcFormatException">The node answered with another.</exception>
    internal EventLog Require(EventLog log, ulong from, ulong to)
    {
        bool isAsked = log.BlockNumber >= from && log.BlockNumber <= to && Matches(log);
        return isAsked
            ? log
            : throw new RpcFormatException(
                "eth_getLogs",
                $"events of {Address} in the blocks {from} to {to}",
                $"another, of {log.Address} in block {log.BlockNumber}");
    }
}
