using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>A block's header, as far as this library looks at it.</summary>
/// <param name="Number">The block's number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="ParentHash">The hash of the block before.</param>
/// <param name="Timestamp">Unix seconds.</param>
/// <param name="BaseFeePerGas">The fee that each gas burns (EIP-1559); zero on a chain without.</param>
/// <param name="GasLimit">The gas that the block may use.</param>
public sealed record Block(
    ulong Number, Bytes32 Hash, Bytes32 ParentHash, ulong Timestamp, Wei BaseFeePerGas, ulong GasLimit)
{
    /// <summary>Gets the timestamp as a date.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(Timestamp, 253_402_300_799));

    internal static Block Read(JsonElement json)
    {
        const string Path = "block";
        return new Block(
            RpcJson.ReadUInt64(RpcJson.Field(json, "number", Path), "block.number"),
            RpcJson.ReadBytes32(RpcJson.Field(json, "hash", Path), "block.hash"),
            RpcJson.ReadBytes32(RpcJson.Field(json, "parentHash", Path), "block.parentHash"),
            RpcJson.ReadUInt64(RpcJson.Field(json, "timestamp", Path), "block.timestamp"),
            json.TryGetProperty("baseFeePerGas", out JsonElement fee) && !fee.IsNull()
                ? new Wei(RpcJson.ReadQuantity(fee, "block.baseFeePerGas"))
                : Wei.Zero,
            RpcJson.ReadUInt64(RpcJson.Field(json, "gasLimit", Path), "block.gasLimit"));
    }
}
