using System.Numerics;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Storage;
using Research.Training.Data;

namespace Research.Market;

/// <summary>Anyone who re-executes a round's scoring: to post it with a bond, to check what was posted, or to claim by it.</summary>
/// <param name="task">The task.</param>
public sealed class Scorer(OpenTask task)
{
    /// <summary>Scores a round whose reveal window is over.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between evaluations.</param>
    /// <exception cref="InvalidOperationException">Nobody revealed in the round.</exception>
    /// <exception cref="FileNotFoundException">The store lacks the evaluation set or the round's model.</exception>
    public async Task<ScoredRound> ScoreAsync(
        int round, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Committed> commitments =
            await task.Market.Events.CommittedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Revealed> reveals =
            await task.Market.Events.RevealedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (reveals.Count == 0)
        {
            throw new InvalidOperationException($"Nobody revealed an update in round {round} of task {task.Id}: there is nothing to score.");
        }

        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        byte[] held = await task.Store.GetAsync(task.Spec.Task!.Evaluation.Sha256, cancellationToken).ConfigureAwait(false);
        EvaluationSet evaluation = EvaluationSet.Parse(task.Spec.Task.Evaluation, held);

        Dictionary<Address, Revealed> byParticipant = reveals.ToDictionary(reveal => reveal.Participant);
        List<Submission> submissions = [];
        foreach (Committed commitment in commitments)
        {
            if (byParticipant.TryGetValue(commitment.Participant, out Revealed? reveal))
            {
                submissions.Add(await FetchAsync(start, reveal, cancellationToken).ConfigureAwait(false));
            }
        }

        Round state = await task.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        RoundScore score = RoundScorer.Score(
            start, submissions, evaluation, state.Beacon.ToArray(), progress, cancellationToken);

        Wei pool = await task.Market.RoundPoolAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        BigInteger[] amounts = LargestRemainder.Split(pool.Amount, [.. score.Participants.Select(one => one.Points)]);
        Revealed[] ordered = [.. reveals.OrderBy(reveal => reveal.Index)];
        RewardClaim[] claims =
            [.. ordered.Select((reveal, i) => new RewardClaim(reveal.Index, reveal.Participant, new Wei(amounts[i])))];
        return new ScoredRound(round, score, new ClaimTree(claims), ordered);
    }

    /// <summary>Stores the round's model and trace, then posts the scores with the bond.</summary>
    /// <param name="market">The market, with the account that puts up the bond.</param>
    /// <param name="scored">The round.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="RevertException">The market refused, for example <c>AlreadyPosted</c>.</exception>
    public async Task<TransactionReceipt> PostAsync(
        TrainingMarket market, ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(scored);
        ContentHash model = await task.Store.PutAsync(scored.Score.NextModel.Bytes, cancellationToken).ConfigureAwait(false);
        ContentHash trace = await task.Store.PutAsync(scored.Score.Trace, cancellationToken).ConfigureAwait(false);
        return await market.PostScoreAsync(
            task.Id,
            scored.Claims.Root,
            scored.Claims.Total,
            model.ToBytes32(),
            trace.ToBytes32(),
            task.Terms.Bond,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares a round as scored here with what was posted on chain.</summary>
    /// <returns>What differs, a line each; empty where everything agrees. Any line is a reason to challenge.</returns>
    public async Task<IReadOnlyList<string>> DifferencesAsync(ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scored);
        Round posted = await task.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        (string Name, object Here, object OnChain)[] values =
        [
            ("rewards' root", scored.Claims.Root, posted.Root),
            ("total", scored.Claims.Total, posted.Total),
            ("model", scored.Score.NextModel.Hash.ToBytes32(), posted.ModelHash),
            ("trace", scored.Score.TraceHash.ToBytes32(), posted.TraceRoot),
        ];
        return posted.Poster.IsZero
            ? [$"round {scored.Round} has no posted score"]
            : [.. values.Where(value => !value.Here.Equals(value.OnChain)).Select(value => $"{value.Name}: computed {value.Here}, posted {value.OnChain}")];
    }

    private async Task<Submission> FetchAsync(GlobalModel start, Revealed reveal, CancellationToken cancellationToken)
    {
        ContentHash hash = reveal.UpdateHash.ToContentHash();
        try
        {
            byte[] bytes = await task.Store.GetAsync(hash, cancellationToken).ConfigureAwait(false);
            return new Submission(reveal.Index, ModelUpdate.Parse(start, reveal.Round, bytes, $"update {hash}"));
        }
        catch (FileNotFoundException)
        {
            return new Submission(reveal.Index, null, "its update is not in the store");
        }
        catch (Exception refused) when (refused is InvalidDataException or DataFormatException)
        {
            return new Submission(reveal.Index, null, refused.Message);
        }
    }
}
