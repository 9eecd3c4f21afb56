using System.Text.Json.Nodes;
using Nethereum.ABI.Model;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>What to call or to send.</summary>
public sealed record CallRequest
{
    /// <summary>Gets the sender as whom to call; a transaction's sender is the account that signs it.</summary>
    public Address? From { get; init; }

    /// <summary>Gets the receiver, or null to deploy <see cref="Data"/> as a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Gets the wei sent along.</summary>
    public Wei Value { get; init; }

    /// <summary>Gets the call data, or the creation code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Gets the gas bought; null for a quarter more than the node's estimate.</summary>
    public ulong? GasLimit { get; init; }

    /// <summary>Gets the ABI that names the contract's errors; null where only Solidity's own are known.</summary>
    public ContractABI? Abi { get; init; }

    /// <summary>Gets the same, where it is parsed only if a contract refuses: reading it takes a tenth of a second.</summary>
    internal Lazy<ContractABI>? ParsedAbi { get; init; }

    internal ContractABI? KnownAbi => Abi ?? ParsedAbi?.Value;

    internal JsonObject ToJson()
    {
        JsonObject json = new() { ["input"] = Hex.Encode(Data.Span), ["value"] = RpcJson.Quantity(Value.Amount) };
        if (From is Address from)
        {
            json["from"] = from.ToString();
        }

        if (To is Address to)
        {
            json["to"] = to.ToString();
        }

        if (GasLimit is ulong gas)
        {
            json["gas"] = RpcJson.Quantity(gas);
        }

        return json;
    }
}
