namespace Research.Tests.Commands.Tasks;

/// <summary>A user's own networks.json, in a home of its own: it gives the local chain a name, a symbol and an
/// explorer.</summary>
internal sealed class OwnNetwork : IDisposable
{
    public const string Explorer = "https://explorer.example";

    private const string Home = "XDG_DATA_HOME";

    private readonly string? _before = Environment.GetEnvironmentVariable(Home);
    private readonly TemporaryFolder _home = new();

    public OwnNetwork(Uri endpoint, string symbol)
    {
        Directory.CreateDirectory(_home["research"]);
        _home.Write(
            "research/networks.json",
            $$"""
            {"networks":[{"name":"mine","chainId":31337,"endpoints":{"here":"{{endpoint}}"},"symbol":"{{symbol}}",
            "confirmations":1,"explorer":{"transaction":"{{Explorer}}/tx/{}","address":"{{Explorer}}/address/{}",
            "block":"{{Explorer}}/block/{}"},"eip1559":true,"blockSeconds":1,"testnet":true}]}
            """);
        Environment.SetEnvironmentVariable(Home, _home.Path);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Home, _before);
        _home.Dispose();
    }
}
