using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task reveal</c>: shares the committed update and proves that it is the one committed to.
/// </summary>
internal static class TaskRevealCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("the current one");
        Command command =
            new("reveal", "Reveal the update that was committed to; whoever does not loses the stake.") { id, round };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Reveals the update: in the transaction itself, or by its name, shared first.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, int? asked, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        now.RequireRound(asked ?? 0);
        int round = asked ?? now.LastStarted;
        VerbReport report = session.Report();
        report.Field("task", id).Field("round", round + 1).Field("participant", session.Self.ToString());
        if (await FindAsync(session, id, round, cancellationToken).ConfigureAwait(false) is { } before)
        {
            await new Participant(task, session.Market, options.PrivateFolder).ShareAsync(round, cancellationToken)
                .ConfigureAwait(false); // Perhaps a store was away the first time.
            await report
                .Repeated("revealed", $"{session.Self} in round {round + 1} of task {id} already, as #{before.Index}")
                .Field("index", before.Index)
                .WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        now.Require(Phase.Reveal, "no update is revealed");
        if (round != now.Position.Round)
        {
            throw new CommandException(
                $"--round: only round {now.Position.Round + 1} of task {id} can be revealed now, got {round + 1}: "
                + $"{now.Words}.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        TransactionReceipt? receipt = await new Participant(task, session.Market, options.PrivateFolder)
            .RevealAsync(round, cancellationToken).ConfigureAwait(false);
        Revealed revealed = (await FindAsync(session, id, round, cancellationToken).ConfigureAwait(false))!;
        bool isWhole = task.Terms.Delivery == Delivery.Calldata;
        report
            .Line("revealed", $"{session.Self} in round {round + 1} of {task.Terms.Rounds} of task {id}, as "
                + $"#{revealed.Index}")
            .Field("index", revealed.Index)
            .Field("repeated", false)
            .Line("update", isWhole ? "whole, in the transaction" : "by its name, in the store")
            .Both("store", session.Store.Name);
        if (receipt is not null)
        {
            report.Transaction(receipt);
        }

        Schedule schedule = task.Terms.ScheduleOf(round);
        report.Line("next", isWhole
            ? $"research task withdraw {id} from {now.At(schedule.Open)} on, unless the next round is played too"
            : $"research task show {id} until {now.At(schedule.Open)}: what is demanded of the update must be "
                + "answered");
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<Revealed?> FindAsync(
        MarketSession session, ulong id, int round, CancellationToken cancellationToken)
    {
        IReadOnlyList<Revealed> reveals =
            await session.Market.Events.RevealedAsync(id, round, cancellationToken).ConfigureAwait(false);
        return reveals.FirstOrDefault(one => one.Participant == session.Self);
    }
}
