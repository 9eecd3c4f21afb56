using System.CommandLine;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Cli.Commands.Tasks;
using Research.Cli.Tasks;

namespace Research.Cli.Commands.Markets;

/// <summary><c>research market deploy</c>: puts a market on a chain, and records where.</summary>
internal static class MarketDeployCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Command command = new("deploy", "Deploy a market, which nobody owns, and record its address and block.");
        market.AddForDeploymentTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Deploys a market.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.ConnectAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        Deployment made = await session.DeployAsync(cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        report
            .Account("market", made.Market)
            .Line("deployed", $"in block {made.Block} of chain {made.ChainId}, by {session.Self}")
            .Field("chainId", made.ChainId)
            .Field("block", made.Block)
            .Field("blockHash", made.BlockHash.ToString())
            .Field("codeHash", made.CodeHash.ToString())
            .Line("next", "research task publish: it takes this market where --market is left out");
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
