using System.Security.Cryptography;

namespace Research.Chain.Signing;

/// <summary>
/// The nonce of a signature, derived from key and message, so that no weak generator can leak the key.
/// </summary>
/// <remarks>Source: RFC 6979, section 3.2, with HMAC-SHA-256; the hash to sign is 256 bits, like the order.</remarks>
internal sealed class Rfc6979
{
    private byte[] _k = new byte[32];
    private byte[] _v = new byte[32];
    private bool _drawn;

    /// <param name="key">The private key, 32 bytes.</param>
    /// <param name="reducedHash">The hash to sign modulo the order, 32 bytes.</param>
    public Rfc6979(ReadOnlySpan<byte> key, ReadOnlySpan<byte> reducedHash)
    {
        _v.AsSpan().Fill(1);
        Update([0, .. key, .. reducedHash]);
        Update([1, .. key, .. reducedHash]);
    }

    /// <summary>
    /// Draws the next candidate that is a valid scalar; a second is wanted only if the first gave a zero.
    /// </summary>
    public Limbs256 Next()
    {
        while (true)
        {
            if (_drawn)
            {
                Update([0]);
            }

            _v = HMACSHA256.HashData(_k, _v);
            _drawn = true;
            Limbs256 candidate = Limbs256.FromBigEndian(_v);
            if (Secp256k1.IsValidScalar(candidate))
            {
                return candidate;
            }
        }
    }

    private void Update(ReadOnlySpan<byte> suffix)
    {
        byte[] message = [.. _v, .. suffix];
        _k = HMACSHA256.HashData(_k, message);
        _v = HMACSHA256.HashData(_k, _v);
        CryptographicOperations.ZeroMemory(message);
    }
}
