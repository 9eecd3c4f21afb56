using System.Buffers.Binary;
using System.Security.Cryptography;
using Research.Training;

namespace Research.Federation.Aggregation;

/// <summary>Which submission's update falls into which bucket.</summary>
/// <remarks>
/// Indices are dealt in turns of as many as there are buckets, one to each, in the order of SHA-256 over the
/// specification's hash, the round and the index: as evenly as can be, whatever comes later, from numbers that stand
/// before an update is made, and from no update's bytes. Who chooses when to reveal chooses its index, and so can pick a
/// bucket; that wins nothing that the rules do not already reckon with, for an account spoils one bucket wherever it
/// falls.
/// </remarks>
internal static class Buckets
{
    private static ReadOnlySpan<byte> Domain => "research-bucket/2"u8;

    /// <summary>Deals the submissions of a round.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="submissions">How many submissions there are.</param>
    /// <param name="count">How many buckets there are, 1 or more.</param>
    /// <returns>The bucket of each index, from 0.</returns>
    public static int[] Deal(ModelSpec spec, int round, int submissions, int count)
    {
        byte[] seed = [.. Domain, .. spec.Hash.ToArray(), .. new byte[2 * sizeof(int)]];
        BinaryPrimitives.WriteInt32BigEndian(seed.AsSpan(^(2 * sizeof(int))), round);
        int[] buckets = new int[submissions];
        for (int first = 0; first < submissions; first += count)
        {
            int[] turn = [.. Enumerable.Range(first, count)
                .Select(index => (Index: index, Place: Place(seed, index)))
                .OrderBy(one => one.Place)
                .Select(one => one.Index)];
            for (int bucket = 0; bucket < count; bucket++)
            {
                if (turn[bucket] < submissions)
                {
                    buckets[turn[bucket]] = bucket;
                }
            }
        }

        return buckets;
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
