using Research.Storage;
using Research.Training.Data;

namespace Research.Federation.Evaluation;

/// <summary>The records that score a round: those of each pair that nobody could see before the updates were committed.</summary>
public sealed class ScoringRecords
{
    private readonly RecordRows _rows;

    internal ScoringRecords(RecordRows rows, CommittedRecords committed, RecordChoice choice, ReadOnlyMemory<byte> keys)
    {
        _rows = rows;
        Committed = committed;
        Choice = choice;
        Keys = keys;
        Hash = rows.Hash();
    }

    /// <summary>Gets R, the number of records.</summary>
    public int Count => _rows.Labels.Length;

    /// <summary>Gets the integers of the inputs, [R, D] row-major, each in -32767..32767.</summary>
    public ReadOnlyMemory<short> Inputs => _rows.Inputs;

    /// <summary>Gets the labels, [R], each in 0..<see cref="Classes"/> - 1.</summary>
    public ReadOnlyMemory<short> Labels => _rows.Labels;

    /// <summary>Gets f: an input is its integer times 2^-f.</summary>
    public int Fraction => _rows.Format.Fraction;

    /// <summary>Gets the number of classes.</summary>
    public int Classes => _rows.Format.Classes;

    /// <summary>Gets the shape of an input.</summary>
    public IReadOnlyList<int> Shape => _rows.Format.Shape;

    /// <summary>Gets the SHA-256 of the integers and labels, record by record, most significant byte first.</summary>
    public ContentHash Hash { get; }

    /// <summary>Gets all of the round's records, encrypted: what a step of scoring reads.</summary>
    internal CommittedRecords Committed { get; }

    /// <summary>Gets which of each pair scores.</summary>
    internal RecordChoice Choice { get; }

    /// <summary>Gets the keys of all of the round's records.</summary>
    internal ReadOnlyMemory<byte> Keys { get; }

    /// <summary>Opens the records that score.</summary>
    /// <param name="committed">The round's records.</param>
    /// <param name="choice">Which of each pair scores.</param>
    /// <param name="keys">The file of all keys, from anybody.</param>
    /// <param name="source">What to call that file in an error.</param>
    /// <exception cref="InvalidDataException">The keys are too few, too many, or not those committed to.</exception>
    public static ScoringRecords Open(
        CommittedRecords committed, RecordChoice choice, ReadOnlySpan<byte> keys, string source = "keys")
    {
        ArgumentNullException.ThrowIfNull(committed);
        ArgumentNullException.ThrowIfNull(choice);
        choice.Require(committed.Format);
        RecordKeys.Check(committed, keys, source);
        int[] records = [.. Enumerable.Range(0, choice.Pairs).Select(choice.Scoring)];
        return new ScoringRecords(
            RecordRows.Decode(committed, records, RecordKeys.Select(keys, records)), committed, choice, keys.ToArray());
    }

    /// <summary>Gets the inputs as integer · 2^-f, exactly, with the labels.</summary>
    public Dataset ToDataset() => _rows.ToDataset();
}
