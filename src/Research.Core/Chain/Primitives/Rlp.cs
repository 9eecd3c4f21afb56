using System.Numerics;

namespace Research.Chain.Primitives;

/// <summary>Recursive length prefix, the encoding of transactions.</summary>
/// <remarks>
/// Source: Ethereum Yellow Paper, Shanghai version, appendix B. Only the one canonical encoding is read back.
/// </remarks>
public static class Rlp
{
    // A transaction nests 3 deep; the bound keeps the recursion off the stack's end.
    private const int MaximumDepth = 64;

    /// <summary>Encodes a string of bytes.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 1 && bytes[0] < 0x80)
        {
            return [bytes[0]];
        }

        return [.. Prefix(0x80, bytes.Length), .. bytes];
    }

    /// <summary>Encodes a non-negative integer: big-endian without leading zeros, zero as the empty string.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The integer is negative.</exception>
    public static byte[] Encode(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return Encode(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>Encodes a list of items that are encoded already.</summary>
    public static byte[] EncodeList(params ReadOnlySpan<byte[]> encodedItems)
    {
        int length = 0;
        foreach (byte[] item in encodedItems)
        {
            length = checked(length + item.Length);
        }

        List<byte> list = [.. Prefix(0xC0, length)];
        foreach (byte[] item in encodedItems)
        {
            list.AddRange(item);
        }

        return [.. list];
    }

    /// <summary>Encodes an item and all it holds.</summary>
    public static byte[] Encode(RlpItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Items is null ? Encode(item.Bytes.Span) : EncodeList([.. item.Items.Select(Encode)]);
    }

    /// <summary>Decodes one item that fills all of <paramref name="encoded"/>.</summary>
    /// <exception cref="FormatException">The bytes are cut short, too many, not canonical, or
    /// lists nest deeper than 64.</exception>
    public static RlpItem Decode(ReadOnlyMemory<byte> encoded)
    {
        RlpItem item = Read(encoded, 0, out int used);
        return used == encoded.Length
            ? item
            : throw new FormatException($"Expected one RLP item of {used} bytes, got {encoded.Length} bytes.");
    }

    private static RlpItem Read(ReadOnlyMemory<byte> encoded, int depth, out int used)
    {
        if (depth > MaximumDepth)
        {
            throw new FormatException($"RLP lists nest deeper than {MaximumDepth}.");
        }

        if (encoded.IsEmpty)
        {
            throw new FormatException("Expected an RLP item, got the end of the bytes.");
        }

        byte first = encoded.Span[0];
        if (first < 0x80)
        {
            used = 1;
            return new RlpItem(encoded[..1]);
        }

        bool isList = first >= 0xC0;
        int length = ReadLength(encoded.Span, first - (isList ? 0xC0 : 0x80), out int header);
        used = header + length;
        ReadOnlyMemory<byte> payload = encoded.Slice(header, length);
        if (isList)
        {
            return new RlpItem(ReadItems(payload, depth));
        }

        return length == 1 && payload.Span[0] < 0x80
            ? throw new FormatException("RLP is not canonical: a byte below 0x80 has a prefix.")
            : new RlpItem(payload);
    }

    private static List<RlpItem> ReadItems(ReadOnlyMemory<byte> payload, int depth)
    {
        List<RlpItem> items = [];
        while (!payload.IsEmpty)
        {
            items.Add(Read(payload, depth + 1, out int used));
            payload = payload[used..];
        }

        return items;
    }

    private static int ReadLength(ReadOnlySpan<byte> encoded, int code, out int header)
    {
        int sizeOfLength = Math.Max(0, code - 55);
        header = 1 + sizeOfLength;
        if (header > encoded.Length)
        {
            throw new FormatException($"RLP is cut short: expected {header} bytes of prefix, got {encoded.Length}.");
        }

        ulong length = (ulong)code;
        if (sizeOfLength > 0)
        {
            BigInteger announced = new(encoded.Slice(1, sizeOfLength), isUnsigned: true, isBigEndian: true);
            if (encoded[1] == 0 || announced <= 55)
            {
                throw new FormatException("RLP is not canonical: a length is not in its shortest form.");
            }

            length = announced > int.MaxValue ? int.MaxValue : (ulong)announced;
        }

        return length <= (ulong)(encoded.Length - header)
            ? (int)length
            : throw new FormatException($"RLP is cut short: expected {length} bytes, got {encoded.Length - header}.");
    }

    private static byte[] Prefix(int offset, int length)
    {
        if (length <= 55)
        {
            return [(byte)(offset + length)];
        }

        byte[] size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(offset + 55 + size.Length), .. size];
    }
}
