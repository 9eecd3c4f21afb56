using System.Globalization;
using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Tests.Guides;

/// <summary>What each account has paid for gas, by the receipts of all blocks.</summary>
internal static class GasPaid
{
    /// <summary>Adds up the fees of each sender, in wei.</summary>
    public static async Task<Dictionary<string, BigInteger>> ReadAsync(Uri node)
    {
        using HttpClient client = new();
        Dictionary<string, BigInteger> paid = new(StringComparer.OrdinalIgnoreCase);
        BigInteger last = Number(await AskAsync("eth_blockNumber"));
        for (BigInteger block = 0; block <= last; block++)
        {
            JsonElement receipts = await AskAsync("eth_getBlockReceipts", $"0x{(long)block:x}");
            foreach (JsonElement receipt in receipts.EnumerateArray())
            {
                string from = receipt.GetProperty("from").GetString()!;
                paid[from] = paid.GetValueOrDefault(from)
                    + (Number(receipt.GetProperty("gasUsed")) * Number(receipt.GetProperty("effectiveGasPrice")));
            }
        }

        return paid;

        async Task<JsonElement> AskAsync(string method, params JsonNode?[] arguments)
        {
            JsonObject request = new()
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = method,
                ["params"] = new JsonArray(arguments),
            };
            using HttpResponseMessage response = await client.PostAsJsonAsync(node, request);
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result");
        }
    }

    private static BigInteger Number(JsonElement hex) => // A digit before it, or the first would be a sign.
        BigInteger.Parse($"0{hex.GetString()![2..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
