using System.CommandLine;
using Research.Chain.Contracts;
using Research.Cli.Tasks;
using Research.Federation.Scoring;
using Research.Interactive.Chains;
using Research.Market;
using Research.Storage;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task open</c>: the sponsor opens the evaluation set, so that everyone can score.</summary>
internal static class TaskOpenCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<string?> evaluation = PathOption.Optional(
            "--evaluation", "The set's file; left out, the one that 'research task publish' kept.");
        Command command = new(
            "open", "Put a task's evaluation set into the shared store, once updates are revealed.") { id, evaluation };
        market.AddTo(command, signs: false);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(evaluation),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Opens the set, but not while the first round's updates can still be made to fit it.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, string? file, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        Schedule first = task.Terms.ScheduleOf(0);
        if (now.Now < first.Reveal)
        {
            throw new CommandException(
                $"Task {id}: {now.Phase}; an evaluation set that is open now could be trained on. "
                + $"Open it from {now.When(first.Reveal)} on.");
        }

        EvaluationSet evaluation = file is null
            ? await new KeptEvaluations(options.PrivateFolder).FindAsync(task.Spec.Task!.Evaluation, cancellationToken)
                .ConfigureAwait(false)
            : await KeptEvaluations.ReadAsync(file, task.Spec.Task!.Evaluation, cancellationToken)
                .ConfigureAwait(false);
        ContentHash hash = await new Sponsor(session.Market, session.Store)
            .OpenEvaluationAsync(evaluation, cancellationToken).ConfigureAwait(false);
        await new VerbReport()
            .Line("opened", $"evaluation set {hash} of task {id}, {evaluation.Records.Count} records")
            .Field("task", id).Field("evaluation", hash.ToString()).Field("records", evaluation.Records.Count)
            .Both("store", session.Store.Folder)
            .Line("next", now.Next)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
