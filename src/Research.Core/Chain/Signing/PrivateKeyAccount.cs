using System.Diagnostics;
using System.Security.Cryptography;
using NBitcoin.Secp256k1;
using Nethereum.Signer;
using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>An account that signs with a private key in this process; it shows its address and never its key.</summary>
/// <remarks>
/// The curve is NBitcoin's port of libsecp256k1, which Nethereum brings. Limits: the key lies in managed memory until
/// <see cref="Dispose"/> clears it, and the garbage collector may have copied it; the JIT compiler guarantees no constant
/// time: use it for accounts on one's own machine, not as a signing service that strangers can time.
/// </remarks>
[DebuggerDisplay("{Address}")]
public sealed class PrivateKeyAccount : ISigner, IDisposable
{
    private readonly ECPrivKey _key;

    /// <summary>Copies a private key.</summary>
    /// <param name="privateKey">32 bytes, big-endian, from 1 to the curve's order less one.</param>
    /// <exception cref="ArgumentException">It is not such a number; the message does not repeat it.</exception>
    public PrivateKeyAccount(ReadOnlySpan<byte> privateKey)
        : this(TryCreate(privateKey) ?? throw new ArgumentException(
            "Expected a private key of 32 bytes between 1 and the order of secp256k1 less one.", nameof(privateKey)))
    {
    }

    private PrivateKeyAccount(ECPrivKey key)
    {
        _key = key;
        byte[] point = key.CreatePubKey().ToBytes(compressed: false);
        Address = new Address(Keccak256.Hash(point.AsSpan(1)).ToArray().AsSpan(12));
    }

    /// <summary>Gets the address that the key controls.</summary>
    public Address Address { get; }

    /// <summary>Makes an account with a new key from the operating system's cryptographic generator.</summary>
    public static PrivateKeyAccount Generate()
    {
        Span<byte> bytes = stackalloc byte[32];
        try
        {
            while (true)
            {
                RandomNumberGenerator.Fill(bytes);
                if (TryCreate(bytes) is ECPrivKey key)
                {
                    return new PrivateKeyAccount(key);
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Reads a private key of 64 hex digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">The text is no private key; the message does not repeat it.</exception>
    public static PrivateKeyAccount Parse(ReadOnlySpan<char> privateKeyHex)
    {
        Span<byte> bytes = stackalloc byte[32];
        try
        {
            return Hex.TryDecodeExactly(privateKeyHex.Trim(), bytes) && TryCreate(bytes) is ECPrivKey key
                ? new PrivateKeyAccount(key)
                : throw new FormatException(
                    "Expected a private key: 64 hex digits, not zero, below the order of secp256k1.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
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
    /// <exception cref="ObjectDisposedException">The key was cleared.</exception>
    public Signature SignHash(Bytes32 hash)
    {
        Span<byte> compact = stackalloc byte[64];
        if (!_key.TrySignRecoverable(hash.ToArray(), out SecpRecoverableECDSASignature? signature) || signature is null)
        {
            throw new CryptographicException("No signature of this hash exists for this key (chance 2^-127).");
        }

        signature.WriteToSpanCompact(compact, out int parity);
        return new Signature(new Bytes32(compact[..32]), new Bytes32(compact[32..]), (byte)parity);
    }

    /// <summary>Signs text as wallets do, so that it cannot be a transaction (EIP-191, version 0x45).</summary>
    public Signature SignMessage(string message) =>
        SignHash(new Bytes32(new EthereumMessageSigner().HashPrefixedMessage(System.Text.Encoding.UTF8.GetBytes(message))));

    /// <summary>Signs a transaction and encodes it as a node takes it.</summary>
    public byte[] SignTransaction(Eip1559Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Encode(SignHash(transaction.SigningHash()));
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SignAsync(
        Eip1559Transaction transaction, CancellationToken cancellationToken = default) =>
        Task.FromResult<ReadOnlyMemory<byte>>(SignTransaction(transaction));

    /// <summary>Clears the key; the account signs nothing more.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>Gets the address.</summary>
    public override string ToString() => Address.ToString();

    /// <summary>Gets the address of a key, and keeps nothing of it.</summary>
    /// <exception cref="ArgumentException">It is no key.</exception>
    internal static Address AddressOf(ReadOnlySpan<byte> privateKey)
    {
        using PrivateKeyAccount account = new(privateKey);
        return account.Address;
    }

    private static ECPrivKey? TryCreate(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 32 && Context.Instance.TryCreateECPrivKey(bytes, out ECPrivKey? key) ? key : null;
}
