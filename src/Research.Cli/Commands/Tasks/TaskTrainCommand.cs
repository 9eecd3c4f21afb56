using System.CommandLine;
using Research.Chain.Contracts;
using Research.Cli.Tasks;
using Research.Cli.Train;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task train</c>: trains on one's own records for the round to come, charges the
/// ledger, writes the update.
/// </summary>
internal static class TaskTrainCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<string> data = DataOption.Required("--data", "Your records; their training part is used");
        Option<string?> ledger = PathOption.Optional(
            "--ledger",
            "The data set's privacy ledger; left out, the one in research/ledgers in your application data folder.");
        Option<string> update = PathOption.Required(
            "--out", "Write the update there, as safetensors, once it is charged.");
        Command command = new(
            "train", "Train for a task's current round, privately, and write the update to commit to.")
        {
            id, data, ledger, update,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(data)!,
            parse.GetValue(ledger),
            parse.GetValue(update)!,
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Checks everything, trains, charges, and only then writes.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        ulong id,
        string data,
        string? ledgerFile,
        string update,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        OutputFile.Check("--out", update);
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        if (now.Position.Phase != Phase.Pending)
        {
            now.Require(Phase.Commit, "an update would come too late");
        }

        ModelSpec spec = task.Spec.Privacy is null
            ? throw new CommandException(
                $"Task {id} has a specification without privacy ($.privacy): "
                + "no update is released from training that is not private.")
            : task.Spec;
        int round = now.Position.Round;
        Dataset records = Datasets.Open(data).Train;
        Network.Create(spec).Evaluate(records.Select([0]));
        PrivacyBudget budget = PrivacyBudget.Foresee(
            new TrainOptions { Spec = spec.Name, Data = data, Ledger = ledgerFile }, spec);
        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        await error.WriteLineAsync(TerminalText.Clean(
            $"Round {round + 1} of {task.Terms.Rounds} costs epsilon {EpsilonText.Spent(budget.RunEpsilon)} "
            + $"at delta {EpsilonText.Exact(budget.Delta)} ({EpsilonText.Neighbours}); "
            + $"the ledger of {budget.DataSet} would go from {EpsilonText.Spent(budget.Before)} "
            + $"to {EpsilonText.Spent(budget.After)} of {EpsilonText.Exact(budget.Cap)}.")).ConfigureAwait(false);

        TrainingRun run = await StepReporter.RunAsync(
            error,
            isPrivate: true,
            stepsBefore: 0,
            progress => Trainer.Train(
                spec,
                records,
                new TrainerOptions
                {
                    Initial = start.ToCheckpoint(),
                    Threads = Environment.ProcessorCount,
                    Progress = progress,
                },
                cancellationToken),
            cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        // Once charged, the update is paid for: no cancellation comes between.
        PrivacyLedger ledger = budget.Open();
        ModelUpdate released = ModelUpdate.Release(
            run, start, round, ledger, $"task {id} of {session.Market.Address} round {round + 1}");
        await OutputFile.WriteAsync(update, released.Bytes, CancellationToken.None).ConfigureAwait(false);
        LedgerEntry entry = ledger.Entries[^1];
        await new VerbReport()
            .Line(
                "trained",
                $"task {id}, round {round + 1} of {task.Terms.Rounds}, {spec.Training.Steps} steps on {data}")
            .Field("task", id).Field("round", round + 1).Field("data", data)
            .Line(
                "ledger",
                $"charged: epsilon {EpsilonText.Spent(entry.EpsilonAfter)} of {EpsilonText.Exact(budget.Cap)} "
                + $"at delta {EpsilonText.Exact(budget.Delta)} ({EpsilonText.Neighbours}), "
                + $"entry {entry.Sequence} of {budget.File}")
            .Field("epsilon", budget.RunEpsilon).Field("epsilonAfter", entry.EpsilonAfter)
            .Field("epsilonCap", budget.Cap)
            .Field("delta", budget.Delta).Field("neighbours", EpsilonText.Neighbours).Field("ledger", budget.File)
            .Line("update", $"{update} (sha256 {released.Hash})")
            .Field("update", update).Field("sha256", released.Hash.ToString())
            .Line("next", $"research task commit {id} --update {update}, {now.Phase}")
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
