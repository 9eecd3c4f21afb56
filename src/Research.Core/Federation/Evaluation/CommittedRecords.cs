using System.Buffers.Binary;
using System.Globalization;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training;

namespace Research.Federation.Evaluation;

/// <summary>A round's records as everybody has them before any is opened: each under a key of its own.</summary>
/// <remarks>
/// Every byte string decodes under every key, so a key can be wrong, which the commitment shows, but it cannot fail.
/// See contracts/SCORING.md, "Evaluation records".
/// </remarks>
public sealed class CommittedRecords
{
    private readonly byte[] _ciphertext; // [2R, B]

    private CommittedRecords(RecordFormat format, EvaluationCommitment commitment, byte[] ciphertext)
    {
        Format = format;
        Commitment = commitment;
        _ciphertext = ciphertext;
    }

    /// <summary>Gets what the specification holds of them.</summary>
    public EvaluationCommitment Commitment { get; }

    /// <summary>Gets how many records there are: two for each that scores.</summary>
    public int Count => Format.Count;

    /// <summary>Gets the ciphertext, whose SHA-256 is its name in a store.</summary>
    public ReadOnlyMemory<byte> Bytes => _ciphertext;

    internal RecordFormat Format { get; }

    /// <summary>Takes a round's ciphertext from anybody, and holds it to the specification's commitment.</summary>
    /// <param name="spec">The specification of a task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="ciphertext">The file.</param>
    /// <param name="source">What to call the file in an error.</param>
    /// <exception cref="InvalidDataException">Its size, its SHA-256 or its root is another.</exception>
    public static CommittedRecords Parse(
        ModelSpec spec, int round, ReadOnlySpan<byte> ciphertext, string source = "evaluation records")
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Parse(RecordFormat.Of(spec), CommitmentOf(spec, round), ciphertext, source);
    }

    /// <summary>Gets how many bytes the file of a round of a task has.</summary>
    public static long BytesOf(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return RecordFormat.Of(spec).FileBytes;
    }

    internal static EvaluationCommitment CommitmentOf(ModelSpec spec, int round)
    {
        IReadOnlyList<EvaluationCommitment> rounds = spec.Task!.Evaluation.Rounds;
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(round, rounds.Count);
        return rounds[round];
    }

    internal static CommittedRecords Parse(
        RecordFormat format, EvaluationCommitment commitment, ReadOnlySpan<byte> ciphertext, string source)
    {
        if (ciphertext.Length != format.FileBytes)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source}: expected {format.FileBytes} bytes, {format.Count} records of {format.RecordBytes}; "
                + $"got {ciphertext.Length}."));
        }

        ContentHash hash = ContentHash.Of(ciphertext);
        if (hash != commitment.Sha256)
        {
            throw new InvalidDataException($"{source}: expected sha256 {commitment.Sha256}, got {hash}.");
        }

        TreeHash root = LeafTree.Root(ciphertext);
        return root == commitment.Records
            ? new CommittedRecords(format, commitment, ciphertext.ToArray())
            : throw new InvalidDataException($"{source}: expected the root (records) {commitment.Records}, got {root}.");
    }

    /// <summary>Commits to records.</summary>
    /// <param name="format">Their format.</param>
    /// <param name="numbers">Inputs and label of each, [2R, D + 1].</param>
    /// <param name="keys">Their keys, [2R, 32].</param>
    internal static CommittedRecords Seal(RecordFormat format, ReadOnlySpan<short> numbers, ReadOnlySpan<byte> keys)
    {
        byte[] ciphertext = new byte[format.FileBytes];
        byte[] plaintext = new byte[format.RecordBytes];
        int width = format.Size + 1;
        for (int record = 0; record < format.Count; record++)
        {
            ReadOnlySpan<short> row = numbers.Slice(record * width, width);
            for (int i = 0; i < width; i++)
            {
                BinaryPrimitives.WriteInt16BigEndian(plaintext.AsSpan(i * sizeof(short)), row[i]);
            }

            RecordHashes.Mask(
                keys.Slice(record * RecordFormat.KeyBytes, RecordFormat.KeyBytes),
                plaintext,
                ciphertext.AsSpan(record * plaintext.Length, plaintext.Length));
        }

        EvaluationCommitment commitment = new(
            RecordHashes.KeyRoot(keys), LeafTree.Root(ciphertext), ContentHash.Of(ciphertext));
        return new CommittedRecords(format, commitment, ciphertext);
    }

    /// <summary>Decodes a record; every key gives some.</summary>
    /// <param name="record">The record, from 0.</param>
    /// <param name="key">Its key.</param>
    /// <param name="inputs">Receives the integers of the input, [D], none of them -32768.</param>
    /// <returns>The label as it was written, in range or not.</returns>
    internal short Decode(int record, ReadOnlySpan<byte> key, Span<short> inputs)
    {
        byte[] plaintext = new byte[Format.RecordBytes];
        RecordHashes.Mask(key, _ciphertext.AsSpan(record * plaintext.Length, plaintext.Length), plaintext);
        for (int i = 0; i < Format.Size; i++)
        {
            inputs[i] = Math.Max(
                (short)-short.MaxValue, BinaryPrimitives.ReadInt16BigEndian(plaintext.AsSpan(i * sizeof(short))));
        }

        return BinaryPrimitives.ReadInt16BigEndian(plaintext.AsSpan(Format.Size * sizeof(short)));
    }
}
