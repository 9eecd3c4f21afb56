using System.Globalization;
using Research.Chain.Networks;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Networks;

public sealed class NetworkListTests : IDisposable
{
    private const string Sepolia =
        """
        {"name":"sepolia","chainId":11155111,"endpoints":{"mine":"https://node.example/v1/${MY_KEY}"},"symbol":"ETH",
        "confirmations":7,"eip1559":true,"blockSeconds":12,"testnet":true}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("networks-");

    [Theory]
    [InlineData("mainnet", 1)]
    [InlineData("sepolia", 11155111)]
    [InlineData("hoodi", 560048)]
    [InlineData("base", 8453)]
    [InlineData("base-sepolia", 84532)]
    [InlineData("optimism", 10)]
    [InlineData("arbitrum-one", 42161)]
    [InlineData("polygon", 137)]
    [InlineData("local", 31337)]
    public void WellKnown_Name_HasItsChainAndAnEndpointWithoutKey(string name, ulong chainId)
    {
        EthereumNetwork network = NetworkList.WellKnown.Find(name)!;

        Assert.Equal(chainId, network.ChainId);
        Assert.NotEmpty(network.Addresses(_ => null));
        Assert.Equal(network, NetworkList.WellKnown.Find(chainId));
    }

    [Fact]
    public void Links_OfSepolia_NameTheHash()
    {
        BlockExplorer explorer = NetworkList.WellKnown.Find("sepolia")!.Explorer!;

        Assert.Equal($"https://sepolia.etherscan.io/tx/{default(Bytes32)}", explorer.Transaction(default));
        Assert.Equal("https://sepolia.etherscan.io/block/12", explorer.Block(12));
    }

    [Fact]
    public void With_OwnEntryOfTheSameName_Wins()
    {
        NetworkList list = NetworkList.With(Write($"{{\"networks\":[{Sepolia}]}}"));

        Assert.Equal(7, list.Find("Sepolia")!.Confirmations);
        Assert.Equal(7, list.Find(11155111UL)!.Confirmations);
        Assert.Equal(NetworkList.WellKnown.All.Count, list.All.Count);
    }

    [Fact]
    public void With_NoFile_IsWellKnown() =>
        Assert.Equal(NetworkList.WellKnown.All, NetworkList.With(Path.Combine(_folder.FullName, "none")).All);

    [Fact]
    public void Addresses_KeyInTheEnvironment_IsFilledIn()
    {
        EthereumNetwork network = NetworkList.With(Write($"{{\"networks\":[{Sepolia}]}}")).Find("sepolia")!;

        Assert.Equal(
            "https://node.example/v1/abc", network.Addresses(name => name == "MY_KEY" ? "abc" : null)[0].ToString());
        Assert.Contains("MY_KEY", Assert.Throws<InvalidDataException>(() => network.Addresses(_ => null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret/../x")]
    [InlineData("secret@evil.example")]
    [InlineData("secret key")]
    [InlineData("secret\u00e9")]
    public void Addresses_ValueThatIsNoKey_IsRefusedAndNotShown(string value)
    {
        EthereumNetwork network = NetworkList.With(Write($"{{\"networks\":[{Sepolia}]}}")).Find("sepolia")!;

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => network.Addresses(_ => value));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("MY_KEY: expected a key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "$: expected a JSON document")]
    [InlineData("[]", "$: expected an object, got an array.")]
    [InlineData("{}", "$.networks: expected a value, got nothing.")]
    [InlineData("""{"networks":[],"networks":[]}""", "$.\"networks\": expected the field once, got it twice.")]
    [InlineData("""{"networks":[],"more":1}""", "$: expected the fields networks, got \"more\".")]
    [InlineData("""{"networks":[{}]}""", "$.networks[0].name: expected a value, got nothing.")]
    public void With_MalformedFile_NamesFilePathExpectedAndActual(string text, string reason)
    {
        string path = Write(text);

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => NetworkList.With(path));
        Assert.StartsWith($"{path}: {reason}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("11155111", "\"x\"", ".chainId: expected a whole number")]
    [InlineData("11155111", "0", ".chainId: expected a whole number")]
    [InlineData("\"sepolia\"", "\"Se polia\"", ".name: expected lower-case letters")]
    [InlineData("\"ETH\"", "\"<b>\"", ".symbol: expected letters")]
    [InlineData(":7", ":0", ".confirmations: expected a whole number from 1 to 1000, got 0.")]
    [InlineData(":12", ":1e999", ".blockSeconds: expected a number")]
    [InlineData("https://node", "ftp://node", ".endpoints.mine: expected an address")]
    [InlineData("https://node.example", "https://me:secret@node.example", ".endpoints.mine: expected an address")]
    [InlineData("https://node.example/v1/", "https://", ".endpoints.mine: expected an address")]
    [InlineData("\"mine\"", "\"mi ne\"", ".endpoints: expected names")]
    public void With_MalformedField_NamesItAndShowsNoSecret(string what, string by, string reason)
    {
        string path = Write($"{{\"networks\":[{Sepolia.Replace(what, by, StringComparison.Ordinal)}]}}");

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => NetworkList.With(path));
        Assert.Contains($"$.networks[0]{reason}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_NameTwice_IsRefused() =>
        Assert.Contains(
            "got sepolia twice",
            Assert.Throws<InvalidDataException>(
                () => NetworkList.With(Write($"{{\"networks\":[{Sepolia},{Sepolia}]}}"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void With_TooLargeFile_IsRefused() =>
        Assert.Contains(
            "expected at most 1048576 bytes",
            Assert.Throws<InvalidDataException>(() => NetworkList.With(Write(new string(' ', (1 << 20) + 1)))).Message,
            StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string text)
    {
        string path = Path.Combine(
            _folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{_folder.GetFiles().Length}.json"));
        File.WriteAllText(path, text);
        return path;
    }
}
