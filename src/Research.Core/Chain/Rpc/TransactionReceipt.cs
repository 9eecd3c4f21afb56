using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>What became of a transaction that was mined.</summary>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="BlockNumber">The block it is in.</param>
/// <param name="Succeeded">Whether it took effect; otherwise it reverted and only its gas was paid.</param>
/// <param name="GasUsed">The gas used.</param>
/// <param name="EffectiveGasPrice">Wei paid for each gas.</param>
/// <param name="ContractAddress">The contract deployed, if it was a deployment.</param>
/// <param name="Logs">The events emitted.</param>
public sealed record TransactionReceipt(
    Bytes32 TransactionHash,
    ulong BlockNumber,
    bool Succeeded,
    ulong GasUsed,
    Wei EffectiveGasPrice,
    Address? ContractAddress,
    IReadOnlyList<EventLog> Logs)
{
    /// <summary>Gets the hash of the block it is in; another after a reorganisation.</summary>
    public Bytes32 BlockHash { get; init; }

    /// <summary>Gets the fee paid.</summary>
    public Wei Fee => EffectiveGasPrice * GasUsed;

    internal static TransactionReceipt Read(JsonElement json)
    {
        const string Path = "receipt";
        return new TransactionReceipt(
            RpcJson.ReadBytes32(RpcJson.Field(json, "transactionHash", Path), "receipt.transactionHash"),
            RpcJson.ReadUInt64(RpcJson.Field(json, "blockNumber", Path), "receipt.blockNumber"),
            RpcJson.ReadUInt64(RpcJson.Field(json, "status", Path), "receipt.status") == 1,
            RpcJson.ReadUInt64(RpcJson.Field(json, "gasUsed", Path), "receipt.gasUsed"),
            new Wei(RpcJson.ReadQuantity(RpcJson.Field(json, "effectiveGasPrice", Path), "receipt.effectiveGasPrice")),
            json.TryGetProperty("contractAddress", out JsonElement contract) && !contract.IsNull()
                ? RpcJson.ReadAddress(contract, "receipt.contractAddress")
                : null,
            [.. RpcJson.Items(RpcJson.Field(json, "logs", Path), "receipt.logs").Select(EventLog.Read)])
        {
            BlockHash = RpcJson.ReadBytes32(RpcJson.Field(json, "blockHash", Path), "receipt.blockHash"),
        };
    }
}
