using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task withdraw</c>: takes back the account's stake in a task and its credit on the market.
/// </summary>
internal static class TaskWithdrawCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "withdraw", "Take back your stake in a task, and your credit: returned bonds and forfeited stakes.") { id };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>
    /// Withdraws what is there; exit 1 where there is nothing, or only a stake that a commitment holds.
    /// </summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        TrainingMarket market = session.Market;
        Terms terms = (await session.FindAsync(id, cancellationToken).ConfigureAwait(false)).Terms;
        Wei stake = await market.StakeOfAsync(id, session.Self, cancellationToken).ConfigureAwait(false);
        Wei credit = await market.CreditOfAsync(session.Self, cancellationToken).ConfigureAwait(false);
        OpenCommitment open = await market.CommitmentOfAsync(id, session.Self, cancellationToken).ConfigureAwait(false);
        string? held = stake > Wei.Zero && open.Commitment != Bytes32.Zero
            ? await HeldAsync(session, id, terms, open.Round, stake, cancellationToken).ConfigureAwait(false)
            : null;
        Wei free = held is null ? stake : Wei.Zero;
        if (free == Wei.Zero && credit == Wei.Zero)
        {
            throw new CommandException(
                held
                ?? $"{session.Self} has neither a stake in task {id} nor a credit on the market: "
                + "there is nothing to withdraw.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        VerbReport report = new();
        report.Field("task", id).Field("account", session.Self.ToString());
        report.Field("stakeWei", VerbReport.Json(free)).Field("creditWei", VerbReport.Json(credit));
        if (free > Wei.Zero)
        {
            TransactionReceipt receipt = await market.WithdrawStakeAsync(id, cancellationToken).ConfigureAwait(false);
            report.Line("stake", $"{free} to {session.Self}").Transaction(receipt)
                .Field("stakeTransaction", VerbReport.Json(receipt));
        }

        if (credit > Wei.Zero)
        {
            TransactionReceipt receipt = await market.WithdrawAsync(cancellationToken).ConfigureAwait(false);
            report.Line("credit", $"{credit} to {session.Self}").Transaction(receipt)
                .Field("creditTransaction", VerbReport.Json(receipt));
        }

        if (held is not null)
        {
            await error.WriteLineAsync(held).ConfigureAwait(false);
        }

        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<string> HeldAsync(
        MarketSession session, ulong id, Terms terms, int round, Wei stake, CancellationToken cancellationToken)
    {
        TaskMoment now = await session.MomentAsync(id, terms, cancellationToken).ConfigureAwait(false);
        ulong score = terms.ScheduleOf(round).Score;
        return now.Now < score
            ? $"The stake of {stake} in task {id} is held until the commitment of round {round + 1} is revealed "
                + $"({now.Phase})."
            : $"The stake of {stake} in task {id} is forfeit: "
                + $"the commitment of round {round + 1} was not revealed by {TaskMoment.Time(score)}.";
    }
}
