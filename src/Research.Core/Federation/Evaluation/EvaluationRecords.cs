using System.Globalization;
using System.Security.Cryptography;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Evaluation;

/// <summary>A round's evaluation records with their keys: what a sponsor has, and nobody else until it opens them.</summary>
/// <remarks>
/// A round takes two records for each that scores: see <see cref="RecordChoice"/>. Whoever sees the keys too early can
/// train on what scores, so they stay with the sponsor: <see cref="KeepAsync"/> before the task is published.
/// </remarks>
public sealed class EvaluationRecords
{
    private const int SecretBytes = 32;
    private const double HalfRange = 1 << 14; // Of 16 bits, with their sign.

    private readonly byte[] _keys; // [2R, 32]
    private readonly Lazy<Dataset> _records;

    private EvaluationRecords(CommittedRecords committed, byte[] keys)
    {
        Committed = committed;
        _keys = keys;
        _records = new Lazy<Dataset>(() => RecordRows.Decode(
            Committed, [.. Enumerable.Range(0, Committed.Count)], _keys).ToDataset());
    }

    /// <summary>Gets what everybody has of them.</summary>
    public CommittedRecords Committed { get; }

    /// <summary>Gets what the specification holds of them.</summary>
    public EvaluationCommitment Commitment => Committed.Commitment;

    /// <summary>Gets all records, in pairs, as the integers that stand for them.</summary>
    public Dataset Records => _records.Value;

    /// <summary>Gets a record of each pair: as many as will score, for a trial before anybody knows which will.</summary>
    public Dataset Half => Records.Select([.. Enumerable.Range(0, Examples).Select(pair => 2 * pair)]);

    /// <summary>Gets R: how many of the records score.</summary>
    public int Examples => Committed.Format.Examples;

    /// <summary>Gets f: an input is an integer times 2^-f.</summary>
    public int Fraction => Committed.Format.Fraction;

    /// <summary>Gets the largest fraction that keeps all inputs at half of 16 bits or below: 14 for inputs in 0..1.</summary>
    /// <param name="records">The records.</param>
    /// <returns>0 to 15; 0 also where even that is too much.</returns>
    public static int FractionFor(Dataset records)
    {
        ArgumentNullException.ThrowIfNull(records);
        double largest = 0;
        foreach (float number in records.Inputs.Span)
        {
            largest = Math.Max(largest, Math.Abs((double)number));
        }

        int fraction = RecordFormat.MostFraction;
        while (fraction > 0 && !(Math.ScaleB(largest, fraction) <= HalfRange))
        {
            fraction--;
        }

        return fraction;
    }

    /// <summary>Gets what is committed to of records: the features where a specification has them.</summary>
    /// <param name="spec">The specification; only its model matters here.</param>
    /// <param name="records">The records.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <exception cref="SpecException">The records do not fit the model.</exception>
    public static Dataset InputsFor(ModelSpec spec, Dataset records, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(records);
        Network network = Network.Create(spec);
        network.Evaluate(records.Select([0])); // Throws where they do not fit.
        return network.Featured(records, threads);
    }

    /// <summary>Makes the records of one round.</summary>
    /// <param name="records">The records in pairs: one of each will score, the other be opened beforehand.</param>
    /// <param name="fraction">f, 0 to 15; that of <see cref="FractionFor"/> when left out.</param>
    /// <param name="secret">32 secret bytes, of which the keys are derived; drawn here when left out.</param>
    /// <exception cref="ArgumentException">The records are no pairs, an input is not finite or does not fit into 16 bits,
    /// there are more than 32,768 classes, or the secret has another length.</exception>
    public static EvaluationRecords Create(Dataset records, int? fraction = null, ReadOnlySpan<byte> secret = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (!secret.IsEmpty && secret.Length != SecretBytes)
        {
            throw new ArgumentException($"Expected {SecretBytes} bytes; got {secret.Length}.", nameof(secret));
        }

        if (records.Count < 2 || records.Count % 2 != 0 || records.Classes > RecordFormat.MostClasses)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Expected an even number of records, 2 or more, of at most {RecordFormat.MostClasses} classes; got "
                + $"{records.Count} of {records.Classes}."),
                nameof(records));
        }

        RecordFormat format = new(records.Shape, records.Classes, fraction ?? FractionFor(records), records.Count / 2);
        ArgumentOutOfRangeException.ThrowIfNegative(format.Fraction, nameof(fraction));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(format.Fraction, RecordFormat.MostFraction, nameof(fraction));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            format.Examples, RecordFormat.MostExamples(format.Size), nameof(records));
        byte[] hidden = secret.IsEmpty ? RandomNumberGenerator.GetBytes(SecretBytes) : secret.ToArray();
        byte[] keys = RecordKeys.Derive(hidden, format.Count);
        return new EvaluationRecords(CommittedRecords.Seal(format, Integers(records, format), keys), keys);
    }

    /// <summary>Makes the records of each round of a task, each class dealt out evenly.</summary>
    /// <remarks>Records of one class are paired where possible, so that both halves have the same mixture.</remarks>
    /// <param name="records">The held-out records, in the order in which they are dealt.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="examples">R, how many score a round; as many as there are records for when left out.</param>
    /// <param name="fraction">f, 0 to 15; that of <see cref="FractionFor"/> when left out.</param>
    /// <param name="secret">32 secret bytes, of which the keys are derived; drawn here when left out.</param>
    /// <exception cref="ArgumentException">There are too few records, or as <see cref="Create"/>.</exception>
    public static IReadOnlyList<EvaluationRecords> ForRounds(
        Dataset records, int rounds, int? examples = null, int? fraction = null, ReadOnlySpan<byte> secret = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        int scoring = examples ?? Math.Max(1, records.Count / 2 / rounds);
        ArgumentOutOfRangeException.ThrowIfLessThan(scoring, 1, nameof(examples));
        long needed = 2L * scoring * rounds;
        if (records.Count < needed)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Expected at least {needed} records: each of {rounds} rounds takes {2L * scoring}, of which {scoring} "
                + $"score and {scoring} are opened before; got {records.Count}."),
                nameof(records));
        }

        byte[] hidden = secret.IsEmpty ? RandomNumberGenerator.GetBytes(SecretBytes) : secret.ToArray();
        int shared = fraction ?? FractionFor(records);
        int[][] dealt = RecordDeal.Deal(records.Labels.Span, rounds, scoring);
        return [.. dealt.Select((chosen, round) =>
        {
            Span<byte> number = stackalloc byte[SecretBytes];
            RecordHashes.Number((ulong)round, number);
            return Create(records.Select(chosen), shared, HMACSHA256.HashData(hidden, number));
        })];
    }

    /// <summary>Gets what a specification holds of the records of all its rounds.</summary>
    /// <param name="rounds">The records of each round.</param>
    /// <exception cref="ArgumentException">There is no round, or two differ in how many records score, or in the
    /// fraction.</exception>
    public static EvaluationSection SectionOf(IReadOnlyList<EvaluationRecords> rounds)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentOutOfRangeException.ThrowIfZero(rounds.Count, nameof(rounds));
        int examples = rounds[0].Examples;
        int fraction = rounds[0].Fraction;
        return rounds.All(one => one.Examples == examples && one.Fraction == fraction)
            ? new EvaluationSection(examples, fraction, [.. rounds.Select(one => one.Commitment)])
            : throw new ArgumentException(
                $"Expected rounds of {examples} records with fraction {fraction}, as the first.", nameof(rounds));
    }

    /// <summary>Gets the half of the records that a choice opens before anybody commits.</summary>
    public EvaluationSample Sample(RecordChoice choice) => EvaluationSample.Open(Committed, choice, SampleKeys(choice));

    /// <summary>Gets the half of the records that scores.</summary>
    public ScoringRecords Scoring(RecordChoice choice) => ScoringRecords.Open(Committed, choice, _keys);

    /// <summary>Keeps the records and keys in a folder of the sponsor's own; written again, nothing changes.</summary>
    /// <param name="own">The folder; never the one that everybody shares.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    public async Task KeepAsync(FolderStore own, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(own);
        await own.PutNamedAsync(RecordKeys.AllName(Commitment.Records), _keys, cancellationToken).ConfigureAwait(false);
        await own.PutAsync(Committed.Bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds a round's records and keys where they were kept; null where they are not.</summary>
    /// <param name="spec">The specification of the task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="own">The folder that they were kept in.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="InvalidDataException">A file is not what the specification commits to.</exception>
    public static async Task<EvaluationRecords?> FindAsync(
        ModelSpec spec, int round, FolderStore own, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(own);
        EvaluationCommitment commitment = CommittedRecords.CommitmentOf(spec, round);
        string name = RecordKeys.AllName(commitment.Records);
        byte[]? file = await own.FindAsync(commitment.Sha256, CommittedRecords.BytesOf(spec), cancellationToken)
            .ConfigureAwait(false);
        if (file is null)
        {
            return null;
        }

        CommittedRecords committed = CommittedRecords.Parse(spec, round, file, own.PathOf(commitment.Sha256));
        byte[]? keys = await own.FindNamedAsync(
            name,
            committed.Count * RecordFormat.KeyBytes,
            keys => RecordKeys.Check(committed, keys, name),
            cancellationToken).ConfigureAwait(false);
        return keys is null ? null : new EvaluationRecords(committed, keys);
    }

    /// <summary>Gets the file of all keys.</summary>
    internal ReadOnlyMemory<byte> AllKeys => _keys;

    /// <summary>Gets the file of the keys that a choice opens before anybody commits.</summary>
    internal byte[] SampleKeys(RecordChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        choice.Require(Committed.Format);
        return RecordKeys.WriteSample(_keys, choice);
    }

    private static short[] Integers(Dataset records, RecordFormat format)
    {
        int size = format.Size;
        short[] numbers = new short[records.Count * (size + 1)];
        for (int record = 0; record < records.Count; record++)
        {
            ReadOnlySpan<float> input = records.Inputs.Span.Slice(record * size, size);
            Span<short> row = numbers.AsSpan(record * (size + 1), size + 1);
            for (int i = 0; i < size; i++)
            {
                double scaled = Math.Round(Math.ScaleB((double)input[i], format.Fraction));
                row[i] = Math.Abs(scaled) <= short.MaxValue
                    ? (short)scaled
                    : throw new ArgumentException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Expected inputs of at most {short.MaxValue} times 2^-{format.Fraction} (the fraction); got "
                            + $"{input[i]} in record {record}."),
                        nameof(records));
            }

            row[size] = (short)records.Labels.Span[record];
        }

        return numbers;
    }
}
