using Nethereum.Util;

namespace Research.Chain.Primitives;

/// <summary>Keccak-256 as Ethereum uses it: the padding of the original submission, not SHA-3's.</summary>
public static class Keccak256
{
    /// <summary>Hashes <paramref name="message"/>.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> message) => new(Sha3Keccack.Current.CalculateHash(message.ToArray()));
}
