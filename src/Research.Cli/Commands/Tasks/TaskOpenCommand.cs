using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Cli.Tasks;
using Research.Federation.Scoring;
using Research.Interactive.Chains;
using Research.Market;
using Research.Training;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task open</c>: the sponsor opens the evaluation set, so that everyone can score.</summary>
internal static class TaskOpenCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<string?> evaluation = PathOption.Optional(
            "--evaluation", "A round's set; left out, those that 'research task publish' kept and whose time has come.");
        Command command = new(
            "open", "Put a round's evaluation records into the shared store, once its updates are committed.")
        {
            id, evaluation,
        };
        market.AddTo(command, signs: false);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(evaluation),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Opens the sets whose time has come, none while its round's updates can still be made to fit it.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, string? file, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        EvaluationSection section = task.Spec.Task!.Evaluation;
        EvaluationSet? given = file is null
            ? null
            : await KeptEvaluations.ReadAsync(file, section, cancellationToken).ConfigureAwait(false);
        int[] rounds = given is null
            ? [.. Enumerable.Range(0, task.Terms.Rounds).Where(round => now.Now >= task.Terms.ScheduleOf(round).Reveal)]
            : [section.Sha256.ToList().IndexOf(given.Hash)];
        int first = rounds.Length == 0 ? 0 : rounds[0];
        if (rounds.Length == 0 || now.Now < task.Terms.ScheduleOf(first).Reveal)
        {
            throw new CommandException(
                $"Task {id}: {now.Phase}; an evaluation set that is open now could be trained on. "
                + $"Open that of round {first + 1} from {now.When(task.Terms.ScheduleOf(first).Reveal)} on.");
        }

        VerbReport report = new();
        Sponsor sponsor = new(session.Market, session.Store);
        KeptEvaluations kept = new(options.PrivateFolder);
        JsonArray opened = [];
        foreach (int round in rounds)
        {
            EvaluationSet set = given
                ?? await kept.FindAsync(section.Sha256[round], cancellationToken).ConfigureAwait(false);
            await sponsor.OpenEvaluationAsync(set, cancellationToken).ConfigureAwait(false);
            report.Line("opened", $"{set.Records.Count} records of round {round + 1} of task {id}: {set.Hash}");
            opened.Add(new JsonObject
            {
                ["round"] = round + 1,
                ["evaluation"] = set.Hash.ToString(),
                ["records"] = set.Records.Count,
            });
        }

        await report
            .Field("task", id)
            .Field("opened", opened)
            .Both("store", session.Store.Folder)
            .Line("next", now.Next)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
