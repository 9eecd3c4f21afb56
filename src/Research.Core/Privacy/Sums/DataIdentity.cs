using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Research.Privacy.Sums;

/// <summary>Which records a run was given: a digest of each record's decoded inputs, and of the unit it belongs to.</summary>
/// <remarks>
/// The label, the order, the file and its container do not matter: the same inputs are the same record. A unit is one
/// person (or whatever the owner protects) with several records: they are charged as a group, and each of them by its
/// inputs too, so that leaving out who it belongs to makes no new record of it. Digests are not private by themselves,
/// for inputs can be guessed: only keyed hashes of them are ever stored.
/// </remarks>
public sealed class DataIdentity
{
    private const int Length = SHA256.HashSizeInBytes;
    private const string UnitPrefix = "research unit\n";

    private readonly byte[] _records; // [N, 32]
    private readonly byte[]? _units; // [N, 32]

    private DataIdentity(byte[] records, byte[]? units)
    {
        _records = records;
        _units = units;
    }

    /// <summary>Gets the number of records. It is not private: keep it local.</summary>
    public int Count => _records.Length / Length;

    /// <summary>Gets whether records belong to units.</summary>
    public bool HasUnits => _units is not null;

    /// <summary>Identifies records by their inputs.</summary>
    /// <param name="inputs">Inputs as they are decoded, [N, D] row-major.</param>
    /// <param name="size">D, numbers in a record, 1 or more.</param>
    /// <exception cref="ArgumentException">The inputs are not N whole records.</exception>
    public static DataIdentity Of(ReadOnlySpan<float> inputs, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (inputs.Length % size != 0)
        {
            throw new ArgumentException($"Expected [N, {size}] inputs; got {inputs.Length} numbers.", nameof(inputs));
        }

        int count = inputs.Length / size;
        byte[] digests = new byte[checked(count * Length)];
        float[] record = new float[size];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < size; j++)
            {
                float value = inputs[(i * size) + j];
                record[j] = value == 0 ? 0 : float.IsNaN(value) ? float.NaN : value; // −0 is 0, and every NaN one NaN.
            }

            SHA256.HashData(MemoryMarshal.AsBytes(record.AsSpan()), digests.AsSpan(i * Length));
        }

        return new DataIdentity(digests, units: null);
    }

    /// <summary>Says which unit each record belongs to.</summary>
    /// <param name="units">[N] texts, such as a patient's number; equal texts are one unit.</param>
    /// <exception cref="ArgumentException">There are more or fewer than <see cref="Count"/>, or one is empty.</exception>
    public DataIdentity WithUnits(IReadOnlyList<string> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        if (units.Count != Count)
        {
            throw new ArgumentException($"Expected {Count} units, one a record; got {units.Count}.", nameof(units));
        }

        byte[] digests = new byte[_records.Length];
        for (int i = 0; i < units.Count; i++)
        {
            if (string.IsNullOrEmpty(units[i]))
            {
                throw new ArgumentException($"Expected the unit of record {i}, got nothing.", nameof(units));
            }

            SHA256.HashData(Encoding.UTF8.GetBytes(UnitPrefix + units[i]), digests.AsSpan(i * Length));
        }

        return new DataIdentity(_records, digests);
    }

    /// <summary>Joins records that were identified one by one; units are left out.</summary>
    internal static DataIdentity Concat(IReadOnlyList<DataIdentity> parts) =>
        new([.. parts.SelectMany(part => part._records)], units: null);

    /// <summary>Gets the digest of a record's inputs.</summary>
    internal ReadOnlySpan<byte> Record(int index) => _records.AsSpan(index * Length, Length);

    /// <summary>Gets the digest of a record's unit; of its inputs where there are no units.</summary>
    internal ReadOnlySpan<byte> Unit(int index) => (_units ?? _records).AsSpan(index * Length, Length);

    /// <summary>Gets the records named, in the order given.</summary>
    /// <param name="indices">Indices below <see cref="Count"/>.</param>
    internal DataIdentity Select(ReadOnlySpan<int> indices) => new(
        Select(_records, indices), _units is null ? null : Select(_units, indices));

    private static byte[] Select(byte[] digests, ReadOnlySpan<int> indices)
    {
        byte[] selected = new byte[indices.Length * Length];
        for (int i = 0; i < indices.Length; i++)
        {
            digests.AsSpan(indices[i] * Length, Length).CopyTo(selected.AsSpan(i * Length));
        }

        return selected;
    }
}
