using System.Numerics;
using System.Text;
using Research.Chain.Primitives;

namespace Research.Chain.Abi;

/// <summary>The reading half of <see cref="AbiCodec"/>, for bytes from strangers.</summary>
/// <remarks>
/// An encoding may point at the same bytes many times, so that a small one unfolds into terabytes. Here every frame,
/// length word and payload is charged against the number of bytes there are, which no honest encoder exceeds.
/// </remarks>
internal ref struct AbiDecoder
{
    public static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long _unused;

    private AbiDecoder(int length) => _unused = length;

    public static object[] Decode(AbiType tuple, ReadOnlySpan<byte> encoded)
    {
        AbiDecoder decoder = new(encoded.Length);
        object[] values = decoder.Frame(tuple.Components, encoded, tuple);
        return decoder._unused == 0
            ? values
            : throw new AbiException(
                $"{tuple}: {decoder._unused} of {encoded.Length} bytes are not part of the values.");
    }

    private object[] Frame(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> frame, AbiType owner)
    {
        long headSize = types is Repeated
            ? (long)types.Count * (types.Count == 0 ? 0 : types[0].HeadSize)
            : types.Sum(t => t.HeadSize);
        Use(headSize, frame.Length, owner);
        object[] values = new object[types.Count];
        int position = 0;
        for (int i = 0; i < values.Length; i++)
        {
            AbiType type = types[i];
            ReadOnlySpan<byte> head = frame[position..];
            values[i] = type.IsDynamic ? Dynamic(type, frame[Integer(head, frame.Length, type)..]) : Static(type, head);
            position += type.HeadSize;
        }

        return values;
    }

    private object Dynamic(AbiType type, ReadOnlySpan<byte> tail)
    {
        if (type.Kind == AbiKind.Tuple)
        {
            return Frame(type.Components, tail, type);
        }

        if (type.Kind == AbiKind.FixedArray)
        {
            return Frame(new Repeated(type.Element!, type.Size), tail, type);
        }

        Use(32, tail.Length, type);
        int length = Integer(tail, tail.Length - 32, type);
        ReadOnlySpan<byte> payload = tail[32..];
        if (type.Kind == AbiKind.Array)
        {
            return Frame(new Repeated(type.Element!, length), payload, type);
        }

        int padded = (int)Math.Min(int.MaxValue, ((long)length + 31) / 32 * 32);
        Use(padded, payload.Length, type);
        RequireZeros(payload[length..padded], type);
        return type.Kind == AbiKind.Text ? Text(payload[..length]) : payload[..length].ToArray();
    }

    private static object Static(AbiType type, ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> word = head[..Math.Min(32, type.HeadSize)]; // Only the empty tuple takes less.
        switch (type.Kind)
        {
            case AbiKind.UnsignedInteger:
                RequireZeros(word[..(32 - (type.Size / 8))], type);
                return new BigInteger(word, isUnsigned: true, isBigEndian: true);
            case AbiKind.SignedInteger:
                BigInteger number = new(word, isUnsigned: false, isBigEndian: true);
                BigInteger limit = BigInteger.One << (type.Size - 1);
                return number < limit && number >= -limit ? number : throw Unfit(type, word);
            case AbiKind.Boolean:
                RequireZeros(word[..31], type);
                return word[31] <= 1 ? word[31] == 1 : throw Unfit(type, word);
            case AbiKind.Address:
                RequireZeros(word[..12], type);
                return new Address(word[12..]);
            case AbiKind.FixedBytes:
                RequireZeros(word[type.Size..], type);
                return type.Size == 32 ? new Bytes32(word) : word[..type.Size].ToArray();
            case AbiKind.FixedArray:
                return StaticFrame(new Repeated(type.Element!, type.Size), head);
            default:
                return StaticFrame(type.Components, head);
        }
    }

    private static object[] StaticFrame(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> head)
    {
        object[] values = new object[types.Count];
        int position = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Static(types[i], head[position..]);
            position += types[i].HeadSize;
        }

        return values;
    }

    // An offset or a length: a word that is at most the bytes there are.
    private static int Integer(ReadOnlySpan<byte> head, int greatest, AbiType type)
    {
        BigInteger value = new(head[..32], isUnsigned: true, isBigEndian: true);
        return value <= greatest
            ? (int)value
            : throw new AbiException(
                $"{type}: expected an offset or a length of at most {greatest}, got {AbiText.Format(value)}.");
    }

    private void Use(long size, int available, AbiType type)
    {
        if (size > available)
        {
            throw new AbiException($"{type}: expected {size} bytes, got {available}.");
        }

        _unused -= size;
        if (_unused < 0)
        {
            throw new AbiException($"{type}: the parts of the encoding overlap.");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new AbiException("string: expected UTF-8, got other bytes.", exception);
        }
    }

    private static void RequireZeros(ReadOnlySpan<byte> padding, AbiType type)
    {
        if (padding.ContainsAnyExcept((byte)0))
        {
            throw new AbiException($"{type}: expected zeros as padding, got {AbiText.Format(padding.ToArray())}.");
        }
    }

    private static AbiException Unfit(AbiType type, ReadOnlySpan<byte> word) =>
        new($"Expected a value of {type}, got {Hex.Encode(word)}.");
}
