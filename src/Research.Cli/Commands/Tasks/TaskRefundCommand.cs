using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task refund</c>: returns what was not earned or not claimed to the sponsor.</summary>
internal static class TaskRefundCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "refund", "Return what is left of a pool to its sponsor, once claims are closed; anyone may.") { id };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(id), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Refunds once the claim deadline has passed.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        MarketTask task = await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        ulong deadline = task.Terms.ClaimDeadline();
        if (now.Now < deadline)
        {
            throw new CommandException(
                $"Task {id}: {now.Phase}; the refund opens {now.When(deadline)}. What can be done now: {now.Next}.");
        }

        if (task.Refunded)
        {
            throw new CommandException(
                $"Task {id} was refunded already: {task.Paid} of {task.Terms.Pool} was paid, "
                + $"the rest went to {task.Sponsor}.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        TransactionReceipt receipt = await session.Market.RefundAsync(id, cancellationToken).ConfigureAwait(false);
        Wei amount = task.Terms.Pool - task.Paid;
        await new VerbReport()
            .Line("refunded", $"{amount} of task {id} to its sponsor {task.Sponsor}; {task.Paid} was paid")
            .Field("task", id).Field("sponsor", task.Sponsor.ToString())
            .Field("refundWei", VerbReport.Json(amount)).Field("paidWei", VerbReport.Json(task.Paid))
            .Field("poolWei", VerbReport.Json(task.Terms.Pool))
            .Transaction(receipt)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
