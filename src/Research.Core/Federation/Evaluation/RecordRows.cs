using System.Buffers.Binary;
using Research.Storage;
using Research.Training.Data;

namespace Research.Federation.Evaluation;

/// <summary>Some of a round's records, decoded.</summary>
internal sealed class RecordRows
{
    private RecordRows(RecordFormat format, short[] inputs, short[] written)
    {
        Format = format;
        Inputs = inputs;
        Written = written;
        Labels = [.. written.Select(label => Math.Clamp(label, (short)0, (short)(format.Classes - 1)))];
    }

    public RecordFormat Format { get; }

    /// <summary>Gets the integers of the inputs, [N, D].</summary>
    public short[] Inputs { get; }

    /// <summary>Gets the labels as they were written, [N].</summary>
    public short[] Written { get; }

    /// <summary>Gets the labels clamped into the classes, [N].</summary>
    public short[] Labels { get; }

    /// <summary>Decodes records under their keys.</summary>
    /// <param name="committed">The records.</param>
    /// <param name="records">Which, [N].</param>
    /// <param name="keys">Their keys, [N, 32].</param>
    public static RecordRows Decode(CommittedRecords committed, ReadOnlySpan<int> records, ReadOnlySpan<byte> keys)
    {
        int size = committed.Format.Size;
        short[] inputs = new short[records.Length * size];
        short[] labels = new short[records.Length];
        for (int i = 0; i < records.Length; i++)
        {
            labels[i] = committed.Decode(
                records[i], keys.Slice(i * RecordFormat.KeyBytes, RecordFormat.KeyBytes), inputs.AsSpan(i * size, size));
        }

        return new RecordRows(committed.Format, inputs, labels);
    }

    /// <summary>Gets integer · 2^-f of each input: exact in a float.</summary>
    public Dataset ToDataset()
    {
        float unit = MathF.ScaleB(1, -Format.Fraction);
        float[] inputs = new float[Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Inputs[i] * unit;
        }

        return Dataset.Over(inputs, Labels.Select(label => (int)label).ToArray(), Format.Shape, Format.Classes);
    }

    /// <summary>Gets the SHA-256 of all integers, record by record, each as two bytes, most significant first.</summary>
    public ContentHash Hash()
    {
        byte[] bytes = new byte[(Inputs.Length + Labels.Length) * sizeof(short)];
        int at = 0;
        for (int record = 0; record < Labels.Length; record++)
        {
            foreach (short number in Inputs.AsSpan(record * Format.Size, Format.Size))
            {
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(at), number);
                at += sizeof(short);
            }

            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(at), Labels[record]);
            at += sizeof(short);
        }

        return ContentHash.Of(bytes);
    }
}
