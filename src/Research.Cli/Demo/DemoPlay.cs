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
    DemoStage stage,
    OpenTask task,
    Sponsor sponsor,
    IReadOnlyList<DemoActor> actors,
    IReadOnlyList<(string Name, Claimant Claimant)> claimants,
    int round)
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

        await stage.AdvanceAsync(schedule.Answer, cancellationToken).ConfigureAwait(false);
        foreach (TransactionReceipt opened in await stage.Log.TimeAsync(() =>
            sponsor.OpenKeysAsync(task, round, stage.Scenario.Evaluations[round], cancellationToken)).ConfigureAwait(false))
        {
            stage.Log.Add("sponsor", "open keys", round, opened);
        }

        await stage.AdvanceAsync(schedule.Score, cancellationToken).ConfigureAwait(false);
        ScoredRound scored = await ScoreAsync(cancellationToken).ConfigureAwait(false);
        await stage.AdvanceAsync(schedule.Post, cancellationToken).ConfigureAwait(false);
        foreach ((string name, Claimant claimant) in claimants)
        {
            await stage.Log.SendAsync(
                name, "post claim", round, () => claimant.PostAsync(round, cancellationToken)).ConfigureAwait(false);
        }

        await CompareAsync(scored, cancellationToken).ConfigureAwait(false);
        await stage.AdvanceAsync(schedule.End, cancellationToken).ConfigureAwait(false);
        Address leader = claimants[0].Claimant.Address;
        await stage.Log.SendAsync(
            "scorer",
            "finalise",
            round,
            async () => await task.Market.FinaliseAsync(task.Id, round, leader, scored.Claim, cancellationToken)
                .ConfigureAwait(false)).ConfigureAwait(false);
        await PayAsync(cancellationToken).ConfigureAwait(false);
        return await NoteAsync(scored, cancellationToken).ConfigureAwait(false);
    }

    // Whoever is paid needs the results that the final claim names, and no scoring of its own.
    private async Task PayAsync(CancellationToken cancellationToken)
    {
        RoundResults results = await task.ResultsAsync(round, cancellationToken).ConfigureAwait(false);
        foreach (DemoActor actor in actors)
        {
            await stage.Log.SendAsync(
                actor.Name,
                "claim reward",
                round,
                () => actor.Participant.ClaimAsync(round, results, null, cancellationToken)).ConfigureAwait(false);
        }

        foreach ((string name, Claimant claimant) in claimants)
        {
            await stage.Log.SendAsync(
                name, "claim bond", round, () => claimant.CollectAsync(round, cancellationToken)).ConfigureAwait(false);
        }
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
                () => actor.Participant.CommitAsync(update, Salt("salt", actor.Name), null, cancellationToken)).ConfigureAwait(false);
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
                Random = stage.Random("noise", actor.Name, round),
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

    // Two parties score, each from the chain and the store alone, and seal what they found before they see the other's.
    private async Task<ScoredRound> ScoreAsync(CancellationToken cancellationToken)
    {
        string part = $"round {round + 1} of {stage.Options.Rounds}: score";
        ScoredRound scored = null!;
        foreach ((int i, (string name, Claimant claimant)) in claimants.Index())
        {
            stage.Scoring.Start();
            Scorer scorer = new(
                await OpenTask.LoadAsync(task.Market, stage.Store, task.Id, cancellationToken).ConfigureAwait(false));
            scored = await scorer.ScoreAsync(
                round,
                new SynchronousProgress<double>(
                    fraction => stage.Report(part, (i + fraction) / claimants.Count)),
                cancellationToken).ConfigureAwait(false);
            stage.Scoring.Stop();
            await stage.Log.SendAsync(
                name, "seal claim", round, () => claimant.SealAsync(scored, Salt("seal", name), cancellationToken)).ConfigureAwait(false);
        }

        stage.Report(part, 1);
        return scored;
    }

    private async Task CompareAsync(ScoredRound scored, CancellationToken cancellationToken)
    {
        IReadOnlyList<(ClaimPosted Claim, IReadOnlyList<string> Differences)> claims =
            await new Scorer(task).CompareAsync(scored, cancellationToken).ConfigureAwait(false);
        string[] differences = [.. claims.SelectMany(claim => claim.Differences)];
        if (claims.Count != claimants.Count || differences.Length > 0)
        {
            throw new InvalidOperationException(
                $"Round {round + 1}: {claims.Count} claims; the re-executed scoring differs: {string.Join("; ", differences)}.");
        }
    }

    private async Task<DemoRound> NoteAsync(ScoredRound scored, CancellationToken cancellationToken)
    {
        Round state = await task.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        foreach (DemoActor actor in actors)
        {
            int index = scored.Reveals.First(reveal => reveal.Participant == actor.Participant.Address).Index;
            ParticipantScore score = scored.Score.Participants[index];
            string? original = score.CopyOf is int copied
                ? actors.First(one => one.Participant.Address == scored.Reveals[copied].Participant).Name
                : null;
            actor.Scored(scored, score, Payout.Of(state.Pool, scored.Results.Rewards[index].Points, state.Divisor), original);
        }

        return new DemoRound(
            scored.Round + 1,
            _sample!.ClassCounts.Sum(),
            [.. SampleReport.Words(_sample)],
            scored.Score.LossAfter,
            scored.Score.AccuracyAfter,
            scored.Score.Unpaid,
            scored.Score.Cap,
            DemoStage.Text(state.Pool),
            DemoStage.Text(actors.Aggregate(Wei.Zero, (sum, actor) => sum + actor.LastReward)),
            state.Roster.ToString(),
            state.ResultsRoot.ToString(),
            scored.Score.NextModel.Hash.ToString(),
            scored.Score.TraceRoot.ToString(),
            claimants[^1].Name,
            state.Outcome.ToString());
    }

    private Bytes32 Salt(string purpose, string name)
    {
        byte[] salt = new byte[Bytes32.Length];
        stage.Random(purpose, name, round).Fill(salt);
        return new Bytes32(salt);
    }
}
