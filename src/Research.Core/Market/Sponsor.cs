using System.Numerics;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training;

namespace Research.Market;

/// <summary>
/// Who wants a model: publishes the specification with its pool, and opens the evaluation records: half before
/// anybody commits, the rest on chain when the updates are revealed.
/// </summary>
/// <param name="market">The market, with the account that pays.</param>
/// <param name="store">Where the task's blobs are kept for everyone.</param>
public sealed class Sponsor(TrainingMarket market, FolderStore store)
{
    private static readonly ulong[] DevelopmentChains = [1337, 31337];

    private const uint Day = 24 * 60 * 60;
    private const int KeysPerChunk = 128;
    private const int KeyLevel = 7; // 128 leaves of a key each.
    private const int PoolPerStake = 4; // The contract's limit where the pool is in ETH.
    private const ulong FullShare = 1_000_000; // Points of an owner who does all that is asked.

    /// <summary>Gets terms for a task: windows of a day, a half for demands and sealing; vary them by <c>with</c>.</summary>
    /// <remarks>
    /// Derives the programs of the rounds, which takes about a tenth of a second for each. An update that fits travels in its
    /// reveal; of a larger one, pieces can be demanded. The target is one full share: a round that earns less pays less. The
    /// stake is 0.1 ETH, or a quarter of a round's pool where that is less.
    /// </remarks>
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
        uint updateBytes = UpdateBytesOf(spec);
        Delivery delivery = updateBytes <= RoundUpdates.PieceBytes ? Delivery.Calldata : Delivery.Demand;
        return new Terms
        {
            Pool = pool,
            Stake = new Wei(BigInteger.Min(Wei.FromEther("0.1").Amount, pool.Amount / task.Rounds / PoolPerStake)),
            Bond = Wei.FromEther("0.1"),
            AuditFee = Wei.FromEther("0.01"),
            Target = FullShare,
            SpecHash = spec.Hash.ToBytes32(),
            ProgramRoot = ProgramRoots.Of(spec).Root.ToBytes32(),
            CommitSeconds = Day,
            RevealSeconds = Day,
            AnswerSeconds = delivery == Delivery.Demand ? Day : 0,
            OpenSeconds = Day,
            ScoreSeconds = Day,
            RefuteSeconds = Day,
            Rounds = (ushort)task.Rounds,
            Delivery = delivery,
            UpdateBytes = updateBytes,
            Keys = KeysOf(spec),
        };
    }

    /// <summary>Gets how many evaluation keys a round has: two for each record that scores.</summary>
    /// <exception cref="SpecException">There are more than the contract opens.</exception>
    internal static ushort KeysOf(ModelSpec spec)
    {
        int keys = checked(2 * spec.Task!.Evaluation.Examples);
        return keys <= ushort.MaxValue
            ? (ushort)keys
            : throw new SpecException(
                "$.task.evaluation.examples",
                $"at most {ushort.MaxValue / 2}, whose keys can be opened on chain",
                $"{spec.Task.Evaluation.Examples}");
    }

    /// <summary>Gets how many bytes the numbers of an update have: four for each weight.</summary>
    public static uint UpdateBytesOf(ModelSpec spec) =>
        checked((uint)Network.Create(spec).Weights.Length * sizeof(int));

    /// <summary>Finds the newest task that this account published of a specification on this market; null for none.</summary>
    /// <remarks>Look here before publishing again: each publication locks a pool of its own.</remarks>
    /// <param name="spec">The specification.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ulong?> FindPublishedAsync(ModelSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Bytes32 hash = spec.Hash.ToBytes32();
        IReadOnlyList<TaskPublished> all =
            await market.Events.TaskPublishedAsync(null, cancellationToken).ConfigureAwait(false);
        return all.LastOrDefault(one => one.SpecHash == hash && one.Sponsor == market.Account?.Address)?.TaskId;
    }

    /// <summary>Stores the specification and its evaluation records, each under its key, then publishes and locks the pool.</summary>
    /// <remarks>Keep the records and keys first: <see cref="EvaluationRecords.KeepAsync"/>.</remarks>
    /// <param name="spec">The specification.</param>
    /// <param name="terms">The terms, of <see cref="TermsFor"/>.</param>
    /// <param name="evaluations">The records of each round.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="ArgumentException">The terms are of another specification, or the records are not those that it
    /// commits to.</exception>
    /// <exception cref="MarketException">It is not a development chain.</exception>
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

        Bytes32 programs = (await Task.Run(() => ProgramRoots.Of(spec, cancellationToken), cancellationToken)
            .ConfigureAwait(false)).Root.ToBytes32();
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

        await RequireDevelopmentChainAsync(cancellationToken).ConfigureAwait(false);
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
        RequireRecordsOf(task, round, evaluation);
        RecordChoice choice = await task.ChoiceAsync(round, cancellationToken).ConfigureAwait(false);
        string name = RecordKeys.SampleName(evaluation.Commitment.Records);
        await store.PutNamedAsync(name, evaluation.SampleKeys(choice), cancellationToken).ConfigureAwait(false);
        return name;
    }

    /// <summary>Opens a round's keys on chain, where everyone can score with them: when its updates are revealed.</summary>
    /// <remarks>128 keys a transaction; what was sent before is not sent again.</remarks>
    /// <param name="task">The task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="evaluation">The round's records.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipts; none where all are open.</returns>
    /// <exception cref="ArgumentException">The records are not those of the round.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<IReadOnlyList<TransactionReceipt>> OpenKeysAsync(
        OpenTask task, int round, EvaluationRecords evaluation, CancellationToken cancellationToken = default)
    {
        RequireRecordsOf(task, round, evaluation);
        RoundProof proof = task.ProofOf(round);
        ReadOnlyMemory<byte> keys = evaluation.AllKeys;
        byte[] leaves = RecordHashes.LeavesOf(keys.Span);
        int chunks = (task.Terms.Keys + KeysPerChunk - 1) / KeysPerChunk;
        Round state = await market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        List<TransactionReceipt> receipts = [];
        for (int chunk = state.KeyChunks; chunk < chunks; chunk++)
        {
            int first = chunk * KeysPerChunk * RecordFormat.KeyBytes;
            receipts.Add(await market.OpenKeysAsync(
                task.Id,
                proof,
                keys.Slice(first, Math.Min(KeysPerChunk * RecordFormat.KeyBytes, keys.Length - first)),
                [.. LeafTree.PathAbove(leaves, KeyLevel, chunk).Select(hash => hash.ToBytes32())],
                cancellationToken).ConfigureAwait(false));
        }

        return receipts;
    }

    // Until there is a refuter, whoever posts first decides a round: not where strangers can.
    private async Task RequireDevelopmentChainAsync(CancellationToken cancellationToken)
    {
        ulong chain = await market.Client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        if (!DevelopmentChains.Contains(chain))
        {
            throw new MarketException(
                $"Expected a development chain ({string.Join(" or ", DevelopmentChains)}), this is chain {chain}. Nobody can "
                + "refute a false claim yet, and the first one decides a round: a pool on a public network could be taken by "
                + "anybody (contracts/SECURITY.md). Nothing was sent.");
        }
    }

    private static void RequireRecordsOf(OpenTask task, int round, EvaluationRecords evaluation)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(evaluation);
        if (CommittedRecords.CommitmentOf(task.Spec, round) != evaluation.Commitment)
        {
            throw new ArgumentException(
                $"Expected the records of round {round + 1} of task {task.Id}; got others.", nameof(evaluation));
        }
    }
}
