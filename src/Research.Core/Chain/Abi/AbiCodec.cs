namespace Research.Chain.Abi;

/// <summary>Encodes and decodes values by their ABI types.</summary>
/// <remarks>
/// Values are: any integer type, <see cref="System.Numerics.BigInteger"/>, an enum or <see cref="Primitives.Wei"/> for
/// uintN and intN; bool; <see cref="Primitives.Address"/>; <see cref="Primitives.Bytes32"/> or a byte array for bytesN;
/// a byte array for bytes; string; any sequence for arrays; a sequence of objects for tuples. Decoding gives
/// BigInteger, bool, Address, Bytes32 for bytes32 and byte arrays for the rest, string, and object arrays.
/// </remarks>
public static class AbiCodec
{
    /// <summary>
    /// Encodes the components of a tuple, without an offset in front: arguments, return values, event data.
    /// </summary>
    /// <exception cref="AbiException">A value does not fit its type.</exception>
    public static byte[] Encode(AbiType tuple, params IReadOnlyList<object> values)
    {
        ArgumentNullException.ThrowIfNull(tuple);
        ArgumentNullException.ThrowIfNull(values);
        return AbiEncoder.Frame(tuple.Components, values, tuple.Name);
    }

    /// <summary>Decodes what <see cref="Encode"/> writes.</summary>
    /// <remarks>
    /// The bytes are not trusted: every length and offset is checked before anything is allocated, work and memory are
    /// linear in the number of bytes, padding must be zero, numbers must fit, and each byte must be used exactly once.
    /// </remarks>
    /// <exception cref="AbiException">The bytes are no encoding of such values.</exception>
    public static object[] Decode(AbiType tuple, ReadOnlySpan<byte> encoded)
    {
        ArgumentNullException.ThrowIfNull(tuple);
        return AbiDecoder.Decode(tuple, encoded);
    }
}
