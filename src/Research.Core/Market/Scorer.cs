using System.Numerics;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Storage;

namespace Research.Market;

/// <summary>
/// Anyone who re-executes a round's scoring: to post it with a bond, to check what was posted, or to claim by it.
/// </summary>
/// <param name="task">The task.</param>
public sealed class Scorer(OpenTask task)
{
    /// <summary>Scores a round whose reveal window is over.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between evaluations.</param>
    /// <exception cref="MarketException">Nobody revealed in the round, its evaluation records are not open yet or not
    /// those committed to, or the node did not give all of its events.</exception>
    /// <exception cref="FileNotFoundException">The store lacks the round's model.</exception>
    public async Task<ScoredRound> ScoreAsync(
        int round, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Committed> commitments =
            await task.Market.Events.CommittedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Revealed> reveals =
            await task.Market.Events.RevealedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        Round state = await task.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Reveals == 0)
        {
            throw new MarketException(
                $"Nobody revealed an update in round {round + 1} of task {task.Id}: there is nothing to score.");
        }

        Dictionary<Address, Revealed> byParticipant = reveals.ToDictionary(reveal => reveal.Participant);
        Revealed[] inCommitOrder =
        [
            .. commitments.Where(one => byParticipant.ContainsKey(one.Participant))
                .Select(one => byParticipant[one.Participant]),
        ];
        CheckComplete(round, state.Reveals, reveals.Count, "reveals");
        CheckComplete(round, state.Reveals, inCommitOrder.Length, "commitments that were revealed");

        IReadOnlyList<GlobalModel> models =
            await task.StartingModelsAsync(round, cancellationToken).ConfigureAwait(false);
        ScoringRecords evaluation =
            await task.ScoringRecordsAsync(round, cancellationToken).ConfigureAwait(false);

        GlobalModel start = models[^1];
        Submission[] submissions = [.. inCommitOrder.Select(reveal => Open(start, reveal))];
        RoundScore score = RoundScorer.Score(
            models, submissions, evaluation, Environment.ProcessorCount, progress, cancellationToken);

        Wei pool = await task.Market.RoundPoolAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        BigInteger[] amounts = LargestRemainder.Split(pool.Amount, [.. score.Participants.Select(one => one.Points)]);
        Revealed[] ordered = [.. reveals.OrderBy(reveal => reveal.Index)];
        RewardClaim[] claims =
            [.. ordered.Select((reveal, i) => new RewardClaim(reveal.Index, reveal.Participant, new Wei(amounts[i])))];
        return new ScoredRound(round, score, new ClaimTree(claims), ordered);
    }

    /// <summary>Stores the round's model, then posts the scores with the bond.</summary>
    /// <param name="market">The market, with the account that puts up the bond.</param>
    /// <param name="scored">The round.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="RevertException">The market refused, for example <c>AlreadyPosted</c>.</exception>
    public async Task<TransactionReceipt> PostAsync(
        TrainingMarket market, ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(scored);
        ContentHash model = await task.Store.PutAsync(scored.Score.NextModel.Bytes, cancellationToken)
            .ConfigureAwait(false);
        return await market.PostScoreAsync(
            task.Id,
            scored.Claims.Root,
            scored.Claims.Total,
            model.ToBytes32(),
            scored.Score.TraceRoot.ToBytes32(),
            task.Terms.Bond,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Challenges the posted scores with the bond; until there is a dispute game, the round's pool
    /// is then split equally.
    /// </summary>
    /// <remarks>
    /// The market refuses a challenge that names the posted root. Where the rewards agree and only the model or the
    /// trace differ, the hash over all three is named instead: a wrong model would poison every later round.
    /// </remarks>
    /// <param name="market">The market, with the account that puts up the bond.</param>
    /// <param name="scored">The round as scored here.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="MarketException">Nothing differs from what was posted, or nothing was posted.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>AlreadyChallenged</c>.</exception>
    public async Task<TransactionReceipt> ChallengeAsync(
        TrainingMarket market, ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(scored);
        Round posted = await task.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        if (posted.Poster.IsZero || Differences(scored, posted).Count == 0)
        {
            throw new MarketException(posted.Poster.IsZero
                ? $"Round {scored.Round + 1} of task {task.Id} has no posted score: there is nothing to challenge."
                : $"The re-executed scoring of round {scored.Round + 1} of task {task.Id} agrees with the posted one: "
                    + "there is nothing to challenge.");
        }

        Bytes32 root = scored.Claims.Root != posted.Root
            ? scored.Claims.Root
            : Keccak256.Hash([
                .. scored.Claims.Root.ToArray(),
                .. scored.Score.NextModel.Hash.ToArray(),
                .. scored.Score.TraceRoot.ToArray()]);
        return await market.ChallengeAsync(task.Id, root, task.Terms.Bond, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares a round as scored here with what was posted on chain.</summary>
    /// <returns>What differs, a line each; empty where everything agrees. Any line is a reason to challenge.</returns>
    public async Task<IReadOnlyList<string>> DifferencesAsync(
        ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scored);
        Round posted = await task.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        return posted.Poster.IsZero ? [$"round {scored.Round + 1} has no posted score"] : Differences(scored, posted);
    }

    private static List<string> Differences(ScoredRound scored, Round posted)
    {
        (string Name, object Here, object OnChain)[] values =
        [
            ("rewards' root", scored.Claims.Root, posted.Root),
            ("total", scored.Claims.Total, posted.Total),
            ("model", scored.Score.NextModel.Hash.ToBytes32(), posted.ModelHash),
            ("trace", scored.Score.TraceRoot.ToBytes32(), posted.TraceRoot),
        ];
        return
        [
            .. values.Where(value => !value.Here.Equals(value.OnChain))
                .Select(value => $"{value.Name}: computed {value.Here}, posted {value.OnChain}"),
        ];
    }

    // Rewards are keyed by reveal index and copies by commitment order: with an event missing, both would be wrong.
    private void CheckComplete(int round, int expected, int found, string events)
    {
        if (found != expected)
        {
            throw new MarketException(
                $"Round {round + 1} of task {task.Id}: expected {expected} {events}; found {found}. "
                + "Look for events from the block of the market's deployment on, and at a node that keeps them all.");
        }
    }

    // Read when it is asked for, and again: not all of them at once.
    private Submission Open(GlobalModel start, Revealed reveal) =>
        Submission.Read(reveal.Index, () => Read(start, reveal));

    // The hash is only where the file is; what its participant committed to is the root of its numbers.
    private ModelUpdate Read(GlobalModel start, Revealed reveal)
    {
        ContentHash hash = reveal.UpdateHash.ToContentHash();
        TreeHash root = reveal.UpdateRoot.ToTreeHash();
        byte[] bytes = task.Store.Get(hash, ModelUpdate.MostBytes(start));
        ModelUpdate update = ModelUpdate.Parse(start, reveal.Round, bytes, $"update {hash}");
        return update.Root == root
            ? update
            : throw new InvalidDataException(
                $"update {hash}: expected numbers with the root {root} that was revealed, got {update.Root}.");
    }
}
