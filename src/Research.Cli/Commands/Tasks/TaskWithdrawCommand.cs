using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task withdraw</c>: takes back the account's stake in a task.</summary>
internal static class TaskWithdrawCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<Address?> recipient = TaskArguments.Recipient();
        Command command = new(
            "withdraw", "Take back your stake in a task, once nothing can be demanded of your update any more.")
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

    /// <summary>Withdraws the stake; exit 1 where there is none, or it is held or lost.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, Address? recipient, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        TrainingMarket market = session.Market;
        Terms terms = (await session.FindAsync(id, cancellationToken).ConfigureAwait(false)).Terms;
        TaskMoment now = await session.MomentAsync(id, terms, cancellationToken).ConfigureAwait(false);
        Position position = await market.PositionOfAsync(id, session.Self, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Field("task", id).Field("account", session.Self.ToString());
        if (position.Standing == Standing.None)
        {
            IReadOnlyList<StakePaid> paid =
                await market.Events.StakePaidAsync(id, cancellationToken).ConfigureAwait(false);
            StakePaid before = paid.LastOrDefault(one => one.Participant == session.Self)
                ?? throw new CommandException(
                    $"{session.Self} has no stake in task {id}: there is nothing to withdraw.");
            await report
                .Repeated("stake", $"{session.Native.Of(before.Amount)} went to {before.Recipient} already")
                .Field("stakeWei", VerbReport.Json(Wei.Zero))
                .WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        if (!StakeText.IsFree(position, terms, now.Now))
        {
            throw new CommandException(StakeText.Held(id, position, terms, now.Now, session.Native));
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        Address to = recipient ?? session.Self;
        TransactionReceipt receipt = await market.WithdrawStakeAsync(id, to, cancellationToken).ConfigureAwait(false);
        await report
            .Line("stake", $"{session.Native.Of(terms.Stake)} to {to}")
            .Field("stakeWei", VerbReport.Json(terms.Stake)).Field("recipient", to.ToString()).Field("repeated", false)
            .Transaction(receipt)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
