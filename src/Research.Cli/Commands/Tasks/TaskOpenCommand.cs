using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Cli.Tasks;
using Research.Federation.Evaluation;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task open</c>: the sponsor opens the sample of the evaluation records, and after the reveals all of them.
/// </summary>
internal static class TaskOpenCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "open",
            "Put the keys of evaluation records into the shared store, as far as they are due: half of each round's once the "
            + "block after the publication is there, all of a round's once its updates are revealed.")
        {
            id,
        };
        market.AddTo(command, signs: false);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(id), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Opens what is due, and no key of what scores while its round's updates can still be made to fit it.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        KeptEvaluations kept = new(options.PrivateFolder);
        Sponsor sponsor = new(session.Market, session.Store);
        VerbReport report = new();
        JsonArray opened = [];
        for (int round = 0; round < task.Terms.Rounds; round++)
        {
            bool isOver = now.Now >= task.Terms.ScheduleOf(round).Score;
            if (isOver ? task.AreKeysOpen(round) : task.IsSampleOpen(round))
            {
                continue;
            }

            EvaluationRecords evaluation = await kept.FindAsync(task.Spec, round, cancellationToken).ConfigureAwait(false);
            string name = isOver
                ? await sponsor.OpenEvaluationAsync(evaluation, cancellationToken).ConfigureAwait(false)
                : await sponsor.OpenSampleAsync(task, round, evaluation, cancellationToken).ConfigureAwait(false);
            int records = isOver ? 2 * evaluation.Examples : evaluation.Examples;
            report.Line("opened", $"{(isOver ? "all" : "a sample of")} {records} records of round {round + 1} of task {id}: {name}");
            opened.Add(new JsonObject
            {
                ["round"] = round + 1,
                ["kind"] = isOver ? "all" : "sample",
                ["records"] = records,
                ["keys"] = name,
            });
        }

        RequireAny(opened, now);
        await report
            .Field("task", id)
            .Field("opened", opened)
            .Both("store", session.Store.Folder)
            .Line("next", now.Next)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static void RequireAny(JsonArray opened, TaskMoment now)
    {
        if (opened.Count > 0)
        {
            return;
        }

        ulong? next = Enumerable.Range(0, now.Terms.Rounds).Select(round => (ulong?)now.Terms.ScheduleOf(round).Score)
            .FirstOrDefault(score => score > now.Now);
        throw new CommandException(next is ulong score
            ? $"Task {now.TaskId}: {now.Phase}; all samples are open, and what scores could be trained on if it were open now. "
                + $"Open more from {now.When(score)} on."
            : $"Task {now.TaskId}: {now.Phase}; all evaluation records are open.");
    }
}
