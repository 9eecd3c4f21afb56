using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Signing;

/// <summary>Signs by <c>eth_signTransaction</c> at a node or a signer such as Clef or Web3Signer, which holds the key.</summary>
/// <param name="endpoint">Where the signer listens; it need not be the node that transactions are sent to.</param>
/// <param name="address">The account that it holds.</param>
public sealed class NodeSigner(EthereumClient endpoint, Address address) : ISigner
{
    /// <inheritdoc/>
    public Address Address => address;

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> SignAsync(
        Eip1559Transaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        JsonObject request = new()
        {
            ["type"] = "0x2",
            ["chainId"] = RpcJson.Quantity(transaction.ChainId),
            ["from"] = address.ToString(),
            ["to"] = transaction.To?.ToString(),
            ["nonce"] = RpcJson.Quantity(transaction.Nonce),
            ["gas"] = RpcJson.Quantity(transaction.GasLimit),
            ["maxPriorityFeePerGas"] = RpcJson.Quantity(transaction.MaxPriorityFeePerGas.Amount),
            ["maxFeePerGas"] = RpcJson.Quantity(transaction.MaxFeePerGas.Amount),
            ["value"] = RpcJson.Quantity(transaction.Value.Amount),
            ["data"] = Hex.Encode(transaction.Data.Span),
            ["accessList"] = new JsonArray(),
        };
        JsonElement answer;
        try
        {
            answer = await endpoint.ReadAsync("eth_signTransaction", [request], cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw new SignerException($"The signer of {address} at {endpoint.DisplayName}: {exception.Message}", exception);
        }

        // geth answers with an object around the bytes, Web3Signer and anvil with the bytes.
        JsonElement raw = answer.ValueKind == JsonValueKind.Object
            ? RpcJson.Field(answer, "raw", "eth_signTransaction")
            : answer;
        return transaction.Require(address, RpcJson.ReadBytes(raw, "eth_signTransaction"));
    }

    /// <summary>Gets the address.</summary>
    public override string ToString() => address.ToString();
}
