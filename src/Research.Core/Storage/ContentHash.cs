using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Research.Storage;

/// <summary>The SHA-256 of some bytes: the name under which they are stored and committed to.</summary>
public readonly record struct ContentHash
{
    /// <summary>The hash's length in bytes.</summary>
    public const int Size = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Takes 32 bytes as a hash, most significant first.</summary>
    /// <param name="bytes">The hash, 32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public ContentHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"Expected {Size} bytes; got {bytes.Length}.", nameof(bytes));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Hashes <paramref name="content"/>.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(content, hash);
        return new ContentHash(hash);
    }

    /// <summary>Reads 64 hexadecimal digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ContentHash Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        return TryParse(hex, out ContentHash hash)
            ? hash
            : throw new FormatException($"Expected 64 hexadecimal digits; got {hex.Length} characters.");
    }

    /// <summary>Reads 64 hexadecimal digits, with or without <c>0x</c>; false for any other text.</summary>
    public static bool TryParse(string? hex, out ContentHash hash)
    {
        hash = default;
        ReadOnlySpan<char> digits = hex;
        digits = digits.StartsWith("0x", StringComparison.Ordinal) ? digits[2..] : digits;
        Span<byte> bytes = stackalloc byte[Size];
        if (digits.Length != 2 * Size
            || Convert.FromHexString(digits, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = new ContentHash(bytes);
        return true;
    }

    /// <summary>Copies the 32 bytes, most significant first.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>Gets the 32 bytes, most significant first.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Gets 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
