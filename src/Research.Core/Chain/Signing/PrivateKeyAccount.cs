using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>An account that signs with a private key in this process; it shows its address and never its key.</summary>
/// <remarks>
/// Limits: the key lies in managed memory until the process ends and the garbage collector may have copied it. The
/// arithmetic avoids branches and table look-ups on secrets, but the JIT compiler guarantees no constant time: use it
/// for accounts on one's own machine, not as a signing service that strangers can time.
/// </remarks>
[DebuggerDisplay("{Address}")]
public sealed class PrivateKeyAccount
{
    private readonly byte[] _privateKey;

    /// <summary>Copies a private key.</summary>
    /// <param name="privateKey">32 bytes, big-endian, from 1 to the curve's order less one.</param>
    /// <exception cref="ArgumentException">It is not such a number; the message does not repeat it.</exception>
    public PrivateKeyAccount(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != 32 || !Secp256k1.IsValidScalar(Limbs256.FromBigEndian(privateKey)))
        {
            throw new ArgumentException(
                "Expected a private key of 32 bytes between 1 and the order of secp256k1 less one.",
                nameof(privateKey));
        }

        _privateKey = privateKey.ToArray();
        Address = AddressOf(PublicKey(_privateKey));
    }

    /// <summary>Gets the address that the key controls.</summary>
    public Address Address { get; }

    /// <summary>Makes an account with a new key from the operating system's cryptographic generator.</summary>
    public static PrivateKeyAccount Generate()
    {
        Span<byte> key = stackalloc byte[32];
        do
        {
            RandomNumberGenerator.Fill(key);
        }
        while (!Secp256k1.IsValidScalar(Limbs256.FromBigEndian(key)));
        return new PrivateKeyAccount(key);
    }

    /// <summary>Reads a private key of 64 hex digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">The text is no private key; the message does not repeat it.</exception>
    public static PrivateKeyAccount Parse(ReadOnlySpan<char> privateKeyHex)
    {
        Span<byte> key = stackalloc byte[32];
        return Hex.TryDecodeExactly(privateKeyHex.Trim(), key) && Secp256k1.IsValidScalar(Limbs256.FromBigEndian(key))
            ? new PrivateKeyAccount(key)
            : throw new FormatException(
                "Expected a private key: 64 hex digits, not zero, below the order of secp256k1.");
    }

    /// <summary>Reads the private key in an environment variable.</summary>
    /// <exception cref="InvalidOperationException">The variable is not set.</exception>
    /// <exception cref="FormatException">It holds no private key; the message does not repeat it.</exception>
    public static PrivateKeyAccount FromEnvironment(string variable)
    {
        ArgumentException.ThrowIfNullOrEmpty(variable);
        string? value = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(value)
            ? throw new InvalidOperationException(
                $"The environment variable {variable} is not set. Put the account's private key (64 hex digits) there.")
            : Parse(value);
    }

    /// <summary>Signs a 32-byte hash; the same key and hash give the same signature (RFC 6979).</summary>
    public Signature SignHash(Bytes32 hash) => Ecdsa.Sign(_privateKey, hash);

    /// <summary>Signs text as wallets do, so that it cannot be a transaction (EIP-191, version 0x45).</summary>
    public Signature SignMessage(string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        byte[] prefix =
            Encoding.UTF8.GetBytes(FormattableString.Invariant($"\u0019Ethereum Signed Message:\n{text.Length}"));
        return SignHash(Keccak256.Hash([.. prefix, .. text]));
    }

    /// <summary>Signs a transaction and encodes it as a node takes it.</summary>
    public byte[] SignTransaction(Eip1559Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Encode(SignHash(transaction.SigningHash()));
    }

    /// <summary>Gets the address.</summary>
    public override string ToString() => Address.ToString();

    internal static byte[] PublicKey(ReadOnlySpan<byte> privateKey)
    {
        (Limbs256 x, Limbs256 y) = Secp256k1.MultiplyGenerator(Limbs256.FromBigEndian(privateKey));
        return [.. x.ToBigEndian(), .. y.ToBigEndian()];
    }

    private static Address AddressOf(ReadOnlySpan<byte> publicKey) =>
        new(Keccak256.Hash(publicKey).ToArray().AsSpan(12));
}
