using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Scoring;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Cli.Demo;

/// <summary>One round of a demo: everybody trains and commits, reveals, is scored twice over, and claims.</summary>
internal sealed class DemoPlay(
    DemoStage stage, OpenTask task, Sponsor sponsor, IReadOnlyList<DemoActor> actors, int round)
{
    private SampleFindings? _sample;

    /// <summary>Plays the round to its payouts.</summary>
    /// <exception cref="InvalidOperationException">A re-execution of the scoring differs.</exception>
    public async Task<DemoRound> PlayAsync(CancellationToken cancellationToken)
    {
        Schedule schedule = await task.Market.ScheduleOfAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        await stage.AdvanceAsync(schedule.Commit, cancellationToken).ConfigureAwait(false);
        await TrainAndCommitAsync(cancellationToken).ConfigureAwait(false);

        await stage.AdvanceAsync(schedule.Reveal, cancellationToken).ConfigureAwait(false);
        foreach (DemoActor actor in actors)
        {
            await stage.Log.SendAsync(
                actor.Name, "reveal", round, () => actor.Participant.RevealAsync(round, cancellationToken))
                .ConfigureAwait(false);
        }

        await stage.AdvanceAsync(schedule.Score, cancellationToken).ConfigureAwait(false);
        await sponsor.OpenEvaluationAsync(stage.Scenario.Evaluations[round], cancellationToken).ConfigureAwait(false);
        ScoredRound scored = await ScoreAsync(cancellationToken).ConfigureAwait(false);

        await stage.AdvanceAsync(schedule.End, cancellationToken).ConfigureAwait(false);
        await stage.Log.SendAsync(
            "scorer", "finalise", round, () => task.Market.FinaliseAsync(task.Id, round, cancellationToken))
            .ConfigureAwait(false);
        foreach (DemoActor actor in actors)
        {
            TransactionReceipt? claim = await stage.Log.TimeAsync(
                () => actor.Participant.ClaimAsync(scored, cancellationToken)).ConfigureAwait(false);
            if (claim is not null)
            {
                stage.Log.Add(actor.Name, "claim", round, claim);
            }
        }

        return await NoteAsync(scored, cancellationToken).ConfigureAwait(false);
    }

    private async Task TrainAndCommitAsync(CancellationToken cancellationToken)
    {
        string part = $"round {round + 1} of {stage.Options.Rounds}: train";
        _sample = (await task.SampleAsync(round, cancellationToken).ConfigureAwait(false)).Check();
        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        foreach ((int i, DemoActor actor) in actors.Index())
        {
            // The copier has been handed the update in secret: on chain, commitments hide it until the reveal.
            ModelUpdate update = actor.Owner.Role == DemoRole.Copies
                ? actors[0].LastUpdate
                : Train(actor, start, fraction => stage.Report(part, (i + fraction) / actors.Count), cancellationToken);
            string copy = stage.Folder.Update(actor.Owner, round);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllBytesAsync(copy, update.Bytes, cancellationToken).ConfigureAwait(false);
            if (actor.Owner.Role != DemoRole.Copies)
            {
                actor.OpenLedger().Forget(update.SealedId!);
            }

            await stage.Log.SendAsync(
                actor.Name,
                "commit",
                round,
                () => actor.Participant.CommitAsync(update, Salt(actor), cancellationToken)).ConfigureAwait(false);
            actor.Committed(update);
            stage.Report(part, (i + 1.0) / actors.Count);
        }
    }

    private ModelUpdate Train(
        DemoActor actor, GlobalModel start, Action<double> report, CancellationToken cancellationToken)
    {
        stage.Training.Start();
        TrainingRun run = Trainer.Train(
            stage.Scenario.Spec,
            actor.Owner.Records,
            new TrainerOptions
            {
                Initial = start.ToCheckpoint(),
                Random = stage.Random("noise", actor, round),
                Threads = Environment.ProcessorCount,
                Progress = new SynchronousProgress<TrainingProgress>(
                    step => report((double)step.Point.Step / step.Steps)),
            },
            cancellationToken);
        stage.Training.Stop();
        PrivacyLedger ledger = actor.OpenLedger();
        ModelUpdate update = ModelUpdate.Release(
            run,
            start,
            round,
            ledger,
            $"task {actor.Task.Id} of {actor.Market.Address}",
            insecure: stage.Options.InsecureNoiseSeed is not null);
        actor.Trained(run, ledger.Epsilon);
        return update;
    }

    private async Task<ScoredRound> ScoreAsync(CancellationToken cancellationToken)
    {
        string part = $"round {round + 1} of {stage.Options.Rounds}: score";
        stage.Scoring.Start();
        ScoredRound scored = await new Scorer(task).ScoreAsync(
            round,
            new SynchronousProgress<double>(fraction => stage.Report(part, fraction / 2)),
            cancellationToken).ConfigureAwait(false);
        stage.Scoring.Stop();
        await stage.Log.SendAsync(
            "scorer",
            "post score",
            round,
            () => new Scorer(task).PostAsync(task.Market.As(stage.Chain.Accounts[1]), scored, cancellationToken))
            .ConfigureAwait(false);

        // Another party repeats the scoring from the chain and the store alone, as anyone may before the window closes.
        stage.Scoring.Start();
        Scorer second = new(
            await OpenTask.LoadAsync(task.Market, stage.Store, task.Id, cancellationToken).ConfigureAwait(false));
        ScoredRound again = await second.ScoreAsync(
            round,
            new SynchronousProgress<double>(fraction => stage.Report(part, 0.5 + (fraction / 2))),
            cancellationToken).ConfigureAwait(false);
        stage.Scoring.Stop();
        stage.Report(part, 1);
        IReadOnlyList<string> differences = await second.DifferencesAsync(again, cancellationToken)
            .ConfigureAwait(false);
        return differences.Count == 0
            ? again
            : throw new InvalidOperationException(
                $"Round {round + 1}: the re-executed scoring differs from the posted one: "
                + $"{string.Join("; ", differences)}.");
    }

    private async Task<DemoRound> NoteAsync(ScoredRound scored, CancellationToken cancellationToken)
    {
        Round state = await task.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        Wei pool = await task.Market.RoundPoolAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        foreach (DemoActor actor in actors)
        {
            int index = scored.Reveals.First(reveal => reveal.Participant == actor.Participant.Address).Index;
            ParticipantScore score = scored.Score.Participants[index];
            RewardClaim claim = scored.Claims.Claims[index];
            string? original = score.CopyOf is int copied
                ? actors.First(one => one.Participant.Address == scored.Reveals[copied].Participant).Name
                : null;
            actor.Scored(scored, score, claim.Amount, original);
        }

        return new DemoRound(
            scored.Round + 1,
            _sample!.ClassCounts.Sum(),
            [.. SampleReport.Words(_sample)],
            scored.Score.LossAfter,
            scored.Score.AccuracyAfter,
            scored.Score.Unpaid,
            scored.Score.Cap,
            DemoStage.Text(pool),
            DemoStage.Text(state.Claimed),
            state.Beacon.ToString(),
            state.Root.ToString(),
            scored.Score.NextModel.Hash.ToString(),
            scored.Score.TraceRoot.ToString(),
            actors[0].Name,
            state.Outcome.ToString());
    }

    private Bytes32 Salt(DemoActor actor)
    {
        byte[] salt = new byte[Bytes32.Length];
        stage.Random("salt", actor, round).Fill(salt);
        return new Bytes32(salt);
    }
}
