using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Scoring;
using Research.Storage;
using Research.Training;

namespace Research.Market;

/// <summary>
/// Who wants a model: publishes the specification with its pool, and opens the evaluation set for scoring.
/// </summary>
/// <param name="market">The market, with the account that pays.</param>
/// <param name="store">Where the task's blobs are kept for everyone.</param>
public sealed class Sponsor(TrainingMarket market, FolderStore store)
{
    private const uint Day = 24 * 60 * 60;

    /// <summary>Gets terms for a task: windows of a day, claims for thirty; vary them by <c>with</c>.</summary>
    /// <param name="spec">The specification; it must have a task section.</param>
    /// <param name="pool">The rewards of all rounds together.</param>
    /// <exception cref="ArgumentException">The specification has no task section.</exception>
    public static Terms TermsFor(ModelSpec spec, Wei pool)
    {
        ArgumentNullException.ThrowIfNull(spec);
        TaskSection task = spec.Task
            ?? throw new ArgumentException(
                "Expected a specification with a task section; $.task is missing.", nameof(spec));
        return new Terms
        {
            Pool = pool,
            Stake = Wei.FromEther("0.1"),
            Bond = Wei.FromEther("0.1"),
            SpecHash = spec.Hash.ToBytes32(),
            CommitSeconds = Day,
            RevealSeconds = Day,
            ScoreSeconds = Day,
            ChallengeSeconds = Day,
            ClaimSeconds = 30 * Day,
            Rounds = (ushort)task.Rounds,
        };
    }

    /// <summary>Stores the specification, then publishes it and locks the pool.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="terms">The terms, of <see cref="TermsFor"/>.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="ArgumentException">The terms are of another specification.</exception>
    public async Task<Publication> PublishAsync(
        ModelSpec spec, Terms terms, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(terms);
        byte[] document = spec.ToCanonicalJson();
        ContentHash hash = ContentHash.Of(document);
        if (terms.SpecHash != hash.ToBytes32() || terms.Rounds != spec.Task?.Rounds)
        {
            throw new ArgumentException(
                $"Expected terms of specification {hash} with {spec.Task?.Rounds} rounds; "
                + $"got {terms.SpecHash.ToContentHash()} with {terms.Rounds}.",
                nameof(terms));
        }

        await store.PutAsync(document, cancellationToken).ConfigureAwait(false);
        return await market.PublishAsync(terms, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Puts the evaluation set into the store, where everyone can score with it, and train on it from then on.
    /// </summary>
    public Task<ContentHash> OpenEvaluationAsync(
        EvaluationSet evaluation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return store.PutAsync(evaluation.Bytes, cancellationToken);
    }
}
