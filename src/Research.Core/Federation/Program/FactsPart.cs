using System.Buffers.Binary;

namespace Research.Federation.Program;

/// <summary>What the chain says of a round, as bytes: which of each pair of records is open, and each seat's order and
/// bucket.</summary>
/// <remarks>
/// 16 bits for each place of a block of records (1 where the pair's second record was opened before the commits, 0 where
/// the first was), zero bytes up to a leaf, then 64 bits of order and 64 of bucket for each seat. An absent seat's order is
/// 2⁶³ − 1.
/// </remarks>
internal static class FactsPart
{
    /// <summary>Gets where the first order lies, in units of 8 bytes.</summary>
    public static long Order(ScoringNumbers numbers) => Head(numbers) / sizeof(long);

    /// <summary>Gets where the first bucket lies, in units of 8 bytes.</summary>
    public static long Bucket(ScoringNumbers numbers) => Order(numbers) + 1;

    /// <summary>Writes the bytes.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="opened">Which of each pair is open, one for each record that scores.</param>
    /// <param name="orders">The order of each reveal's commitment.</param>
    /// <param name="buckets">The bucket of each reveal.</param>
    public static byte[] Write(
        ScoringNumbers numbers, ReadOnlySpan<byte> opened, ReadOnlySpan<long> orders, ReadOnlySpan<int> buckets)
    {
        int seats = Extent.SeatsOf(orders.Length);
        byte[] bytes = new byte[Head(numbers) + (2 * sizeof(long) * seats)];
        for (int i = 0; i < opened.Length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2 * i), opened[i]);
        }

        for (int seat = 0; seat < seats; seat++)
        {
            Span<byte> at = bytes.AsSpan(Head(numbers) + (2 * sizeof(long) * seat));
            BinaryPrimitives.WriteInt64BigEndian(at, seat < orders.Length ? orders[seat] : long.MaxValue);
            BinaryPrimitives.WriteInt64BigEndian(at[sizeof(long)..], seat < buckets.Length ? buckets[seat] : 0);
        }

        return bytes;
    }

    private static int Head(ScoringNumbers numbers) =>
        ((2 * numbers.Blocks * numbers.Block) + Step.Leaf - 1) / Step.Leaf * Step.Leaf;
}
