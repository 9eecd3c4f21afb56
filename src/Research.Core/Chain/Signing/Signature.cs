using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>An ECDSA signature on secp256k1 from which the signer can be recovered.</summary>
/// <param name="R">The x coordinate of the nonce's point, modulo the order.</param>
/// <param name="S">The proof; never above half the order (EIP-2).</param>
/// <param name="YParity">0 or 1: whether the point's y coordinate is odd.</param>
public readonly record struct Signature(Bytes32 R, Bytes32 S, byte YParity)
{
    /// <summary>Gets the 65 bytes r, s, v that wallets exchange, with v = 27 + parity.</summary>
    public byte[] ToBytes() => [.. R.ToArray(), .. S.ToArray(), (byte)(27 + YParity)];
}
