using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task refund</c>: returns the parts of rounds in which nobody revealed to the sponsor.</summary>
internal static class TaskRefundCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<Address?> recipient = TaskArguments.Account("--recipient", "Who is paid; left out, the sponsor");
        Command command = new(
            "refund",
            "Return the parts of final rounds in which nobody revealed, with their audit fees, to the sponsor; anyone "
            + "may.")
        {
            id, recipient,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(recipient),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Refunds every empty round that was not.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, Address? recipient, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        MarketTask task = await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        Address to = recipient ?? task.Sponsor;
        if (to != task.Sponsor && session.Self != task.Sponsor)
        {
            throw new CommandException(
                $"--recipient: only the sponsor, {task.Sponsor}, may name who gets its refund; {session.Self} signs.");
        }

        List<int> due = [];
        bool hasBefore = false;
        for (int round = 0; round < task.Finalised; round++)
        {
            Round state = await session.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
            if (state.Outcome == Outcome.Empty)
            {
                bool isPaid = await session.Market.IsPaidAsync(id, round, 0, cancellationToken).ConfigureAwait(false);
                hasBefore |= isPaid;
                due.AddRange(isPaid ? [] : [round]);
            }
        }

        VerbReport report = session.Report();
        report.Field("task", id).Field("sponsor", task.Sponsor.ToString());
        if (due.Count == 0)
        {
            report = hasBefore
                ? report.Repeated("refunded", $"all empty rounds of task {id} to its sponsor already")
                : throw now.Refusal(
                    "there is nothing to refund: only the parts of rounds that are final and in which nobody revealed "
                    + "come back.");
            await report.Field("rounds", new JsonArray()).WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        JsonArray rounds = [];
        foreach (int round in due)
        {
            TransactionReceipt receipt = await session.Market.RefundAsync(id, round, to, cancellationToken)
                .ConfigureAwait(false);
            Refunded refunded =
                (await session.Market.Events.RefundedAsync(id, round, cancellationToken).ConfigureAwait(false))[0];
            report.Line(
                $"round {round + 1}",
                $"{currency.Of(refunded.Amount)} and the audit fee of {session.Native.Of(refunded.AuditFee)} to "
                    + $"{to}, transaction "
                + receipt.TransactionHash).Link(receipt);
            rounds.Add(new JsonObject
            {
                ["round"] = round + 1,
                ["amount"] = VerbReport.Json(refunded.Amount),
                ["auditFeeWei"] = VerbReport.Json(refunded.AuditFee),
                ["transaction"] = report.Json(receipt),
            });
        }

        await report.Field("repeated", false).Field("recipient", to.ToString()).Field("rounds", rounds)
            .Field("currency", currency.ToJson())
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
