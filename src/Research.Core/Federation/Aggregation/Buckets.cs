using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Research.Federation.Aggregation;

/// <summary>Which submission's update falls into which bucket.</summary>
/// <remarks>
/// Indices are dealt round in the order of SHA-256 over the specification's hash, the round and the index: as evenly as
/// can be, from numbers that stand before an update is made, and from no update's bytes. Who chooses when to reveal
/// chooses its index, and so can pick a bucket; that wins nothing that the rules do not already reckon with, for an
/// account spoils one bucket wherever it falls.
/// </remarks>
internal static class Buckets
{
    private static ReadOnlySpan<byte> Domain => "research-bucket/1"u8;

    /// <summary>Deals the submissions of a round.</summary>
    /// <param name="round">The round.</param>
    /// <param name="count">How many buckets there are, 1 or more.</param>
    /// <returns>The bucket of each index, from 0.</returns>
    public static IReadOnlyDictionary<int, int> Deal(AggregationRound round, int count)
    {
        byte[] seed = [.. Domain, .. round.Start.Spec.Hash.ToArray(), .. new byte[2 * sizeof(int)]];
        BinaryPrimitives.WriteInt32BigEndian(seed.AsSpan(^(2 * sizeof(int))), round.Round);
        return round.Indices
            .Distinct()
            .Select(index => (Index: index, Place: Place(seed, index)))
            .OrderBy(one => one.Place)
            .ThenBy(one => one.Index)
            .Select((one, dealt) => (one.Index, Bucket: dealt % count))
            .ToDictionary(one => one.Index, one => one.Bucket);
    }

    // The hash's first half orders 2⁶⁴ indices without a tie to be feared; the seed's last four bytes are the index.
    private static UInt128 Place(byte[] seed, int index)
    {
        BinaryPrimitives.WriteInt32BigEndian(seed.AsSpan(^sizeof(int)), index);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
