using System.Security.Cryptography;

namespace Research.Privacy.Mechanisms;

/// <summary>Unpredictable bytes, in bulk: the only source of noise that gives privacy.</summary>
/// <remarks>
/// AES-256 in counter mode; every 64 KiB of it under a fresh key from <see cref="RandomNumberGenerator"/>, which draws
/// from the operating system. Privacy against adversaries who cannot break AES-256.
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

    private static void Refill(Span<byte> buffer)
    {
        Span<byte> key = stackalloc byte[AesCounterStream.KeyBytes];
        RandomNumberGenerator.Fill(key);
        AesCounterStream.Write(key, firstBlock: 0, buffer);
        CryptographicOperations.ZeroMemory(key);
    }
}
