using System.Text.Json.Nodes;
using Research.Chain;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary><c>--network</c>, the record of markets and <c>--dry-run</c>, each on a chain and in a home of its own.</summary>
public sealed class TaskNetworkTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Variables =
        ["XDG_DATA_HOME", "RESEARCH_RPC", "RESEARCH_NETWORK", "RESEARCH_MARKET", "RESEARCH_PRIVATE_KEY", "RESEARCH_WALLET", "RESEARCH_SIGNER"];

    private readonly Dictionary<string, string?> _before =
        Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    private readonly TemporaryFolder _home = new();
    private DevChain? _chain;

    public async Task InitializeAsync()
    {
        foreach (string name in Variables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("XDG_DATA_HOME", _home["data"]);
        Directory.CreateDirectory(_home["data/research"]);
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            NodeTools.EnsureInstalled();
            _chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
            Environment.SetEnvironmentVariable("RESEARCH_PRIVATE_KEY", DevChain.PublicKnowledgeKeys(1)[0]);
            await File.WriteAllTextAsync(
                _home["data/research/networks.json"],
                $$"""
                {"networks":[{{Entry("mine", DevChain.ChainId)}},{{Entry("liar", 11155111)}}, {{Entry("old", DevChain.ChainId, "false")}}]}
                """);
        }
    }

    public void Dispose() => _home.Dispose();

    public async Task DisposeAsync()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        await (_chain?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [RequiresFact("node", "npm")]
    public async Task List_AfterDeploy_TakesTheRecordedMarket()
    {
        CommandLineResult deployed = await CommandLine.RunAsync("market", "deploy", "--network", "mine", "--json");
        Assert.True(deployed.ExitCode == 0, deployed.Error);
        JsonNode market = JsonNode.Parse(deployed.Output)!;

        CommandLineResult listed = await CommandLine.RunAsync("task", "list", "--network", "mine", "--json");

        Assert.True(listed.ExitCode == 0, listed.Error);
        Assert.Equal((string)market["market"]!, (string)JsonNode.Parse(listed.Output)!["market"]!);
        Assert.Equal($"https://explorer.example/address/{(string)market["market"]!}", (string)market["marketLink"]!);
        Assert.Contains($"The market is {(string)market["market"]!} of chain 31337", listed.Error, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task List_ChainStartedAnew_DoesNotTakeTheRecordedMarket()
    {
        await CommandLine.RunAsync("market", "deploy", "--network", "mine");
        await using DevChain other = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });

        CommandLineResult listed = await CommandLine.RunAsync("task", "list", "--rpc", other.Endpoint.ToString());

        Assert.Equal((2, ""), (listed.ExitCode, listed.Output));
        Assert.Contains("none is recorded on chain 31337", listed.Error, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task Deploy_NodeOfAnotherChain_IsRefusedAndNothingIsSent()
    {
        CommandLineResult refused = await CommandLine.RunAsync("market", "deploy", "--network", "liar");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("it is of chain 31337, expected chain 11155111", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0UL, await _chain!.Client.GetTransactionCountAsync(_chain.Accounts[0].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task Deploy_ChainWithoutEip1559_IsRefused() => Assert.Contains(
        "type 2 (EIP-1559)",
        (await CommandLine.RunAsync("market", "deploy", "--network", "old")).Error,
        StringComparison.Ordinal);

    [RequiresTheory("node", "npm")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deploy_DryRun_SaysWhatAndSendsNothing(bool json)
    {
        CommandLineResult dry = await CommandLine.RunAsync(
            ["market", "deploy", "--network", "mine", "--dry-run", .. json ? ["--json"] : (string[])[]]);

        Assert.True(dry.ExitCode == 0, dry.Error);
        Assert.Contains(json ? "\"dryRun\": true" : "nothing was sent", dry.Output, StringComparison.Ordinal);
        Assert.Equal(0UL, await _chain!.Client.GetTransactionCountAsync(_chain.Accounts[0].Address));
        Assert.False(File.Exists(_home["data/research/deployments.json"]));
    }

    [RequiresFact("node", "npm")]
    public async Task Deploy_DamagedRecord_IsRefusedBeforeAnythingIsSent()
    {
        await File.WriteAllTextAsync(_home["data/research/deployments.json"], "{");

        CommandLineResult refused = await CommandLine.RunAsync("market", "deploy", "--network", "mine");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("deployments.json: $: expected a JSON document", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0UL, await _chain!.Client.GetTransactionCountAsync(_chain.Accounts[0].Address));
    }

    [Theory]
    [InlineData("--rpc and --network: expected one of the two, got both.", "--rpc", "http://127.0.0.1:1", "--network", "sepolia")]
    [InlineData("--network: expected one of", "--network", "nowhere")]
    [InlineData("--network: expected a value, got nothing.", "--network", " ")]
    public async Task List_WrongNetwork_SaysWhatIsExpected(string reason, params string[] options)
    {
        File.Delete(_home["data/research/networks.json"]);

        CommandLineResult refused = await CommandLine.RunAsync(["task", "list", .. options]);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_BothVariables_SaysSo()
    {
        File.Delete(_home["data/research/networks.json"]);
        Environment.SetEnvironmentVariable("RESEARCH_RPC", "http://127.0.0.1:1");
        Environment.SetEnvironmentVariable("RESEARCH_NETWORK", "sepolia");

        Assert.StartsWith(
            "RESEARCH_RPC and RESEARCH_NETWORK: expected one of the two, got both.",
            (await CommandLine.RunAsync("task", "list")).Error,
            StringComparison.Ordinal);
    }

    private string Entry(string name, ulong chainId, string isEip1559 = "true") =>
        $$"""
        {"name":"{{name}}","chainId":{{chainId}},"endpoints":{"here":"{{_chain!.Endpoint}}"},"symbol":"ETH","confirmations":1,
        "explorer":{"transaction":"https://explorer.example/tx/{}","address":"https://explorer.example/address/{}",
        "block":"https://explorer.example/block/{}"},"eip1559":{{isEip1559}},"blockSeconds":1,"testnet":true}
        """;
}
