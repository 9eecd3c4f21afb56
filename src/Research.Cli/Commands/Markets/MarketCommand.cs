using System.CommandLine;

namespace Research.Cli.Commands.Markets;

/// <summary><c>research market</c>: the contract on which tasks are published.</summary>
internal static class MarketCommand
{
    public static Command Create() => new("market", "Make a market, the contract on which tasks are published.")
    {
        MarketDeployCommand.Create(),
    };
}
