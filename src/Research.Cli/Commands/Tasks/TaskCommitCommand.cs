using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task commit</c>: binds the account to an update that nobody sees yet.</summary>
internal static class TaskCommitCommand
{
    private const long LargestUpdate = (4L << 28) + (1 << 20) + 8; // 2^28 numbers, a header and its length.

    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<string> update = PathOption.Required("--update", "The update, as 'research task train' wrote it.");
        Option<string?> allow = PathOption.Optional(
            "--allow", "Where the task lets only some accounts take part: its sponsor's list of them.");
        Command command =
            new("commit", "Commit to an update in a task's current round, with the stake.") { id, update, allow };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(update)!,
            parse.GetValue(allow),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>
    /// Checks the update against the round's model, keeps it with its salt, and sends the commitment.
    /// </summary>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        ulong id,
        string path,
        string? allow,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        InputFile.Check("--update", path, LargestUpdate);
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        int round = now.Position.Round;
        Position position = await session.Market.PositionOfAsync(id, session.Self, cancellationToken)
            .ConfigureAwait(false);
        bool isRevealed = position.Standing is Standing.Revealed or Standing.Demanded;
        bool isRepeated = position.Round == round && position.Standing != Standing.None;
        if (!isRepeated)
        {
            now.Require(Phase.Commit, "no commitment is taken");
        }

        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        ModelUpdate update = ModelUpdate.Parse(start, round, bytes, path);
        Participant participant = new(task, session.Market, options.PrivateFolder);
        VerbReport report = session.Report();
        report.Field("task", id).Field("round", round + 1).Field("participant", session.Self.ToString());
        if (isRepeated)
        {
            if (!isRevealed)
            {
                // Sends nothing, but refuses another update.
                await participant.CommitAsync(update, null, null, cancellationToken).ConfigureAwait(false);
            }

            report.Repeated(
                "committed",
                $"{session.Self} in round {round + 1} of task {id} already{(isRevealed ? ", and revealed" : "")}");
            AddNext(report, now, round);
            await report.WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        IReadOnlyList<Bytes32>? proof = position.Standing == Standing.Revealed // On the list when it locked its stake.
            ? null
            : await AllowFile.ProofAsync(allow, id, task.Terms, session.Self, cancellationToken).ConfigureAwait(false);
        Wei stake = await session.Market.StakeDueAsync(id, session.Self, cancellationToken).ConfigureAwait(false);
        await ShowAsync(session, task, position, stake, round, error, cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(stake, cancellationToken).ConfigureAwait(false);
        await SampleReport.AddAsync(report, task, round, error, cancellationToken).ConfigureAwait(false);
        UserFolder.MakePrivate(options.PrivateFolder);
        TransactionReceipt receipt = (await participant.CommitAsync(update, null, proof, cancellationToken)
            .ConfigureAwait(false))!;
        report
            .Line(
                "committed", $"{session.Self} in round {round + 1} of {task.Terms.Rounds} of task {id}, stake "
                    + $"{session.Native.Of(stake)}")
            .Field("stakeWei", VerbReport.Json(stake))
            .Field("repeated", false)
            .Line("update", $"{path} (sha256 {update.Hash})").Field("update", update.Hash.ToString())
            .Transaction(receipt)
            .Line("kept", $"the update and its salt in {options.PrivateFolder}: without them the stake is lost")
            .Field("privateFolder", options.PrivateFolder);
        AddNext(report, now, round);
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static void AddNext(VerbReport report, TaskMoment now, int round)
    {
        Schedule schedule = now.Terms.ScheduleOf(round);
        if (now.Now < schedule.Answer)
        {
            report.Line(
                "next",
                $"research task reveal {now.TaskId}, from {now.At(schedule.Reveal)} to "
                + $"{LocalTime.At(schedule.Answer)}");
        }

        report.Field("revealFrom", schedule.Reveal).Field("revealUntil", schedule.Answer);
    }

    private static async Task ShowAsync(
        MarketSession session,
        OpenTask task,
        Position position,
        Wei stake,
        int round,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        string due = stake == Wei.Zero
            ? $"nothing more: the {session.Native.Of(task.Terms.Stake)} locked in round {position.Round + 1} "
                + "stay locked"
            : $"a stake of {session.Native.Of(stake)}, burned where the update is not revealed in time"
                + (task.Terms.Delivery == Delivery.Demand ? " or not shown on demand" : "");
        LockReport report = new LockReport(session.Native).Line("locks", $"{due}, from {session.Self}");
        if (position.Standing is Standing.Committed or Standing.Demanded)
        {
            report.Line(
                "burns",
                $"the {session.Native.Of(task.Terms.Stake)} of round {position.Round + 1}, which was not "
                    + "revealed or not shown in time");
        }

        await report
            .Pool(task.Terms, currency)
            .Line("scored on", LockReport.ScoredOn(task.Spec))
            .Windows(task.Terms, round)
            .WriteAsync(error).ConfigureAwait(false);
    }
}
