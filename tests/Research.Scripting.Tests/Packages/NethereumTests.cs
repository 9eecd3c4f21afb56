using Research.Scripting;

namespace Research.Tests.Packages;

/// <summary>Cells that ask for Nethereum share the library's, so that its values pass between the two.</summary>
public sealed class NethereumTests : IDisposable
{
    private const string Client = "using Research.Chain.Rpc;\nvar client = new EthereumClient(new Uri(\"http://127.0.0.1:1\"));";

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("Nethereum.Web3, 6.1.0")]
    [InlineData("Nethereum.Web3")]
    [InlineData("Nethereum.Contracts, 6.1.0")]
    public async Task ToWeb3_AfterAskingForTheLibrarysVersion_IsTheCellsIWeb3(string package)
    {
        await _cells.RunAsync(Client); // A variable of a library type, older than the request.
        await _cells.RunAsync($"#r \"nuget: {package}\"");

        await _cells.RunAsync("using Nethereum.Web3;\nIWeb3 web3 = client.ToWeb3();");

        Assert.Equal("GuardedRpc", await _cells.RunAsync("web3.Client.GetType().Name"));
        Assert.Equal(true, await _cells.RunAsync(
            "typeof(IWeb3) == typeof(EthereumClient).GetMethod(\"ToWeb3\")!.ReturnType"));
    }

    [Fact]
    public async Task ToWeb3_BeforeAsking_SaysWhatToAskFor()
    {
        await _cells.RunAsync(Client);

        CellError error = await _cells.FailAsync("client.ToWeb3()");

        Assert.Contains("'Nethereum.Web3, Version=", error.Message, StringComparison.Ordinal);
        Assert.Contains("Put #r \"nuget: Nethereum.Web3\" into a cell first", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("~", error.Message + string.Join('\n', error.Traceback), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccountSigner_OfACellsAccount_SignsForItsAddress()
    {
        await _cells.RunAsync(Client);
        await _cells.RunAsync("#r \"nuget: Nethereum.Accounts\"\nusing Research.Chain.Signing;");

        Assert.Equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", await _cells.RunAsync(
            """
            var key = new byte[32];
            Convert.FromHexString("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d").CopyTo(key, 0);
            new AccountSigner(new Nethereum.Web3.Accounts.Account(key), client).Address.ToString()
            """));
    }

    [Fact]
    public async Task Nuget_JsonBesideNethereum_IsOneForBoth()
    {
        await _cells.RunAsync("#r \"nuget: Nethereum.Web3\"\n#r \"nuget: Newtonsoft.Json, 13.0.3\"");

        Assert.Equal("{\"Value\":\"0x7\"}", await _cells.RunAsync(
            "Newtonsoft.Json.JsonConvert.SerializeObject(new { Value = new Nethereum.Hex.HexTypes.HexBigInteger(7) })"));
    }

    [Fact]
    public async Task Nuget_NethereumAfterAnotherJsonWasUsed_SaysWhichToPutFirst()
    {
        await _cells.RunAsync("#r \"nuget: Newtonsoft.Json, 13.0.3\"");
        await _cells.RunAsync("var text = Newtonsoft.Json.JsonConvert.SerializeObject(7);");

        CellError error = await _cells.FailAsync("#r \"nuget: Nethereum.Web3\"");

        Assert.Contains("Newtonsoft.Json is loaded already, from Newtonsoft.Json 13.0.3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Restart, and put #r \"nuget: Nethereum.Web3\" first.", error.Message, StringComparison.Ordinal);
        Assert.Equal("7", await _cells.RunAsync("text"));
    }
}
