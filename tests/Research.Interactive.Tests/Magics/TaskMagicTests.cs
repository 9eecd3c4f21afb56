using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Evaluation;
using Research.Market;
using Research.Storage;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Magics;

/// <summary><c>#!task --network</c>, by the user's own networks.json.</summary>
public sealed class TaskMagicTests : IAsyncLifetime, IDisposable
{
    private const string Home = "XDG_DATA_HOME";

    private readonly string? _before = Environment.GetEnvironmentVariable(Home);
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("research-magic-");
    private DevChain? _chain;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is not null)
        {
            return;
        }

        NodeTools.EnsureInstalled();
        _chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        DirectoryInfo folder = _home.CreateSubdirectory("research");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "networks.json"),
            $$"""{"networks":[{{Entry("mine", DevChain.ChainId)}},{{Entry("liar", 11155111)}}]}""");
        Environment.SetEnvironmentVariable(Home, _home.FullName);
    }

    public async Task DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Home, _before);
        await (_chain?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public void Dispose() => _home.Delete(recursive: true);

    [RequiresFact("node", "npm")]
    public async Task Network_OfTheUsersOwn_IsAskedAndItsSymbolShown()
    {
        TrainingMarket market = await PublishAsync();
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string list = await kernel.TextAsync($"#!task list --network mine --market {market.Address}");
        string show = await kernel.TextAsync($"#!task show 1 --network MINE --market {market.Address}");
        string byAddress = await kernel.TextAsync($"#!task show 1 --rpc {_chain!.Endpoint} --market {market.Address}");

        Assert.Contains("3 POL", list, StringComparison.Ordinal);
        Assert.Contains("3 POL over 1 round", show, StringComparison.Ordinal);
        Assert.Contains("stake 0.3 POL, bond 0.2 POL; audit fee 0.03 POL a round", show, StringComparison.Ordinal);
        Assert.DoesNotContain("ETH", list + show, StringComparison.Ordinal);
        Assert.Contains(market.Address.ToString(), byAddress, StringComparison.Ordinal);
    }

    [RequiresTheory("node", "npm")]
    [InlineData("--network nowhere", "--network: expected one of mine, liar, ")]
    [InlineData("--network mine --rpc http://127.0.0.1:1", "--rpc and --network: expected one of the two, got both.")]
    [InlineData("--network mine", "--market: expected a market's address, got nothing.")]
    [InlineData(
        "--network liar --market 0x5FbDB2315678afecb367f032d93F642f64180aa3",
        "it is of chain 31337, expected chain 11155111")]
    public async Task Network_Wrong_IsOneLine(string options, string expected)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        (_, string? error) = await kernel.RunAsync($"#!task list {options}");

        Assert.NotNull(error);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    private string Entry(string name, ulong chainId) =>
        $$"""
        {"name":"{{name}}","chainId":{{chainId}},"endpoints":{"here":"{{_chain!.Endpoint}}"},"symbol":"POL",
        "confirmations":1,"eip1559":true,"blockSeconds":1,"testnet":true}
        """;

    private async Task<TrainingMarket> PublishAsync()
    {
        IReadOnlyList<EvaluationRecords> records =
            EvaluationRecords.ForRounds(Datasets.Open("digits").Test, 1, 60, secret: new byte[32]);
        ModelSpec spec = new()
        {
            Name = "magic",
            Model = new ModelSection([64], 1, [new Linear(64, 10)]),
            Optimizer = new Sgd(0.5),
            Training = new TrainingSection(43, 5),
            Privacy = new PrivacySection(0.15, 1.0, 1.5, 1e-5, 20),
            Task = new TaskSection(
                1, new RewardSection(287, References: 2), EvaluationRecords.SectionOf(records), "CC-BY-4.0", "A test."),
        };
        TrainingMarket market = await TrainingMarket.DeployAsync(_chain!.Client, _chain.Accounts[0]);
        Terms terms = Sponsor.TermsFor(spec, Wei.FromEther("3")) with
        {
            Stake = Wei.FromEther("0.3"),
            Bond = Wei.FromEther("0.2"),
            AuditFee = Wei.FromEther("0.03"),
        };
        await new Sponsor(market, new FolderStore(Path.Combine(_home.FullName, "store")))
            .PublishAsync(spec, terms, records);
        return market;
    }
}
