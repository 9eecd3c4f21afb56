using System.Runtime.InteropServices;
using Research.Training.Data;

namespace Research.Federation.Evaluation;

/// <summary>
/// The half of a round's records that is opened before anybody commits: which half, the sponsor did not choose.
/// </summary>
public sealed class EvaluationSample
{
    private readonly RecordRows _rows;

    internal EvaluationSample(RecordRows rows)
    {
        _rows = rows;
        Records = rows.ToDataset();
    }

    /// <summary>Gets the records; labels out of range are clamped.</summary>
    public Dataset Records { get; }

    /// <summary>Opens the sample.</summary>
    /// <param name="committed">The round's records.</param>
    /// <param name="choice">Which of each pair is opened.</param>
    /// <param name="keys">The file of the sample's keys, from anybody.</param>
    /// <param name="source">What to call that file in an error.</param>
    /// <exception cref="InvalidDataException">The file is too short, too long, or its keys are not those committed
    /// to.</exception>
    public static EvaluationSample Open(
        CommittedRecords committed, RecordChoice choice, ReadOnlySpan<byte> keys, string source = "sample's keys")
    {
        ArgumentNullException.ThrowIfNull(committed);
        ArgumentNullException.ThrowIfNull(choice);
        choice.Require(committed.Format);
        byte[] opened = RecordKeys.ReadSample(committed, choice, keys, source);
        int[] records = [.. Enumerable.Range(0, choice.Pairs).Select(choice.Opened)];
        return new EvaluationSample(RecordRows.Decode(committed, records, opened));
    }

    /// <summary>Looks for what honest records do not show.</summary>
    public SampleFindings Check()
    {
        RecordFormat format = _rows.Format;
        int[] classes = new int[format.Classes];
        HashSet<string> seen = [];
        int outOfRange = 0, duplicates = 0, constant = 0, limits = 0;
        for (int record = 0; record < _rows.Labels.Length; record++)
        {
            ReadOnlySpan<short> input = _rows.Inputs.AsSpan(record * format.Size, format.Size);
            outOfRange += _rows.Written[record] == _rows.Labels[record] ? 0 : 1;
            classes[_rows.Labels[record]]++;
            duplicates += seen.Add(Convert.ToHexString(MemoryMarshal.AsBytes(input))) ? 0 : 1;
            constant += input.ContainsAnyExcept(input[0]) ? 0 : 1;
            limits += input.Count(short.MaxValue) + input.Count((short)-short.MaxValue);
        }

        return new SampleFindings(classes, outOfRange, duplicates, constant, limits);
    }
}
