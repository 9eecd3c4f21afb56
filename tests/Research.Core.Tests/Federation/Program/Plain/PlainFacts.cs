using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>What the chain says of a round, as bytes of tree 5.</summary>
internal static class PlainFacts
{
    /// <summary>Writes the facts.</summary>
    /// <param name="n">The numbers.</param>
    /// <param name="opened">Which of each pair was opened, [R].</param>
    /// <param name="orders">The order of each reveal.</param>
    public static byte[] Write(PlainNumbers n, IReadOnlyList<int> opened, IReadOnlyList<long> orders)
    {
        int seats = Seats(orders.Count);
        int[] buckets = Buckets(n, seats);
        byte[] bytes = new byte[n.FactsHead + (16 * seats)];
        for (int place = 0; place < n.R; place++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2 * place), (short)opened[place]);
        }

        for (int seat = 0; seat < seats; seat++)
        {
            Span<byte> at = bytes.AsSpan(n.FactsHead + (16 * seat));
            BinaryPrimitives.WriteInt64BigEndian(at, seat < orders.Count ? orders[seat] : long.MaxValue);
            BinaryPrimitives.WriteInt64BigEndian(at[8..], seat < orders.Count ? buckets[seat] : 0);
        }

        return bytes;
    }

    public static int Seats(int reveals) => 16 * Math.Max(1, (reveals + 15) / 16);

    public static int[] Buckets(PlainNumbers n, int count)
    {
        int k = n.Buckets;
        int[] buckets = new int[(count + k - 1) / k * k];
        for (int first = 0; first < count; first += k)
        {
            int bucket = 0;
            foreach (int index in Enumerable.Range(first, k).OrderBy(index => Place(n, index)))
            {
                buckets[index] = bucket++;
            }
        }

        return buckets;
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
