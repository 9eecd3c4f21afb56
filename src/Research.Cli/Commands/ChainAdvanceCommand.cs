using System.CommandLine;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive;
using Research.Interactive.Chains;

namespace Research.Cli.Commands;

/// <summary><c>research chain advance</c>: moves the clock of a local chain that runs.</summary>
internal static class ChainAdvanceCommand
{
    public static Command Create()
    {
        Argument<string?> amount = new("TIME")
        {
            Description = "How far: 90s, 15m, 2h or 3d.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> moment = new("--to")
        {
            Description = "Move to this time instead, such as 2026-12-01T00:00:00Z.",
            HelpName = "TIME",
        };
        NodeOption node = new();
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Command command = new("advance", "Move the clock of a local chain forward, and mine a block there.")
        {
            amount, moment, json,
        };
        node.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            Read(parse.GetValue(amount), parse.GetValue(moment)),
            node.Read(parse),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Moves the clock, and prints the time before and after.</summary>
    internal static async Task<int> RunAsync(
        ClockMove move, NodeChoice node, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        using EthereumClient client = new(node.Endpoints, new EthereumClientOptions { ChainId = node.Network?.ChainId });
        ClockMoved moved;
        try
        {
            moved = await move.ApplyAsync(client, cancellationToken).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            throw new CommandException(e.Message, innerException: e);
        }

        VerbReport report = new();
        report.Field("before", ClockMoved.Text(moved.Before))
            .Field("after", ClockMoved.Text(moved.After))
            .Field("seconds", moved.After - moved.Before)
            .Field("block", moved.Block)
            .Line("before", ClockMoved.Text(moved.Before))
            .Line("after", $"{ClockMoved.Text(moved.After)}, block {moved.Block}");
        await report.WriteAsync(json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static ClockMove Read(string? amount, string? moment)
    {
        try
        {
            return ClockMove.Parse(amount, moment);
        }
        catch (RefusedException e)
        {
            throw new CommandException(e.Message, CommandRunner.WrongUsage, e);
        }
    }
}
