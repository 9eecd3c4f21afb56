using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Research.Privacy.Mechanisms;

/// <summary>
/// AES-256 in counter mode: block i of the key stream is the encryption of i as a 128-bit big-endian number.
/// </summary>
/// <remarks>Source: NIST SP 800-38A (2001), section 6.5, with an initial counter of zero.</remarks>
internal static class AesCounterStream
{
    public const int KeyBytes = 32;

    private const int BlockBytes = 16;

    /// <summary>Writes the key stream from block <paramref name="firstBlock"/> on.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="firstBlock">Number of the first block.</param>
    /// <param name="destination">A whole number of 16-byte blocks.</param>
    public static void Write(ReadOnlySpan<byte> key, ulong firstBlock, Span<byte> destination)
    {
        for (int at = 0; at < destination.Length; at += BlockBytes)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination[at..], 0);
            BinaryPrimitives.WriteUInt64BigEndian(destination[(at + 8)..], firstBlock++);
        }

        using Aes aes = Aes.Create();
        aes.SetKey(key);
        aes.EncryptEcb(destination, destination, PaddingMode.None);
    }
}
