using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace Research.Tests.Storage.Ipfs;

/// <summary>The bytes that kubo's tests make of a seed: ChaCha20 by the seed's SHA-256, nonce and counter 0.</summary>
/// <remarks>kubo, <c>test/cli/testutils/random_deterministic.go</c>.</remarks>
internal static class Keystream
{
    public static byte[] Of(string seed, int count)
    {
        ChaCha7539Engine cipher = new(); // The ChaCha20 of RFC 8439.
        cipher.Init(
            forEncryption: true,
            new ParametersWithIV(new KeyParameter(SHA256.HashData(Encoding.UTF8.GetBytes(seed))), new byte[12]));
        byte[] bytes = new byte[count];
        cipher.ProcessBytes(bytes, 0, count, bytes, 0);
        return bytes;
    }
}
