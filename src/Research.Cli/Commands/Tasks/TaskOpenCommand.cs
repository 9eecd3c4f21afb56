using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Federation.Evaluation;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task open</c>: the sponsor opens the sample of the evaluation records, and after the reveals all of
/// them.
/// </summary>
internal static class TaskOpenCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "open",
            "Open the keys of evaluation records, as far as they are due: half of each round's in the shared store "
            + "once the block after the publication is there, all of a round's on chain once its updates are revealed.")
        {
            id,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Opens what is due, and no key of what scores while its round's updates can still be made to fit
    /// it.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        JsonArray opened = [];
        for (int round = 0; round < task.Terms.Rounds; round++)
        {
            Schedule schedule = task.Terms.ScheduleOf(round);
            if (now.Now < schedule.Open)
            {
                await OpenSampleAsync(session, task, round, report, opened, cancellationToken).ConfigureAwait(false);
            }
            else if (now.Now < schedule.Score)
            {
                await OpenKeysAsync(session, task, round, report, opened, error, cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        if (opened.Count == 0)
        {
            report.Repeated(
                "opened",
                $"nothing: {now.Words}; all that is due is open"
                + (now.Now < now.Schedule.Open
                    ? ", and what scores could be trained on if it were open now"
                    : ""));
        }

        await report
            .Field("task", id)
            .Field("opened", opened)
            .Both("store", session.Store.Name)
            .Line("next", KeysDue.After(now))
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task OpenSampleAsync(
        MarketSession session,
        OpenTask task,
        int round,
        VerbReport report,
        JsonArray opened,
        CancellationToken cancellationToken)
    {
        if (await task.IsSampleOpenAsync(round, cancellationToken).ConfigureAwait(false))
        {
            // Perhaps in the folder here alone, where a run died or a server was away: into all of the stores once more.
            if (await new KeptEvaluations(session.Options.PrivateFolder)
                .TryFindAsync(task.Spec, round, cancellationToken).ConfigureAwait(false) is { } own)
            {
                await new Sponsor(session.Market, session.Store).OpenSampleAsync(task, round, own, cancellationToken)
                    .ConfigureAwait(false);
            }

            return;
        }

        EvaluationRecords evaluation = await new KeptEvaluations(session.Options.PrivateFolder)
            .FindAsync(task.Spec, round, cancellationToken).ConfigureAwait(false);
        await PinAsync(session, task, report, cancellationToken).ConfigureAwait(false);
        string name = await new Sponsor(session.Market, session.Store)
            .OpenSampleAsync(task, round, evaluation, cancellationToken).ConfigureAwait(false);
        report.Line("opened", $"a sample of {evaluation.Examples} records of round {round + 1} of task {task.Id}: "
            + $"{name}");
        opened.Add(new JsonObject
        {
            ["round"] = round + 1,
            ["kind"] = "sample",
            ["records"] = evaluation.Examples,
            ["keys"] = name,
        });
    }

    // Which half is opened is written down on chain first; only then is a key needed.
    private static async Task PinAsync(
        MarketSession session, OpenTask task, VerbReport report, CancellationToken cancellationToken)
    {
        TaskPin pin = await TaskPin.FindAsync(session.Market, task.Id, cancellationToken).ConfigureAwait(false);
        if (pin.Hash is not null || !pin.IsDue)
        {
            return; // Opening says what is wrong.
        }

        await session.SignAsync(cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        TransactionReceipt? receipt = await TaskPin.WriteAsync(session.Market, task.Id, cancellationToken)
            .ConfigureAwait(false);
        if (receipt is not null)
        {
            report.Line("pinned", $"which records are opened, by the hash of block {pin.Block}")
                .Field("pin", report.Json(receipt));
        }
    }

    private static async Task OpenKeysAsync(
        MarketSession session,
        OpenTask task,
        int round,
        VerbReport report,
        JsonArray opened,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        Round state = await session.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        int chunks = NextSteps.KeyChunks(task.Terms);
        if (state.Reveals == 0)
        {
            report.Line("round", $"{round + 1}: nobody revealed an update, there is nothing to open");
            return;
        }

        if (state.KeyChunks >= chunks)
        {
            return;
        }

        EvaluationRecords evaluation = await new KeptEvaluations(session.Options.PrivateFolder)
            .FindAsync(task.Spec, round, cancellationToken).ConfigureAwait(false);
        await session.SignAsync(cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        await new LockReport(session.Native)
            .Line("opens", $"the keys of round {round + 1} in {chunks - state.KeyChunks} transactions, from "
                + $"{session.Self}")
            .Windows(task.Terms, round)
            .WriteAsync(error).ConfigureAwait(false);
        IReadOnlyList<TransactionReceipt> receipts = await new Sponsor(session.Market, session.Store)
            .OpenKeysAsync(task, round, evaluation, cancellationToken).ConfigureAwait(false);
        report.Line(
            "opened",
            $"all {task.Terms.Keys} keys of round {round + 1} of task {task.Id}, on chain; scored on "
            + LockReport.ScoredOn(task.Spec));
        foreach (TransactionReceipt receipt in receipts)
        {
            report.Transaction(receipt);
        }

        opened.Add(new JsonObject
        {
            ["round"] = round + 1,
            ["kind"] = "all",
            ["records"] = (int)task.Terms.Keys,
            ["transactions"] = new JsonArray([.. receipts.Select(receipt => report.Json(receipt))]),
        });
    }
}
