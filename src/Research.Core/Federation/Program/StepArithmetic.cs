using System.Buffers.Binary;
using System.Numerics;
using Research.Federation.Trace;

namespace Research.Federation.Program;

/// <summary>What one step computes, in whole numbers of any size: the arithmetic of <c>contracts/SCORING.md</c>, a value
/// at a time.</summary>
/// <remarks>The machine's rows are held to this, and an opened step is checked by it.</remarks>
internal static class StepArithmetic
{
    private const int BitsOfHash = 8 * KeccakLanes.DigestBytes;

    /// <summary>Computes a step's output.</summary>
    /// <remarks>Where an operand says which element of b is read, b is that element; see <see cref="StepReader"/>.</remarks>
    /// <param name="record">The record.</param>
    /// <param name="a">The bytes of the first operand, as many as the kind reads; numbers big-endian.</param>
    /// <param name="b">Of the second.</param>
    /// <param name="c">Of the third.</param>
    /// <param name="address">The address of the output, behind the roster.</param>
    /// <param name="coordinate">Its coordinate in the record's last loop.</param>
    /// <returns>The output's bytes; of a roster's entry, which nothing computes, none.</returns>
    public static byte[] Compute(
        ProgramRecord record,
        ReadOnlySpan<byte> a,
        ReadOnlySpan<byte> b,
        ReadOnlySpan<byte> c,
        long address,
        long coordinate)
    {
        switch (record.Kind)
        {
            case StepKind.Hash:
                byte[] message = [.. a, .. b];
                byte[] hash = new byte[KeccakLanes.DigestBytes];
                if (message.Length == KeccakLanes.LeafBytes)
                {
                    KeccakLanes.HashLeaves(message, hash);
                }
                else
                {
                    KeccakLanes.HashPairs(message, hash);
                }

                return hash;
            case StepKind.Entry:
                return [];
            case StepKind.Coin:
                return Bytes(record, Stream(b, address) < Number(a) ? 1 : 0);
            case StepKind.Noise:
                return Bytes(record, (2 * BitOperations.PopCount(Stream(b, address))) - 16);
            case StepKind.Decode:
                return Bytes(record, Decoded(b, c, coordinate));
            case StepKind.Choice:
                return Bytes(record, Chosen(b, coordinate));
            default:
                return Bytes(record, Value(record, Numbers(a, record, 0), Numbers(b, record, 1), Numbers(c, record, 2)));
        }
    }

    /// <summary>Gets how many numbers of an operand a step reads at most.</summary>
    /// <param name="record">The record.</param>
    /// <param name="operand">Which operand, 0 to 2.</param>
    public static int Reads(ProgramRecord record, int operand) => (record.Kind, operand) switch
    {
        (StepKind.Dot, 0 or 1) or (StepKind.Sum, 0) => Math.Min(record.Length, Step.MostTerms),
        (StepKind.Largest, 0) or (StepKind.Trim, 0 or 1) => record.Length,
        _ => 1,
    };

    private static BigInteger Value(ProgramRecord record, BigInteger[] a, BigInteger[] b, BigInteger[] c)
    {
        BigInteger first = a.Length > 0 ? a[0] : 0;
        BigInteger second = b.Length > 0 ? b[0] : 0;
        BigInteger third = c.Length > 0 ? c[0] : 0;
        switch (record.Kind)
        {
            case StepKind.Dot:
                BigInteger products = third << record.ShiftLeft;
                for (int i = 0; i < a.Length; i++)
                {
                    products += a[i] * b[i];
                }

                return Rounded(products, record.ShiftRight);
            case StepKind.Sum:
                BigInteger sum = second << record.ShiftLeft;
                foreach (BigInteger one in a)
                {
                    sum += one;
                }

                return Rounded(sum, record.ShiftRight);
            case StepKind.Mac:
                return Rounded((first * second) + (third << record.ShiftLeft), record.ShiftRight);
            case StepKind.Ratio:
                return second.Sign <= 0
                    ? 0
                    : Floor((first * third << record.ShiftLeft) + (record.Length == 1 ? second >> 1 : 0), second);
            case StepKind.Gather:
                return first >= 0 && first < record.Length ? second : 0;
            case StepKind.Table:
                return second; // The element was looked up before.
            case StepKind.Largest:
                return Array.IndexOf(a, a.Max());
            case StepKind.Select:
                return first > 0 ? second : third;
            case StepKind.Less:
                return first < second ? 1 : 0;
            case StepKind.Match:
                return first == second ? third : 0;
            case StepKind.Root:
                return Root(first);
            case StepKind.Explain:
                return third + (first * first >= second ? first * first : 0);
            case StepKind.Trim:
                return Trimmed(record, a, b);
            default:
                return 0;
        }
    }

    private static BigInteger Trimmed(ProgramRecord record, BigInteger[] values, BigInteger[] counts)
    {
        BigInteger[] there = [.. values.Where((_, i) => counts[i] > 0).Order()];
        int trim = Math.Min(record.ShiftLeft, (there.Length - 1) / 2);
        BigInteger[] kept = there.Length == 0 ? [] : there[trim..^trim];
        return kept.Length == 0 ? 0 : Floor(kept.Aggregate(BigInteger.Add) + (kept.Length >> 1), kept.Length);
    }

    private static BigInteger Root(BigInteger value)
    {
        BigInteger low = 0;
        BigInteger high = BigInteger.One << 32;
        while (high - low > 1)
        {
            BigInteger middle = (low + high) / 2;
            (low, high) = middle * middle <= value ? (middle, high) : (low, middle);
        }

        return value.Sign <= 0 ? 0 : low;
    }

    private static BigInteger Rounded(BigInteger value, int shift) =>
        shift == 0 ? value : (value + (BigInteger.One << (shift - 1))) >> shift;

    private static BigInteger Floor(BigInteger value, BigInteger by) =>
        BigInteger.DivRem(value, by, out BigInteger rest) - (rest.Sign < 0 ? 1 : 0);

    // The 16 bits of the stream that lie at an output's place.
    private static ushort Stream(ReadOnlySpan<byte> seed, long address)
    {
        byte[] pair = new byte[2 * KeccakLanes.DigestBytes];
        seed.CopyTo(pair);
        BinaryPrimitives.WriteInt64BigEndian(pair.AsSpan(^sizeof(long)), address / KeccakLanes.DigestBytes);
        byte[] hash = new byte[KeccakLanes.DigestBytes];
        KeccakLanes.HashPairs(pair, hash);
        return BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan((int)(address % KeccakLanes.DigestBytes)));
    }

    // A word of a record: its ciphertext, exclusive or 16 bits of what its key gives.
    private static short Decoded(ReadOnlySpan<byte> word, ReadOnlySpan<byte> key, long index)
    {
        const int PerHash = KeccakLanes.DigestBytes / sizeof(short);
        byte[] pair = new byte[2 * KeccakLanes.DigestBytes];
        key.CopyTo(pair);
        BinaryPrimitives.WriteInt64BigEndian(pair.AsSpan(^sizeof(long)), index / PerHash);
        byte[] mask = new byte[KeccakLanes.DigestBytes];
        KeccakLanes.HashPairs(pair, mask);
        return (short)(BinaryPrimitives.ReadInt16BigEndian(word)
            ^ BinaryPrimitives.ReadInt16BigEndian(mask.AsSpan((int)(index % PerHash) * sizeof(short))));
    }

    // Bit k of the hashes of the seed and k / 256, the first byte's lowest bit first.
    private static int Chosen(ReadOnlySpan<byte> seed, long k)
    {
        byte[] pair = new byte[2 * KeccakLanes.DigestBytes];
        seed.CopyTo(pair);
        BinaryPrimitives.WriteInt64BigEndian(pair.AsSpan(^sizeof(long)), k / BitsOfHash);
        byte[] hash = new byte[KeccakLanes.DigestBytes];
        KeccakLanes.HashPairs(pair, hash);
        return (hash[k % BitsOfHash / 8] >> (int)(k % 8)) & 1;
    }

    private static BigInteger[] Numbers(ReadOnlySpan<byte> bytes, ProgramRecord record, int operand)
    {
        if (record.Operands[operand] is not { } one || bytes.IsEmpty)
        {
            return [];
        }

        BigInteger[] numbers = new BigInteger[bytes.Length / one.Width];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(bytes.Slice(i * one.Width, one.Width));
        }

        return numbers;
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: false, isBigEndian: true);

    private static byte[] Bytes(ProgramRecord record, BigInteger value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (long)BigInteger.Clamp(value, record.Low, record.High));
        return bytes[^record.Width..];
    }
}
