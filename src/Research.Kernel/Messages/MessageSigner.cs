using System.Security.Cryptography;

namespace Research.Kernel.Messages;

/// <summary>Signs messages with HMAC-SHA256 and checks signatures in constant time.</summary>
/// <remarks>An empty key signs nothing and accepts everything, as the protocol has it.</remarks>
internal sealed class MessageSigner
{
    private readonly Lock _gate = new();
    private readonly IncrementalHash? _hash;

    public MessageSigner(ReadOnlySpan<byte> key) =>
        _hash = key.IsEmpty ? null : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    /// <summary>Gets whether there is a key.</summary>
    public bool IsOn => _hash is not null;

    /// <summary>Gets the signature in lower-case hexadecimal; empty without a key.</summary>
    /// <param name="frames">Header, parent header, metadata and content.</param>
    public byte[] Sign(IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        if (_hash is null)
        {
            return [];
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(frames, digest);
        byte[] hexadecimal = new byte[2 * digest.Length];
        Convert.TryToHexStringLower(digest, hexadecimal, out _);
        return hexadecimal;
    }

    /// <summary>Tells whether a signature is that of the frames.</summary>
    public bool Verify(ReadOnlySpan<byte> signature, IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        if (_hash is null)
        {
            return true;
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(frames, digest);
        bool isHexadecimal = signature.Length == 2 * claimed.Length &&
            Convert.FromHexString(signature, claimed, out _, out _) == System.Buffers.OperationStatus.Done;
        return isHexadecimal & CryptographicOperations.FixedTimeEquals(digest, claimed);
    }

    private void Compute(IEnumerable<ReadOnlyMemory<byte>> frames, Span<byte> digest)
    {
        lock (_gate)
        {
            foreach (ReadOnlyMemory<byte> frame in frames)
            {
                _hash!.AppendData(frame.Span);
            }

            _hash!.GetHashAndReset(digest);
        }
    }
}
