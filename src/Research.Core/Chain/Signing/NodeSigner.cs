using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Signing;

/// <summary>Signs by <c>eth_signTransaction</c> at a node or a signer such as Web3Signer, which holds the key.</summary>
/// <remarks>
/// It need not be the node that transactions are sent to, and is asked nothing about a chain. What it returns is held to
/// the transaction that it was given, so that a signer, or whoever answers in its place, cannot have another one sent.
/// </remarks>
public sealed class NodeSigner : ISigner, IDisposable
{
    private readonly EthereumClient _endpoint;
    private readonly bool _ownsEndpoint;

    /// <summary>Takes an account that a signer is known to hold.</summary>
    /// <param name="endpoint">Where the signer listens.</param>
    /// <param name="address">The account.</param>
    public NodeSigner(EthereumClient endpoint, Address address)
        : this(endpoint, address, ownsEndpoint: false) => ArgumentNullException.ThrowIfNull(endpoint);

    private NodeSigner(EthereumClient endpoint, Address address, bool ownsEndpoint)
    {
        _endpoint = endpoint;
        _ownsEndpoint = ownsEndpoint;
        Address = address;
    }

    /// <inheritdoc/>
    public Address Address { get; }

    /// <summary>Asks a signer which accounts it holds (<c>eth_accounts</c>), and takes one.</summary>
    /// <param name="endpoint">Where it listens, http or https.</param>
    /// <param name="account">The account; null for the only one that it holds.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="SignerException">It does not hold that account, or not exactly one.</exception>
    /// <exception cref="RpcConnectionException">Nothing answers there within 4 s.</exception>
    public static async Task<NodeSigner> ConnectAsync(
        Uri endpoint, Address? account = null, CancellationToken cancellationToken = default)
    {
        EthereumClient client = new(endpoint);
        try
        {
            IReadOnlyList<Address> held = await client.AccountsAsync(cancellationToken).ConfigureAwait(false);
            string names = held.Count == 0 ? "none" : string.Join(", ", held);
            return account is Address named
                ? held.Contains(named)
                    ? new NodeSigner(client, named, ownsEndpoint: true)
                    : throw new SignerException(
                        $"The signer at {client.DisplayName} does not hold {named}; it holds {names}.")
                : held.Count == 1
                    ? new NodeSigner(client, held[0], ownsEndpoint: true)
                    : throw new SignerException(
                        $"The signer at {client.DisplayName} holds {held.Count} accounts: expected one, or the name of "
                        + $"one of them ({names}).");
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> SignAsync(
        Eip1559Transaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        JsonObject request = new()
        {
            ["type"] = "0x2",
            ["chainId"] = RpcJson.Quantity(transaction.ChainId),
            ["from"] = Address.ToString(),
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
            answer = await _endpoint.AskSignerAsync("eth_signTransaction", [request], cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw new SignerException(
                $"The signer of {Address} at {_endpoint.DisplayName}: {exception.Message}", exception);
        }

        // geth answers with an object around the bytes, Web3Signer and anvil with the bytes.
        JsonElement raw = answer.ValueKind == JsonValueKind.Object
            ? RpcJson.Field(answer, "raw", "eth_signTransaction")
            : answer;
        return transaction.Require(Address, RpcJson.ReadBytes(raw, "eth_signTransaction"));
    }

    /// <summary>Closes the connection, where <see cref="ConnectAsync"/> opened it.</summary>
    public void Dispose()
    {
        if (_ownsEndpoint)
        {
            _endpoint.Dispose();
        }
    }

    /// <summary>Gets the address.</summary>
    public override string ToString() => Address.ToString();
}
