using System.Security.Cryptography;

namespace Research.Privacy.Mechanisms;

/// <summary>Unpredictable bytes, in bulk: the only source of noise that gives privacy.</summary>
/// <remarks>
/// ChaCha20; every 16 KiB of it under a fresh key from <see cref="RandomNumberGenerator"/>, which draws from the
/// operating system; the key is erased at once, and bytes when they are handed out. Privacy against adversaries who
/// cannot break ChaCha20.
/// </remarks>
public sealed class CryptographicRandom : RandomSource
{
    private readonly BufferedRandom _buffer = new(Refill);

    /// <inheritdoc/>
    public override bool IsCryptographic => true;

    /// <inheritdoc/>
    public override void Fill(Span<byte> destination) => _buffer.Fill(destination);

    /// <inheritdoc/>
    public override RandomSource Fork(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        return new CryptographicRandom();
    }

    private static void Refill(Span<uint> buffer)
    {
        Span<byte> key = stackalloc byte[ChaCha.KeyWords * sizeof(uint)];
        RandomNumberGenerator.Fill(key);
        BufferedRandom.WriteChunks(key, firstChunk: 0, buffer);
        CryptographicOperations.ZeroMemory(key);
    }
}
