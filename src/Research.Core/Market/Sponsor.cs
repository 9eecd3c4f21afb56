using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Storage;
using Research.Training;

namespace Research.Market;

/// <summary>
/// Who wants a model: publishes the specification with its pool, and opens the evaluation records: half before
/// anybody commits, the rest for scoring.
/// </summary>
/// <param name="market">The market, with the account that pays.</param>
/// <param name="store">Where the task's blobs are kept for everyone.</param>
public sealed class Sponsor(TrainingMarket market, FolderStore store)
{
    private const uint Day = 24 * 60 * 60;

    /// <summary>Gets terms for a task: windows of a day, claims for thirty; vary them by <c>with</c>.</summary>
    /// <remarks>Derives the programs of the rounds, which takes about a tenth of a second for each.</remarks>
    /// <param name="spec">The specification; it must have a task section.</param>
    /// <param name="pool">The rewards of all rounds together.</param>
    /// <exception cref="ArgumentException">The specification has no task section.</exception>
    /// <exception cref="SpecException">The specification cannot be paid.</exception>
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
            ProgramRoot = ProgramRoots.Of(spec).ToBytes32(),
            CommitSeconds = Day,
            RevealSeconds = Day,
            ScoreSeconds = Day,
            ChallengeSeconds = Day,
            ClaimSeconds = 30 * Day,
            Rounds = (ushort)task.Rounds,
        };
    }

    /// <summary>Stores the specification and its evaluation records, each under its key, then publishes and locks the pool.</summary>
    /// <remarks>Keep the records and keys first: <see cref="EvaluationRecords.KeepAsync"/>.</remarks>
    /// <param name="spec">The specification.</param>
    /// <param name="terms">The terms, of <see cref="TermsFor"/>.</param>
    /// <param name="evaluations">The records of each round.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="ArgumentException">The terms are of another specification, or the records are not those that it
    /// commits to.</exception>
    public async Task<Publication> PublishAsync(
        ModelSpec spec,
        Terms terms,
        IReadOnlyList<EvaluationRecords> evaluations,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(evaluations);
        byte[] document = spec.ToCanonicalJson();
        ContentHash hash = ContentHash.Of(document);
        if (terms.SpecHash != hash.ToBytes32() || terms.Rounds != spec.Task?.Rounds)
        {
            throw new ArgumentException(
                $"Expected terms of specification {hash} with {spec.Task?.Rounds} rounds; "
                + $"got {terms.SpecHash.ToContentHash()} with {terms.Rounds}.",
                nameof(terms));
        }

        Bytes32 programs = (await Task.Run(() => ProgramRoots.Of(spec), cancellationToken).ConfigureAwait(false))
            .ToBytes32();
        if (terms.ProgramRoot != programs)
        {
            throw new ArgumentException(
                $"Expected terms with the program root {programs} that follows from the specification; "
                + $"got {terms.ProgramRoot}.",
                nameof(terms));
        }

        if (!evaluations.Select(one => one.Commitment).SequenceEqual(spec.Task.Evaluation.Rounds))
        {
            throw new ArgumentException(
                $"Expected the evaluation records of all {spec.Task.Rounds} rounds that the specification commits to; got "
                + "others.",
                nameof(evaluations));
        }

        foreach (EvaluationRecords evaluation in evaluations)
        {
            await store.PutAsync(evaluation.Committed.Bytes, cancellationToken).ConfigureAwait(false);
        }

        await store.PutAsync(document, cancellationToken).ConfigureAwait(false);
        return await market.PublishAsync(terms, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Puts the keys of the half of a round's records that the chain chose into the store, for everybody to look at before
    /// committing.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="evaluation">The round's records.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The name of the entry in the store.</returns>
    /// <exception cref="ArgumentException">The records are not those of the round.</exception>
    /// <exception cref="MarketException">The block that chooses is not there yet, or not as deep as confirmations
    /// ask.</exception>
    public async Task<string> OpenSampleAsync(
        OpenTask task, int round, EvaluationRecords evaluation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(evaluation);
        if (CommittedRecords.CommitmentOf(task.Spec, round) != evaluation.Commitment)
        {
            throw new ArgumentException(
                $"Expected the records of round {round + 1} of task {task.Id}; got others.", nameof(evaluation));
        }

        RecordChoice choice = await task.ChoiceAsync(round, cancellationToken).ConfigureAwait(false);
        string name = RecordKeys.SampleName(evaluation.Commitment.Records);
        await store.PutNamedAsync(name, evaluation.SampleKeys(choice), cancellationToken).ConfigureAwait(false);
        return name;
    }

    /// <summary>
    /// Puts all keys of a round's records into the store, where everyone can score with them, and train on the records from
    /// then on: when the round's updates are revealed.
    /// </summary>
    /// <returns>The name of the entry in the store.</returns>
    public async Task<string> OpenEvaluationAsync(
        EvaluationRecords evaluation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        string name = RecordKeys.AllName(evaluation.Commitment.Records);
        await store.PutNamedAsync(name, evaluation.AllKeys, cancellationToken).ConfigureAwait(false);
        return name;
    }
}
