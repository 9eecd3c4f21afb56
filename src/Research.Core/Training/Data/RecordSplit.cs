using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Research.Training.Data;

/// <summary>
/// Cuts a data set in two by each record's own bytes, so that no record decides where another one goes.
/// </summary>
/// <remarks>
/// That is what differential privacy needs of a split: adding or removing one record adds or removes one record of one
/// part, and changes nothing else. A record is for test if SHA-256 of its inputs (singles, little-endian) and label
/// (4 bytes, little-endian) is 0 modulo 5 in its first 8 bytes, big-endian: about a fifth are. Equal records go the
/// same way. Where records belong to units, the unit's name decides instead, so that all of a unit goes one way. Both
/// parts keep the data's order.
/// </remarks>
internal static class RecordSplit
{
    private const ulong TestShare = 5; // one in five

    public static DatasetSplit Cut(string name, Dataset data)
    {
        int size = data.Inputs.Length / data.Count;
        byte[] record = new byte[(size + 1) * sizeof(float)];
        List<int> train = [];
        List<int> test = [];
        for (int i = 0; i < data.Count; i++)
        {
            MemoryMarshal.AsBytes(data.Inputs.Span.Slice(i * size, size)).CopyTo(record);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(size * sizeof(float)), data.Labels.Span[i]);
            ReadOnlySpan<byte> digest = data.HasUnits ? data.Identity.Unit(i) : SHA256.HashData(record);
            bool isTest = BinaryPrimitives.ReadUInt64BigEndian(digest) % TestShare == 0;
            (isTest ? test : train).Add(i);
        }

        return new DatasetSplit(
            name, data.Select(CollectionsMarshal.AsSpan(train)), data.Select(CollectionsMarshal.AsSpan(test)));
    }
}
