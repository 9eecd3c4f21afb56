using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using Research.Chain.Primitives;

namespace Research.Chain.Abi;

/// <summary>The writing half of <see cref="AbiCodec"/>.</summary>
internal static class AbiEncoder
{
    public static byte[] Frame(IReadOnlyList<AbiType> types, IReadOnlyList<object> values, string name)
    {
        if (types.Count != values.Count)
        {
            throw new AbiException($"{name}: expected {types.Count} values, got {values.Count}.");
        }

        byte[] head = new byte[types.Sum(type => type.HeadSize)];
        List<byte> tails = [];
        int position = 0;
        for (int i = 0; i < types.Count; i++)
        {
            byte[] encoded = Value(types[i], values[i]);
            if (types[i].IsDynamic)
            {
                Word(head.Length + tails.Count).CopyTo(head, position);
                tails.AddRange(encoded);
            }
            else
            {
                encoded.CopyTo(head, position);
            }

            position += types[i].HeadSize;
        }

        return [.. head, .. tails];
    }

    private static byte[] Value(AbiType type, object value) => (type.Kind, value) switch
    {
        (AbiKind.UnsignedInteger or AbiKind.SignedInteger, _) => Integer(type, value),
        (AbiKind.Boolean, bool flag) => Word(flag ? 1 : 0),
        (AbiKind.Address, Address address) => [.. new byte[12], .. address.ToArray()],
        (AbiKind.FixedBytes, Bytes32 bytes) when type.Size == 32 => bytes.ToArray(),
        (AbiKind.FixedBytes, byte[] bytes) when bytes.Length == type.Size => Padded(bytes),
        (AbiKind.Bytes, byte[] bytes) => [.. Word(bytes.Length), .. Padded(bytes)],
        (AbiKind.Bytes, ReadOnlyMemory<byte> bytes) => [.. Word(bytes.Length), .. Padded(bytes.Span)],
        (AbiKind.Text, string text) => Text(text),
        (AbiKind.Array, IEnumerable sequence and not string) => Elements(type, [.. sequence.Cast<object>()], true),
        (AbiKind.FixedArray, IEnumerable sequence and not string) =>
            Elements(type, [.. sequence.Cast<object>()], false),
        (AbiKind.Tuple, IEnumerable sequence and not string) =>
            Frame(type.Components, [.. sequence.Cast<object>()], type.Name),
        _ => throw Unfit(type, value),
    };

    private static byte[] Elements(AbiType type, object[] values, bool withLength)
    {
        if (!withLength && values.Length != type.Size)
        {
            throw new AbiException($"{type}: expected {type.Size} elements, got {values.Length}.");
        }

        byte[] frame = Frame(new Repeated(type.Element!, values.Length), values, type.Name);
        return withLength ? [.. Word(values.Length), .. frame] : frame;
    }

    private static byte[] Integer(AbiType type, object value)
    {
        BigInteger number = value switch
        {
            BigInteger big => big,
            Wei wei => wei.Amount,
            UInt128 wide => wide,
            Int128 wide => wide,
            Enum member => Convert.ToInt64(member, CultureInfo.InvariantCulture),
            ulong unsigned => unsigned,
            sbyte or byte or short or ushort or int or uint or long =>
                Convert.ToInt64(value, CultureInfo.InvariantCulture),
            _ => throw Unfit(type, value),
        };
        bool isSigned = type.Kind == AbiKind.SignedInteger;
        BigInteger limit = BigInteger.One << (isSigned ? type.Size - 1 : type.Size);
        return number < limit && number >= (isSigned ? -limit : BigInteger.Zero)
            ? Word(number)
            : throw Unfit(type, value);
    }

    private static byte[] Text(string text)
    {
        try
        {
            byte[] bytes = AbiDecoder.StrictUtf8.GetBytes(text);
            return [.. Word(bytes.Length), .. Padded(bytes)];
        }
        catch (EncoderFallbackException exception)
        {
            throw new AbiException("string: expected valid Unicode, got a lone surrogate.", exception);
        }
    }

    private static byte[] Padded(ReadOnlySpan<byte> bytes)
    {
        byte[] padded = new byte[(bytes.Length + 31) / 32 * 32];
        bytes.CopyTo(padded);
        return padded;
    }

    private static byte[] Word(BigInteger number)
    {
        byte[] word = new byte[32];
        byte[] digits = number.ToByteArray(isBigEndian: true);
        word.AsSpan().Fill(number.Sign < 0 ? (byte)0xFF : (byte)0);

        // 256 bits unsigned carry a 33rd byte, the zero sign.
        ReadOnlySpan<byte> low = digits.AsSpan(Math.Max(0, digits.Length - 32));
        low.CopyTo(word.AsSpan(32 - low.Length));
        return word;
    }

    private static AbiException Unfit(AbiType type, object? value) =>
        new(
            $"Expected a value of {type}, "
            + $"got {(value is null ? "null" : $"{AbiText.Format(value)} ({value.GetType().Name})")}.");
}
