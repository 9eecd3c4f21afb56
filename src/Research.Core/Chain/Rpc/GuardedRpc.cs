using System.Text.Json;
using System.Text.Json.Nodes;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Nethereum's requests by the connection of an <see cref="EthereumClient"/>.</summary>
internal sealed class GuardedRpc(EthereumClient client) : ClientBase
{
    // What only reads may be asked again; whatever is not known to, is asked once.
    private static readonly string[] Repeatable =
        ["eth_get", "eth_call", "eth_estimateGas", "eth_blockNumber", "eth_chainId", "eth_gasPrice", "eth_fee", "eth_max", "net_", "web3_"];

    public override async Task<RpcResponseMessage> SendAsync(RpcRequestMessage request, string? route = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        JsonArray parameters = JsonNode.Parse(JsonConvert.SerializeObject(request.RawParameters)) as JsonArray ?? [];
        try
        {
            return new RpcResponseMessage(request.Id, (object)await AnswerAsync(request.Method, parameters).ConfigureAwait(false));
        }
        catch (RpcException exception)
        {
            // As Nethereum has it, which makes exceptions of its own of what the contract answered.
            return new RpcResponseMessage(request.Id, new Nethereum.JsonRpc.Client.RpcMessages.RpcError
            {
                Code = (int)Math.Clamp(exception.Code, int.MinValue, int.MaxValue),
                Message = exception.RpcMessage,
                Data = exception.ErrorData is string data ? JToken.FromObject(data) : null,
            });
        }
    }

    protected override Task<RpcResponseMessage[]> SendAsync(RpcRequestMessage[] requests) =>
        Task.WhenAll(requests.Select(request => SendAsync(request)));

    private async Task<JToken> AnswerAsync(string method, JsonArray parameters)
    {
        switch (method)
        {
            case "eth_sendTransaction" or "personal_sendTransaction" or "personal_signTransaction":
                throw new NotSupportedException(
                    $"{method} leaves the signing to the node: give ToWeb3 a signer, a NodeSigner for example.");
            case "eth_sendRawTransaction":
                Bytes32 hash = await client.SendRawTransactionAsync(Hex.Decode((string?)parameters[0])).ConfigureAwait(false);
                return hash.ToString();
            case "eth_call" or "eth_estimateGas" when parameters.FirstOrDefault() is JsonObject call:
                await client.RequireCodeAsync(Request(call), CancellationToken.None).ConfigureAwait(false);
                break;
        }

        bool mayRetry = Repeatable.Any(start => method.StartsWith(start, StringComparison.Ordinal));
        JsonElement answer = await client.InvokeAsync(method, parameters, mayRetry, CancellationToken.None)
            .ConfigureAwait(false);
        return JToken.Parse(answer.GetRawText());
    }

    private static CallRequest Request(JsonObject call) => new()
    {
        To = (string?)call["to"] is { Length: > 0 } to ? Address.Parse(to) : null,
        Data = Hex.Decode((string?)(call["data"] ?? call["input"]) ?? ""),
    };
}
