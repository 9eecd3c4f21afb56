using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>Deterministic ECDSA on secp256k1, low s.</summary>
/// <remarks>Sources: SEC 1 version 2.0, section 4.1.3; RFC 6979; EIP-2 (low s).</remarks>
internal static class Ecdsa
{
    public static Signature Sign(ReadOnlySpan<byte> privateKey, Bytes32 hash)
    {
        MontgomeryField scalars = Secp256k1.Scalars;
        Limbs256 message = scalars.Enter(Limbs256.FromBigEndian(hash.ToArray()));
        Limbs256 key = scalars.Enter(Limbs256.FromBigEndian(privateKey));
        Rfc6979 nonces = new(privateKey, scalars.Leave(message).ToBigEndian());
        while (true)
        {
            Limbs256 nonce = nonces.Next();
            (Limbs256 x, Limbs256 y) = Secp256k1.MultiplyGenerator(nonce);
            Limbs256 r = scalars.Enter(x);
            Limbs256 s = scalars.Multiply(
                scalars.Invert(scalars.Enter(nonce)), scalars.Add(message, scalars.Multiply(r, key)));

            // An x at or above the order (chance 2^-128) would need recovery id 2 or 3, which Ethereum does not carry.
            if (!r.IsZero && !s.IsZero && scalars.IsReduced(x))
            {
                return Normalise(x, scalars.Leave(s), scalars.Leave(scalars.Subtract(default, s)), y.Bit(0));
            }
        }
    }

    private static Signature Normalise(in Limbs256 r, in Limbs256 s, in Limbs256 negated, ulong parity)
    {
        Limbs256.Subtract(negated, s, out ulong isHigh); // Borrows if s > n - s. The order is odd: never equal.
        Limbs256 low = Limbs256.Select(isHigh, negated, s);
        return new Signature(new Bytes32(r.ToBigEndian()), new Bytes32(low.ToBigEndian()), (byte)(parity ^ isHigh));
    }
}
