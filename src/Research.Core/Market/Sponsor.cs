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
/// <param name="store">Where the task's blobs are kept for everyone, beside the stores that the specification names.</param>
public sealed class Sponsor(TrainingMarket market, IBlobStore store)
{
    private const uint Day = 24 * 60 * 60;
    private const int KeysPerChunk = 128;
    private const int KeyLevel = 7; // 128 leaves of a key each.
    private const uint RefuteSeconds = 2 * Day; // The contract takes 36 hours or more.
    private const int PoolPerStake = 4; // The contract's limits where the pool is in ETH.
    private const int PoolPerBond = 20;
    private const int BondGas = 8_000_000; // What a bond covers at the base fee of the publication, at least.
    private const ulong FullShare = 1_000_000; // Points of an owner who does all that is asked.

    private static readonly Wei MostBond = Wei.FromEther("10");
    private static readonly Wei LeastBond = Wei.FromEther("0.01");
    private static readonly Wei UsualBond = Wei.FromEther("0.1");

    /// <summary>
    /// Gets terms for a task: windows of a day, a half for demands and sealing, and two days to refute; vary them by
    /// <c>with</c>.
    /// </summary>
    /// <remarks>
    /// Derives the programs of the rounds, which takes about a tenth of a second for each. An update that fits travels in its
    /// reveal; of a larger one, pieces can be demanded. The target is one full share: a round that earns less pays less. The
    /// stake is 0.1 ETH, or a quarter of a round's pool where that is less; see <see cref="BondFor"/> for the bond. A task
    /// that ends with a target accuracy wants <see cref="CommitSecondsFor"/>.
    /// </remarks>
    /// <param name="spec">The specification; it must have a task section.</param>
    /// <param name="pool">The rewards of all rounds together.</param>
    /// <param name="baseFee">What the chain asks for a unit of gas now; left out, on a development chain, nothing.</param>
    /// <exception cref="ArgumentException">The specification has no task section.</exception>
    /// <exception cref="SpecException">The specification cannot be paid.</exception>
    public static Terms TermsFor(ModelSpec spec, Wei pool, Wei baseFee = default)
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
            Bond = BondFor(pool / task.Rounds, baseFee),
            AuditFee = Wei.FromEther("0.01"),
            Target = FullShare,
            SpecHash = spec.Hash.ToBytes32(),
            ProgramRoot = ProgramRoots.Of(spec).Root.ToBytes32(),
            CommitSeconds = Day,
            RevealSeconds = Day,
            AnswerSeconds = delivery == Delivery.Demand ? Day : 0,
            OpenSeconds = Day,
            ScoreSeconds = Day,
            RefuteSeconds = RefuteSeconds,
            Rounds = (ushort)task.Rounds,
            Delivery = delivery,
            UpdateBytes = updateBytes,
            Keys = KeysOf(spec),
        };
    }

    /// <summary>
    /// Gets a bond that the contract takes: 0.1 ETH, a twentieth of a round's part of the pool, or what a refutation costs,
    /// whichever is most; never more than 10 ETH.
    /// </summary>
    /// <param name="part">A round's part of a pool in ETH; zero for one in a token.</param>
    /// <param name="baseFee">What the chain asks for a unit of gas now. Twice as much is covered: it may rise until the
    /// publication is in a block.</param>
    public static Wei BondFor(Wei part, Wei baseFee)
    {
        Wei least = LeastBondOf(part, baseFee * 2);
        return least > UsualBond ? least : UsualBond;
    }

    /// <summary>Gets the least bond that the contract takes on a public chain.</summary>
    /// <param name="part">A round's part of a pool in ETH; zero for one in a token.</param>
    /// <param name="baseFee">What the chain asks for a unit of gas in the block that takes it.</param>
    public static Wei LeastBondOf(Wei part, Wei baseFee)
    {
        BigInteger least = BigInteger.Max(
            LeastBond.Amount, BigInteger.Max(part.Amount / PoolPerBond, baseFee.Amount * BondGas));
        return new Wei(BigInteger.Min(least, MostBond.Amount));
    }

    /// <summary>
    /// Gets the shortest commit window that a public chain takes of a task that ends with a target accuracy: ten refute
    /// windows, so that nobody's demands hold up the end until the next round is played.
    /// </summary>
    /// <param name="terms">The terms.</param>
    public static uint CommitSecondsFor(Terms terms)
    {
        const uint WindowsPerCommit = 10;
        ArgumentNullException.ThrowIfNull(terms);
        return terms.TargetRight > 0 && terms.Rounds > 1
            ? Math.Max(terms.CommitSeconds, checked(WindowsPerCommit * terms.RefuteSeconds))
            : terms.CommitSeconds;
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

        IBlobStore all = store.WithNamed(spec.Task.Stores);
        foreach (EvaluationRecords evaluation in evaluations)
        {
            await all.PutAsync(evaluation.Committed.Bytes, cancellationToken).ConfigureAwait(false);
        }

        await all.PutAsync(document, cancellationToken).ConfigureAwait(false);
        return await market.PublishAsync(terms, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Puts the keys of the half of a round's records that the chain chose into the store, for everybody to look at before
    /// committing; and writes down what chose them on chain, where nobody has.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="evaluation">The round's records.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The name of the entry in the store.</returns>
    /// <exception cref="ArgumentException">The records are not those of the round.</exception>
    /// <exception cref="MarketException">The block that chooses is not there yet, or was not written down in
    /// time.</exception>
    public async Task<string> OpenSampleAsync(
        OpenTask task, int round, EvaluationRecords evaluation, CancellationToken cancellationToken = default)
    {
        RequireRecordsOf(task, round, evaluation);
        await TaskPin.WriteAsync(market, task.Id, cancellationToken).ConfigureAwait(false);
        RecordChoice choice = await task.ChoiceAsync(round, cancellationToken).ConfigureAwait(false);
        string name = RecordKeys.SampleName(evaluation.Commitment.Records);
        await store.WithNamed(task.Spec.Task!.Stores)
            .PutNamedAsync(name, evaluation.SampleKeys(choice), cancellationToken).ConfigureAwait(false);
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
