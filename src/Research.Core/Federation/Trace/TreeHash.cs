using System.Buffers;
using System.Runtime.InteropServices;

namespace Research.Federation.Trace;

/// <summary>The keccak-256 hash of a tree's leaf or node, 32 bytes as they lie in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TreeHash
{
    /// <summary>The hash's length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _word0; // The bytes as they are, in no byte order: an array of hashes is an array of bytes.
    private readonly ulong _word1;
    private readonly ulong _word2;
    private readonly ulong _word3;

    /// <summary>Takes 32 bytes as a hash.</summary>
    /// <param name="bytes">The hash, 32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"Expected {Size} bytes; got {bytes.Length}.", nameof(bytes));
        }

        this = MemoryMarshal.Read<TreeHash>(bytes);
    }

    /// <summary>Reads 64 hexadecimal digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static TreeHash Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        return TryParse(hex, out TreeHash hash)
            ? hash
            : throw new FormatException($"Expected 64 hexadecimal digits; got {hex.Length} characters.");
    }

    /// <summary>Reads 64 hexadecimal digits, with or without <c>0x</c>; false for any other text.</summary>
    public static bool TryParse(string? hex, out TreeHash hash)
    {
        hash = default;
        ReadOnlySpan<char> digits = hex;
        digits = digits.StartsWith("0x", StringComparison.Ordinal) ? digits[2..] : digits;
        Span<byte> bytes = stackalloc byte[Size];
        if (digits.Length != 2 * Size || Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        hash = new TreeHash(bytes);
        return true;
    }

    /// <summary>Copies the 32 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (!MemoryMarshal.TryWrite(destination, in this))
        {
            throw new ArgumentException($"Expected {Size} bytes; got {destination.Length}.", nameof(destination));
        }
    }

    /// <summary>Gets the 32 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Gets <c>0x</c> and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToArray());
}
