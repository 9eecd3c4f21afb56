using System.Globalization;
using System.Numerics;
using Nethereum.ABI;
using Nethereum.ABI.Model;

namespace Research.Chain.Abi;

/// <summary>Holds the sizes that an encoding claims to the bytes there are, before anything is made of them.</summary>
/// <remarks>
/// An encoding may point at the same bytes many times, so that a small one unfolds into terabytes. Every frame, length
/// word and payload is charged against the number of bytes there are, which no honest encoder exceeds.
/// </remarks>
internal ref struct AbiExtent
{
    private const int Word = 32;

    private long _unused;

    private AbiExtent(int length) => _unused = length;

    /// <summary>Throws where the parts of an encoded tuple reach outside the bytes, overlap or leave some out.</summary>
    /// <exception cref="AbiException">They do; the message says where.</exception>
    public static void Require(IReadOnlyList<Parameter> parameters, ReadOnlySpan<byte> encoded)
    {
        AbiExtent extent = new(encoded.Length);
        extent.Frame([.. parameters.Select(parameter => parameter.ABIType)], encoded, "the tuple");
        if (extent._unused != 0)
        {
            throw new AbiException($"{extent._unused} of {encoded.Length} bytes are not part of the values");
        }
    }

    private void Frame(IReadOnlyList<ABIType> types, ReadOnlySpan<byte> frame, string owner)
    {
        Use(types.Sum(HeadSize), frame.Length, owner);
        int position = 0;
        foreach (ABIType type in types)
        {
            if (type.IsDynamic())
            {
                Dynamic(type, frame[Integer(frame[position..], frame.Length, type)..]);
            }

            position += (int)HeadSize(type);
        }
    }

    private void Dynamic(ABIType type, ReadOnlySpan<byte> tail)
    {
        switch (type)
        {
            case TupleType tuple:
                Frame([.. tuple.Components.Select(component => component.ABIType)], tail, type.Name);
                return;
            case StaticArrayType array:
                Frame([.. Enumerable.Repeat(array.ElementType, CountOf(array))], tail, type.Name);
                return;
            default:
                Use(Word, tail.Length, type.Name);
                int length = Integer(tail, tail.Length - Word, type);
                Payload(type, length, tail[Word..]);
                return;
        }
    }

    private void Payload(ABIType type, int length, ReadOnlySpan<byte> payload)
    {
        if (type is not ArrayType array)
        {
            Use(((long)length + Word - 1) / Word * Word, payload.Length, type.Name);
            return;
        }

        long head = HeadSize(array.ElementType);
        if (head == 0 || length * head > payload.Length)
        {
            throw new AbiException($"{type.Name}: expected {length * head} bytes, got {payload.Length}");
        }

        Frame([.. Enumerable.Repeat(array.ElementType, length)], payload, type.Name);
    }

    private static long HeadSize(ABIType type) => type switch
    {
        _ when type.IsDynamic() => Word,
        TupleType tuple => tuple.Components.Sum(component => HeadSize(component.ABIType)),
        StaticArrayType array => CountOf(array) * HeadSize(array.ElementType),
        _ => Word,
    };

    // The number in the last brackets of a name such as uint256[][3].
    private static int CountOf(StaticArrayType array) => int.Parse(
        array.Name.AsSpan(array.Name.LastIndexOf('[') + 1).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture);

    // An offset or a length: a word that is at most the bytes there are.
    private static int Integer(ReadOnlySpan<byte> word, int greatest, ABIType type)
    {
        BigInteger value = new(word[..Word], isUnsigned: true, isBigEndian: true);
        return value <= greatest
            ? (int)value
            : throw new AbiException(
                $"{type.Name}: expected an offset or a length of at most {greatest}, got {AbiText.Format(value)}");
    }

    private void Use(long size, int available, string owner)
    {
        if (size > available)
        {
            throw new AbiException($"{owner}: expected {size} bytes, got {available}");
        }

        _unused -= size;
        if (_unused < 0)
        {
            throw new AbiException($"{owner}: the parts of the encoding overlap");
        }
    }
}
