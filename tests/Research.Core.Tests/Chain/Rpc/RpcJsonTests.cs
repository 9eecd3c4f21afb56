using System.Numerics;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Chain.Rpc;

namespace Research.Tests.Chain.Rpc;

public sealed class RpcJsonTests
{
    // Oracle: the execution-apis' "hex encoding" page, which lists right and wrong quantities.
    [Theory]
    [InlineData("0x41", 65)]
    [InlineData("0x400", 1024)]
    [InlineData("0x0", 0)]
    public void ReadQuantity_RightForm_GivesTheNumber(string text, int expected)
    {
        Assert.Equal(new BigInteger(expected), RpcJson.ReadQuantity(Json($"\"{text}\""), "x"));
        Assert.Equal(text, RpcJson.Quantity(expected));
    }

    [Theory]
    [InlineData("\"0x\"")]
    [InlineData("\"0x0400\"")]
    [InlineData("\"ff\"")]
    [InlineData("\"0xzz\"")]
    [InlineData("\"-0x1\"")]
    [InlineData("65")]
    [InlineData("null")]
    [InlineData("\"0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"")]
    public void ReadQuantity_WrongForm_ThrowsWithTheField(string json) =>
        Assert.Contains(
            "x.y",
            Assert.Throws<RpcFormatException>(() => RpcJson.ReadQuantity(Json(json), "x.y")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Quantity_AnyNumber_ReadsBack() =>
        Prop.ForAll<BigInteger>(
            n => RpcJson.ReadQuantity(Json($"\"{RpcJson.Quantity(BigInteger.Abs(n))}\""), "x") == BigInteger.Abs(n))
            .QuickCheckThrowOnFailure();

    // Every mutation of a good receipt either reads or is refused as documented.
    [Fact]
    public void Read_MutatedReceipts_ThrowsOnlyRpcFormatException()
    {
        string hash = "0x" + new string('1', 64);
        string address = "0x" + new string('2', 40);
        string good = $$"""
            {"transactionHash":"{{hash}}","blockHash":"{{hash}}","blockNumber":"0x1","status":"0x1","gasUsed":"0x5208","effectiveGasPrice":"0x7","contractAddress":null,
            "logs":[{"address":"{{address}}","topics":["{{hash}}"],"data":"0x","blockNumber":"0x1","transactionHash":"{{hash}}","logIndex":"0x0"}]}
            """;
        Assert.Single(TransactionReceipt.Read(Json(good)).Logs);
        Random random = new(4);
        string[] pieces = ["null", "1", "\"\"", "\"0x\"", "{}", "[]", "true", "\"0x1\"", "\"0xg\""];
        for (int i = 0; i < 3000; i++)
        {
            string[] tokens = System.Text.RegularExpressions.Regex.Split(good, "(\"[^\"]*\"|null)");
            for (int j = random.Next(3); j >= 0; j--)
            {
                tokens[1 + (2 * random.Next(tokens.Length / 2))] = pieces[random.Next(pieces.Length)];
            }

            Exception? exception = Record.Exception(() => TransactionReceipt.Read(Json(string.Concat(tokens))));

            // JsonException: never got as far.
            Assert.True(exception is null or JsonException or RpcFormatException, $"{exception}");
        }
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
