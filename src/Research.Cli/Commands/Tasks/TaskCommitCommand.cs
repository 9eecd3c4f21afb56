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
        Command command =
            new("commit", "Commit to an update in a task's current round, with the stake.") { id, update };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(update)!,
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
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        InputFile.Check("--update", path, LargestUpdate);
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        now.Require(Phase.Commit, "no commitment is taken");
        int round = now.Position.Round;
        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        ModelUpdate update = ModelUpdate.Parse(start, round, bytes, path);
        Wei stake = await session.Market.StakeDueAsync(id, session.Self, cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(stake, cancellationToken).ConfigureAwait(false);

        VerbReport report = new();
        await SampleReport.AddAsync(report, task, round, error, cancellationToken).ConfigureAwait(false);
        UserFolder.MakePrivate(options.PrivateFolder);
        TransactionReceipt receipt = await new Participant(task, session.Market, options.PrivateFolder)
            .CommitAsync(update, null, cancellationToken).ConfigureAwait(false);
        ulong reveal = task.Terms.ScheduleOf(round).Reveal;
        await report
            .Line(
                "committed", $"{session.Self} in round {round + 1} of {task.Terms.Rounds} of task {id}, stake {stake}")
            .Field("task", id).Field("round", round + 1).Field("participant", session.Self.ToString())
            .Field("stakeWei", VerbReport.Json(stake))
            .Line("update", $"{path} (sha256 {update.Hash})").Field("update", update.Hash.ToString())
            .Transaction(receipt)
            .Line("kept", $"the update and its salt in {options.PrivateFolder}: without them the stake is lost")
            .Field("privateFolder", options.PrivateFolder)
            .Line(
                "next",
                $"research task reveal {id}, "
                + $"from {now.When(reveal)} to {TaskMoment.Time(task.Terms.ScheduleOf(round).Score)}")
            .Field("revealFrom", reveal).Field("revealUntil", task.Terms.ScheduleOf(round).Score)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
