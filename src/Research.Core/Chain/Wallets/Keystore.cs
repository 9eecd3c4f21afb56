using System.Security.Cryptography;
using Nethereum.KeyStore.Crypto;
using Research.Chain.Primitives;
using Research.Chain.Signing;

namespace Research.Chain.Wallets;

/// <summary>One private key, encrypted with a passphrase, as geth, cast and other wallets keep it.</summary>
/// <remarks>
/// Source: Web3 Secret Storage, version 3 (ethereum.org); cryptography by Nethereum.KeyStore. A file may come from a
/// stranger: its size, depth and key derivation are bounded before anything runs. Limits: the key and what is derived
/// from the passphrase are zeroed after use, but Nethereum's cipher and the garbage collector may leave copies behind,
/// and a passphrase that was a string (an environment variable's) stays until it is collected.
/// </remarks>
public sealed class Keystore
{
    /// <summary>The longest file that is read.</summary>
    public const int MaximumBytes = 64 << 10;

    internal const int Version = 3;
    internal const int KeyBytes = 32;

    private readonly KeystoreCrypto _crypto;
    private readonly byte[] _json;

    private Keystore(Address? address, KeystoreCrypto crypto, byte[] json)
    {
        Address = address;
        _crypto = crypto;
        _json = json;
    }

    /// <summary>Gets the address that the file names; null where it names none, as cast's do.</summary>
    /// <remarks>Warning: anyone can write any address there; only decrypting tells whose the key is.</remarks>
    public Address? Address { get; }

    /// <summary>Gets how the passphrase becomes a key.</summary>
    public KeyDerivation Derivation => _crypto.Derivation;

    /// <summary>Reads a file's content; nothing is decrypted.</summary>
    /// <exception cref="WalletException">It is no keystore of version 3, or asks for more than is bearable; the message
    /// names the field.</exception>
    public static Keystore Parse(ReadOnlySpan<byte> utf8Json)
    {
        byte[] json = utf8Json.Length > MaximumBytes
            ? new byte[MaximumBytes + 1] // Refused below, in the one place that does.
            : utf8Json.ToArray();
        (Address? address, KeystoreCrypto crypto) = KeystoreJson.Read(json);
        return new Keystore(address, crypto, json);
    }

    /// <summary>Encrypts a private key.</summary>
    /// <param name="privateKey">32 bytes, big-endian.</param>
    /// <param name="passphrase">UTF-8; not empty.</param>
    /// <param name="derivation">How it becomes a key; left out, <see cref="KeyDerivation.Standard"/>.</param>
    /// <exception cref="ArgumentException">It is no private key, or there is no passphrase.</exception>
    /// <exception cref="WalletException">The derivation is out of bounds.</exception>
    public static Keystore Encrypt(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> passphrase, KeyDerivation? derivation = null)
    {
        if (passphrase.IsEmpty)
        {
            throw new ArgumentException("Expected a passphrase, got an empty one.", nameof(passphrase));
        }

        derivation ??= KeyDerivation.Standard;
        derivation.Check();
        Address address = PrivateKeyAccount.AddressOf(privateKey);
        byte[] salt = RandomNumberGenerator.GetBytes(32);
        byte[] iv = RandomNumberGenerator.GetBytes(16);
        byte[] key = privateKey.ToArray();
        byte[] derived = Derive(derivation, passphrase, salt);
        byte[] cipherKey = derived[..16];
        try
        {
            KeyStoreCrypto nethereum = new();
            byte[] ciphertext = nethereum.GenerateAesCtrCipher(iv, cipherKey, key);
            KeystoreCrypto crypto = new()
            {
                Derivation = derivation,
                Salt = salt,
                Iv = iv,
                Ciphertext = ciphertext,
                Mac = nethereum.GenerateMac(derived, ciphertext),
            };
            return new Keystore(address, crypto, KeystoreJson.Write(address, crypto, Guid.NewGuid()));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(cipherKey);
        }
    }

    /// <summary>Decrypts the key, for an account that signs with it.</summary>
    /// <param name="passphrase">UTF-8.</param>
    /// <exception cref="WalletException">The passphrase is wrong, or the key is not that of
    /// <see cref="Address"/>.</exception>
    public PrivateKeyAccount Open(ReadOnlySpan<byte> passphrase)
    {
        byte[] key = Decrypt(passphrase);
        try
        {
            return new PrivateKeyAccount(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Decrypts the key itself, 32 bytes; whoever calls zeroes them.</summary>
    /// <param name="passphrase">UTF-8.</param>
    /// <exception cref="WalletException">The passphrase is wrong, or the key is not that of
    /// <see cref="Address"/>.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> passphrase)
    {
        byte[] derived = Derive(_crypto.Derivation, passphrase, _crypto.Salt);
        byte[] cipherKey = derived[..16];
        byte[]? plain = null;
        byte[] key = new byte[KeyBytes];
        try
        {
            KeyStoreCrypto nethereum = new();
            byte[] mac = nethereum.GenerateMac(derived, _crypto.Ciphertext);
            if (!CryptographicOperations.FixedTimeEquals(mac, _crypto.Mac))
            {
                throw new WalletException("The passphrase is wrong (or the file is damaged: crypto.mac does not fit).");
            }

            plain = nethereum.GenerateAesCtrDeCipher(_crypto.Iv, cipherKey, _crypto.Ciphertext);
            plain.CopyTo(key.AsSpan(KeyBytes - plain.Length));
            CheckAddress(key);
            return key;
        }
        catch
        {
            CryptographicOperations.ZeroMemory(key);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(cipherKey);
        }
    }

    /// <summary>Gets the file's content, UTF-8.</summary>
    public byte[] ToJson() => [.. _json];

    /// <summary>Gets the address, where the file names one.</summary>
    public override string ToString() => Address?.ToString() ?? "(a keystore that names no address)";

    private static byte[] Derive(KeyDerivation derivation, ReadOnlySpan<byte> passphrase, byte[] salt)
    {
        byte[] copy = passphrase.ToArray();
        try
        {
            return derivation.Derive(copy, salt);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    private void CheckAddress(byte[] key)
    {
        Address actual;
        try
        {
            actual = PrivateKeyAccount.AddressOf(key);
        }
        catch (ArgumentException e)
        {
            throw new WalletException("crypto.ciphertext: what it decrypts to is no private key.", e);
        }

        if (Address is Address named && named != actual)
        {
            throw new WalletException($"address: the file names {named}, and its key is that of {actual}.");
        }
    }
}
