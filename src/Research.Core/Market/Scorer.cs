using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Scoring;

namespace Research.Market;

/// <summary>Anyone who re-executes a round's scoring: to claim it with a bond, or to check what was claimed.</summary>
/// <param name="task">The task.</param>
public sealed class Scorer(OpenTask task)
{
    /// <summary>Scores a round whose updates are settled and whose keys are open.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between evaluations.</param>
    /// <exception cref="MarketException">Nobody revealed in the round, an update can be had nowhere, its evaluation records
    /// are not open yet or not those committed to, or the node did not give all of its events.</exception>
    public async Task<ScoredRound> ScoreAsync(
        int round, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        // First, so that nothing can be shown any more once it is looked for.
        bool isSettled = await IsSettledAsync(round, cancellationToken).ConfigureAwait(false);

        // Not disposed of here: the score's trace reads them for as long as it lives, and their file goes with the last reader.
        RoundUpdates updates = await RoundUpdates.FindAsync(task, round, cancellationToken).ConfigureAwait(false);
        if (updates.Reveals.Count == 0)
        {
            throw new MarketException(
                $"Nobody revealed an update in round {round + 1} of task {task.Id}: there is nothing to score.");
        }

        if (!isSettled)
        {
            throw new MarketException(
                $"The updates of round {round + 1} of task {task.Id} are settled from "
                + $"{UnixTime.Text(task.Terms.ScheduleOf(round).Open)} on. Scores before may differ from those after.");
        }

        IReadOnlyList<GlobalModel> models =
            await task.StartingModelsAsync(round, cancellationToken).ConfigureAwait(false);
        ScoringRecords evaluation =
            await task.ScoringRecordsAsync(round, cancellationToken).ConfigureAwait(false);
        RoundScore score = RoundScorer.Score(
            models,
            await updates.SubmissionsAsync(models[^1], cancellationToken).ConfigureAwait(false),
            evaluation,
            Environment.ProcessorCount,
            progress,
            updates.Roster,
            cancellationToken);

        RoundResults results = new(
            [
                .. updates.Reveals.Select((reveal, i) =>
                    new Reward(i, reveal.Participant, (ulong)score.Participants[i].Points)),
            ],
            score.NextModel.Hash,
            score.DirectionRoot);
        Wei pool = await PoolAsync(round, score, cancellationToken).ConfigureAwait(false);
        ScoredRound scored = new(
            round, score, results, pool, Payout.Divisor(results.Total, task.Terms.Target), updates.Reveals);
        task.Keep(round, new ExpectedModel(
            new Bytes24(updates.Roster.Head.Span), ExpectedModel.HashesOf(models), scored.Claim, score.NextModel));
        return scored;
    }

    /// <summary>Compares a round as scored here with every claim that was posted for it.</summary>
    /// <returns>The claims by place, each with what differs, a line each; empty where everything agrees.</returns>
    public async Task<IReadOnlyList<(ClaimPosted Claim, IReadOnlyList<string> Differences)>> CompareAsync(
        ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scored);
        IReadOnlyList<ClaimPosted> claims =
            await task.Market.Events.ClaimPostedAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        return [.. claims.OrderBy(claim => claim.Place).Select(claim => (claim, Differences(scored.Claim, claim.Result)))];
    }

    private static IReadOnlyList<string> Differences(ClaimResult here, ClaimResult claimed)
    {
        (string Name, object Here, object Claimed)[] values =
        [
            ("points", here.ResultsRoot, claimed.ResultsRoot),
            ("total", here.Total, claimed.Total),
            ("model", here.ModelRoot, claimed.ModelRoot),
            ("records predicted right", here.Right, claimed.Right),
            ("trace", here.TraceRoot, claimed.TraceRoot),
        ];
        return
        [
            .. values.Where(value => !value.Here.Equals(value.Claimed))
                .Select(value => $"{value.Name}: computed {value.Here}, claimed {value.Claimed}"),
        ];
    }

    // An update that is out is out only once nobody can show it any more.
    private async Task<bool> IsSettledAsync(int round, CancellationToken cancellationToken) =>
        await task.Market.NextTimestampAsync(cancellationToken).ConfigureAwait(false)
            >= task.Terms.ScheduleOf(round).Open;

    private async Task<Wei> PoolAsync(int round, RoundScore score, CancellationToken cancellationToken)
    {
        Round state = await task.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Outcome == Outcome.Scored)
        {
            return state.Pool;
        }

        MarketTask now = await task.Market.GetTaskAsync(task.Id, cancellationToken).ConfigureAwait(false);
        Wei carried = now.Finalised == round ? now.Carried : Wei.Zero; // Known once the round before is final.
        bool isReached = task.Terms.TargetRight > 0 && score.RightAfter >= task.Terms.TargetRight;
        int rounds = task.Spec.Task!.Rounds; // The terms have fewer once the target was reached.
        return Payout.PoolOf(task.Terms.Pool, rounds, round, isReached ? rounds - 1 : round) + carried;
    }
}
