using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Research.Chain.Signing;

/// <summary>Accounts from the words of a mnemonic, as wallets and development chains derive them.</summary>
/// <remarks>Sources: BIP-39 (seed; the words' checksum is not looked at), BIP-32 (derivation), BIP-44 (path).</remarks>
internal static class Bip32
{
    private const uint Hardened = 0x80000000;

    /// <summary>Derives the first accounts of the path m/44'/60'/0'/0.</summary>
    public static PrivateKeyAccount[] Accounts(string mnemonic, int count) =>
        [.. PrivateKeys(mnemonic, count).Select(key => new PrivateKeyAccount(key))];

    /// <summary>Derives the private keys of the same accounts, 32 bytes each.</summary>
    public static IEnumerable<byte[]> PrivateKeys(string mnemonic, int count)
    {
        byte[] seed = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(mnemonic), "mnemonic"u8, 2048, HashAlgorithmName.SHA512, 64);
        byte[] node = HMACSHA512.HashData("Bitcoin seed"u8, seed);
        foreach (uint index in (ReadOnlySpan<uint>)[Hardened + 44, Hardened + 60, Hardened, 0])
        {
            node = Child(node, index);
        }

        return Enumerable.Range(0, count).Select(i => Child(node, (uint)i)[..32]);
    }

    // A node is 32 bytes of key, then 32 bytes of chain code.
    private static byte[] Child(ReadOnlySpan<byte> node, uint index)
    {
        ReadOnlySpan<byte> key = node[..32];
        byte[] message = new byte[37];
        if (index >= Hardened)
        {
            key.CopyTo(message.AsSpan(1));
        }
        else
        {
            byte[] publicKey = PrivateKeyAccount.PublicKey(key);
            message[0] = (byte)(2 + (publicKey[63] & 1));
            publicKey.AsSpan(0, 32).CopyTo(message.AsSpan(1));
        }

        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(33), index);
        byte[] child = HMACSHA512.HashData(node[32..], message);
        Limbs256 tweak = Limbs256.FromBigEndian(child);
        Limbs256 sum = Secp256k1.Scalars.Add(tweak, Limbs256.FromBigEndian(key));
        if (!Secp256k1.Scalars.IsReduced(tweak) || sum.IsZero)
        {
            throw new CryptographicException($"The mnemonic has no account {index} (BIP-32, chance 2^-127).");
        }

        sum.ToBigEndian().CopyTo(child, 0);
        return child;
    }
}
