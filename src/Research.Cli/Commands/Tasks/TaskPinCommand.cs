using System.CommandLine;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task pin</c>: writes down on chain which records are opened before anybody commits.</summary>
internal static class TaskPinCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "pin",
            "Write down on chain the hash that chooses which records are opened before anybody commits; anyone may, within "
            + "256 blocks of the publication (the sponsor's 'task open' does).")
        {
            id,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(id), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Writes it down, where nobody has.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        TransactionReceipt? receipt = await TaskPin.WriteAsync(session.Market, id, cancellationToken)
            .ConfigureAwait(false);
        TaskPin pin = await TaskPin.FindAsync(session.Market, id, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        if (receipt is null)
        {
            report.Repeated("pinned", $"the records of task {id} already");
        }
        else
        {
            report.Line("pinned", $"the records of task {id}, by the hash of block {pin.Block}").Field("repeated", false)
                .Transaction(receipt);
        }

        await report.Field("task", id).Both("pin", pin.Require().ToString())
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
