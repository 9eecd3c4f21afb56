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
    internal JsonObject ToJson(ulong from, ulong to) => new()
    {
        ["address"] = Address.ToString(),
        ["topics"] = new JsonArray(
            [.. Topics.Select(topic => topic is Bytes32 value ? JsonValue.Create(value.ToString()) : null)]),
        ["fromBlock"] = RpcJson.Quantity(from),
        ["toBlock"] = RpcJson.Quantity(to),
    };

    /// <summary>Gives a log back, if it is one that was asked for.</summary>
    /// <exception cref="RpcFormatException">The node answered with another.</exception>
    internal EventLog Require(EventLog log, ulong from, ulong to)
    {
        bool isAsked = log.Address == Address
            && log.BlockNumber >= from
            && log.BlockNumber <= to
            && log.Topics.Count >= Topics.Count
            && Topics.Zip(log.Topics).All(pair => pair.First is null || pair.First == pair.Second);
        return isAsked
            ? log
            : throw new RpcFormatException(
                "eth_getLogs",
                $"events of {Address} in the blocks {from} to {to}",
                $"another, of {log.Address} in block {log.BlockNumber}");
    }
}
