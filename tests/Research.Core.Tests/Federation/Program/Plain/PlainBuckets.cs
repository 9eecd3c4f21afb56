using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>Which bucket each index has.</summary>
internal static class PlainBuckets
{
    private const int Indices = 65536;

    /// <summary>Makes the table of buckets.</summary>
    public static long[] Table(PlainNumbers n)
    {
        int k = n.Buckets;
        long[] buckets = new long[(Indices + k - 1) / k * k];
        for (int first = 0; first < buckets.Length; first += k)
        {
            int bucket = 0;
            foreach (int index in Enumerable.Range(first, k).OrderBy(index => Place(n, index)))
            {
                buckets[index] = bucket++;
            }
        }

        return buckets[..Indices];
    }

    private static BigInteger Place(PlainNumbers n, int index)
    {
        byte[] numbers = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(numbers, n.Round);
        BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(4), index);
        byte[] hash = SHA256.HashData(
            [.. Encoding.ASCII.GetBytes("research-bucket/2"), .. n.Spec.Hash.ToArray(), .. numbers]);
        return new BigInteger(hash.AsSpan(0, 16), isUnsigned: true, isBigEndian: true);
    }
}
