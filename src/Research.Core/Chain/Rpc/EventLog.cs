using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>An event that a contract emitted in a mined transaction.</summary>
/// <param name="Address">The contract.</param>
/// <param name="Topics">The event's own topic and its indexed parameters.</param>
/// <param name="Data">The other parameters.</param>
/// <param name="BlockNumber">The block.</param>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="LogIndex">The log's place in the block.</param>
public sealed record EventLog(
    Address Address,
    IReadOnlyList<Bytes32> Topics,
    ReadOnlyMemory<byte> Data,
    ulong BlockNumber,
    Bytes32 TransactionHash,
    ulong LogIndex)
{
    internal static EventLog Read(JsonElement json)
    {
        const string Path = "log";
        if (json.TryGetProperty("removed", out JsonElement removed) && removed.ValueKind == JsonValueKind.True)
        {
            throw new RpcFormatException("log.removed", "false", "true: the log's block was replaced by another");
        }

        return new EventLog(
            RpcJson.ReadAddress(RpcJson.Field(json, "address", Path), "log.address"),
            [.. RpcJson.Items(RpcJson.Field(json, "topics", Path), "log.topics")
                .Select(t => RpcJson.ReadBytes32(t, "log.topics[]"))],
            RpcJson.ReadBytes(RpcJson.Field(json, "data", Path), "log.data"),
            RpcJson.ReadUInt64(RpcJson.Field(json, "blockNumber", Path), "log.blockNumber"),
            RpcJson.ReadBytes32(RpcJson.Field(json, "transactionHash", Path), "log.transactionHash"),
            RpcJson.ReadUInt64(RpcJson.Field(json, "logIndex", Path), "log.logIndex"));
    }
}
