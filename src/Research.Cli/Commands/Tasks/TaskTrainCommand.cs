using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Cli.Train;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Interactive.Chains;
using Research.Interactive.Owner;
using Research.Market;
using Research.Privacy;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Storage;
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
        Option<string?> ledger = OwnerOption.Ledger();
        Option<double?> cap = OwnerOption.EpsilonCap();
        Option<string> update = PathOption.Required(
            "--out", "Write the update there, as safetensors, once it is charged.");
        Option<bool> again = new("--again")
        {
            Description = "Train anew, though the ledger has released an update of this round from these records: another "
                + "release, charged by itself.",
        };
        Command command = new(
            "train", "Train for a task's current round, privately, and write the update to commit to.")
        {
            id, data, ledger, cap, update, again,
        };
        market.AddTo(command, signs: false);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(data)!,
            parse.GetValue(ledger),
            parse.GetValue(cap),
            parse.GetValue(update)!,
            parse.GetValue(again),
            OwnerOption.Terminal(),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Checks everything, trains, charges, and only then writes; what an earlier run made is taken up.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        ulong id,
        string data,
        string? home,
        double? epsilonCap,
        string update,
        bool again,
        TextReader? terminal,
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

        // Before it is written down nobody commits, and without it nobody is paid: no epsilon is spent.
        _ = (await TaskPin.FindAsync(session.Market, id, cancellationToken).ConfigureAwait(false)).Require();

        ModelSpec spec = task.Spec.Privacy is null
            ? throw new CommandException(
                $"Task {id} has a specification without privacy ($.privacy): "
                + "no update is released from training that is not private.")
            : task.Spec;
        int round = now.Position.Round;
        Dataset records = Datasets.Open(data).Train;
        Network.Create(spec).Evaluate(records.Select([0]));
        ulong chain = await session.Client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        string name = $"task {id} of {session.Market.Address} on chain {chain}";
        OwnerLedger owner = OwnerLedger.Open(home, epsilonCap, terminal, error);
        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        if (!again && await TrainedBeforeAsync(
            owner.Ledger, records.Identity, ReleasePurpose.OfTask(name, spec, round), start, update, cancellationToken)
            .ConfigureAwait(false) is string before)
        {
            return await RepeatAsync(session, now, update, before, output, cancellationToken).ConfigureAwait(false);
        }

        OwnerBudget budget = Refusal.AsCommand(() => OwnerBudget.Foresee(
            owner.Ledger,
            spec,
            records.Identity,
            chosen => ReleasePurpose.OfTask(name, chosen, round),
            epsilon: null));
        if (budget.Quote.IsRepeated && !again)
        {
            throw new CommandException(
                $"The ledger in {budget.Ledger.Home} has released an update of round {round + 1} of task {id} from these records, "
                + $"which is not at --out {update}: commit to that one. Another is another release, charged by itself: --again "
                + "trains it. Nothing was trained or charged.");
        }

        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        await new LockReport(session.Native)
            .Pool(task.Terms, currency)
            .Line("stake", $"{session.Native.Of(task.Terms.Stake)} to commit, burned where the update is not "
                + "revealed in time")
            .Line("scored on", LockReport.ScoredOn(spec))
            .Windows(task.Terms, round)
            .WriteAsync(error).ConfigureAwait(false);
        string all = task.Terms.Rounds == 1 ? "Its one round" : $"The task, all {task.Terms.Rounds} rounds together,";
        IEnumerable<string> notes =
            budget.Notes(budget.Quote.IsPaid ? $"Round {round + 1} of {task.Terms.Rounds}" : all);
        foreach (string note in owner.Note is string first ? notes.Prepend(first) : notes)
        {
            await error.WriteLineAsync(TerminalText.Clean(note)).ConfigureAwait(false);
        }

        // What would keep the owner from committing is said before ε is spent on it.
        VerbReport report = session.Report();
        if (now.Position.Phase == Phase.Commit)
        {
            await SampleReport.AddAsync(report, task, round, error, cancellationToken).ConfigureAwait(false);
        }

        if (task.Terms.AllowRoot != Bytes32.Zero)
        {
            await error.WriteLineAsync(
                $"Only listed accounts may take part in task {id}: make sure that yours is among them. "
                + "research task commit needs the list (--allow).").ConfigureAwait(false);
        }

        await QuotaReport.WriteAsync(task, round, records.Count, error, cancellationToken).ConfigureAwait(false);
        budget.Ledger.Make(); // Whatever keeps it from being made is known before training.
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
        ModelUpdate released = ModelUpdate.Release(run, start, round, budget.Ledger, name);
        LedgerEntry entry = released.Entry!;
        await WriteAsync(update, released.Bytes, released.SealedId!, budget.Ledger).ConfigureAwait(false);
        await report
            .Line(
                "trained",
                $"task {id}, round {round + 1} of {task.Terms.Rounds}, {spec.Training.Steps} steps on {data}")
            .Field("task", id).Field("round", round + 1).Field("data", data)
            .Line(
                "ledger",
                $"{(budget.Quote.IsPaid ? "paid for by an earlier round" : "charged, for all rounds")}: the records "
                + $"given stand at epsilon {EpsilonText.Spent(entry.Epsilon)} of {EpsilonText.Exact(budget.Quote.Cap)} "
                + $"at delta {EpsilonText.Exact(budget.Quote.Delta)} (the ledger's; {budget.Neighbours}), "
                + $"entry {entry.Sequence} in {budget.Ledger.Home}")
            .Field("epsilon", budget.Quote.Run).Field("charged", !budget.Quote.IsPaid)
            .Field("epsilonBefore", budget.Quote.Before).Field("epsilonAfter", entry.Epsilon)
            .Field("epsilonCap", budget.Quote.Cap)
            .Field("delta", budget.Quote.Delta).Field("neighbours", budget.Neighbours)
            .Field("ledger", budget.Ledger.Home)
            .Line("update", $"{update} (sha256 {released.Hash})")
            .Field("update", update).Field("sha256", released.Hash.ToString())
            .Line("next", $"research task commit {id} --update {update}, {now.Words}")
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    // Says what is there: one that a run which died had sealed, or the file itself. Null where none was trained.
    private static async Task<string?> TrainedBeforeAsync(
        PrivacyLedger ledger,
        DataIdentity data,
        ReleasePurpose purpose,
        GlobalModel start,
        string update,
        CancellationToken cancellationToken)
    {
        if (ledger.FindSealed(data, ModelUpdate.Kind, purpose) is { } left)
        {
            await WriteAsync(update, ledger.Recover(left.Id), left.Id, ledger).ConfigureAwait(false);
            return $"by an earlier run, which ended before its update was written: {update} holds it now, charged once";
        }

        if (!File.Exists(update) || new FileInfo(update).Length > ModelUpdate.MostBytes(start))
        {
            return null;
        }

        try
        {
            byte[] bytes = await File.ReadAllBytesAsync(update, cancellationToken).ConfigureAwait(false);
            ModelUpdate.Parse(start, purpose.Round, bytes, update);
            return $"already: {update} holds an update of this round (--again trains another, charged by itself)";
        }
        catch (Exception e) when (e is InvalidDataException or DataFormatException)
        {
            return null; // Another round's, say.
        }
    }

    private static async Task<int> RepeatAsync(
        MarketSession session,
        TaskMoment now,
        string update,
        string before,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        byte[] bytes = await File.ReadAllBytesAsync(update, cancellationToken).ConfigureAwait(false);
        await session.Report()
            .Repeated("trained", before)
            .Field("task", now.TaskId).Field("round", now.Position.Round + 1)
            .Line("update", $"{update} (sha256 {ContentHash.Of(bytes)})")
            .Field("update", update).Field("sha256", ContentHash.Of(bytes).ToString())
            .Line("next", $"research task commit {now.TaskId} --update {update}, {now.Words}")
            .WriteAsync(session.Options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> update, string sealedId, PrivacyLedger ledger)
    {
        try
        {
            await OutputFile.WriteAsync(path, update, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"The round is charged, and its update could not be written: {e.Message} It is safe, sealed in "
                    + $"{ledger.Home}: research ledger recover {sealedId} --out FILE, without another charge.",
                innerException: e);
        }

        ledger.Forget(sealedId);
    }
}
