using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Research.Privacy.Sums;

/// <summary>Which records a run was given: a digest of each record's decoded inputs, or of the unit it belongs to.</summary>
/// <remarks>
/// The label, the order, the file and its container do not matter: the same inputs are the same record. A unit is one
/// person (or whatever the owner protects) with several records; its records share a digest and are charged as a group.
/// Digests are not private by themselves, for inputs can be guessed: only keyed hashes of them are ever stored.
/// </remarks>
public sealed class DataIdentity
{
    private readonly byte[] _digests; // [N, 32]

    private DataIdentity(byte[] digests, bool hasUnits)
    {
        _digests = digests;
        HasUnits = hasUnits;
    }

    /// <summary>Gets the number of records. It is not private: keep it local.</summary>
    public int Count => _digests.Length / SHA256.HashSizeInBytes;

    /// <summary>Gets whether records that share a digest belong to one unit.</summary>
    public bool HasUnits { get; }

    /// <summary>Gets the SHA-256 digests, [N, 32].</summary>
    internal ReadOnlySpan<byte> Digests => _digests;

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
        byte[] digests = new byte[checked(count * SHA256.HashSizeInBytes)];
        float[] record = new float[size];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < size; j++)
            {
                float value = inputs[(i * size) + j];
                record[j] = value == 0 ? 0 : float.IsNaN(value) ? float.NaN : value; // −0 is 0, and every NaN one NaN.
            }

            SHA256.HashData(
                MemoryMarshal.AsBytes(record.AsSpan()), digests.AsSpan(i * SHA256.HashSizeInBytes));
        }

        return new DataIdentity(digests, hasUnits: false);
    }

    /// <summary>Gets the records named, in the order given.</summary>
    /// <param name="indices">Indices below <see cref="Count"/>.</param>
    internal DataIdentity Select(ReadOnlySpan<int> indices)
    {
        byte[] digests = new byte[indices.Length * SHA256.HashSizeInBytes];
        for (int i = 0; i < indices.Length; i++)
        {
            _digests.AsSpan(indices[i] * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes)
                .CopyTo(digests.AsSpan(i * SHA256.HashSizeInBytes));
        }

        return new DataIdentity(digests, HasUnits);
    }
}
