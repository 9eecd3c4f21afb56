using System.Globalization;
using System.Numerics;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Abi;

/// <summary>Random ABI types, values of them as the decoder gives them, and the text that cast reads.</summary>
internal static class AbiSamples
{
    private static readonly string[] Words =
        ["", "a", "hello world", "Größe µ", "exactly thirty-two bytes are here", "0x"];

    public static AbiType Type(Random random, int depth) => AbiType.Parse(TypeName(random, depth));

    public static object[] Values(Random random, AbiType tuple) =>
        [.. tuple.Components.Select(type => Value(random, type))];

    public static string CastText(AbiType type, object value) => type.Kind switch
    {
        AbiKind.Boolean => (bool)value ? "true" : "false",
        AbiKind.UnsignedInteger or AbiKind.SignedInteger => ((BigInteger)value).ToString(CultureInfo.InvariantCulture),
        AbiKind.FixedBytes or AbiKind.Bytes => value is byte[] bytes ? Hex.Encode(bytes) : value.ToString()!,
        AbiKind.Array or AbiKind.FixedArray =>
            $"[{string.Join(',', ((object[])value).Select(v => CastText(type.Element!, v)))}]",
        AbiKind.Tuple => $"({string.Join(',', ((object[])value).Select((v, i) => CastText(type.Components[i], v)))})",
        AbiKind.Text => $"\"{value}\"",
        _ => value.ToString()!,
    };

    public static byte[] Mutate(Random random, byte[] bytes)
    {
        if (random.Next(8) == 0)
        {
            random.NextBytes(bytes);
            return bytes;
        }

        for (int i = random.Next(4); i >= 0 && bytes.Length > 0; i--)
        {
            int place = random.Next(bytes.Length);
            bytes[random.Next(2) == 0 ? place : place | 31 & (bytes.Length - 1)] =
                (byte)((int[])[0, 1, 32, 64, 127, 255])[random.Next(6)];
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static string TypeName(Random random, int depth)
    {
        int choice = random.Next(depth > 0 ? 11 : 7);
        return choice switch
        {
            0 => $"uint{8 * random.Next(1, 33)}",
            1 => $"int{8 * random.Next(1, 33)}",
            2 => "bool",
            3 => "address",
            4 => $"bytes{random.Next(1, 33)}",
            5 => "bytes",
            6 => "string",
            7 or 8 => $"{TypeName(random, depth - 1)}[]",
            9 => $"{TypeName(random, depth - 1)}[{random.Next(1, 4)}]",
            _ => TupleName(random, depth),
        };
    }

    private static string TupleName(Random random, int depth) =>
        $"({string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => TypeName(random, depth - 1)))})";

    private static object Value(Random random, AbiType type)
    {
        switch (type.Kind)
        {
            case AbiKind.UnsignedInteger:
                return new BigInteger(Bytes(random, random.Next(1 + (type.Size / 8))), isUnsigned: true);
            case AbiKind.SignedInteger:
                return new BigInteger(Bytes(random, random.Next(1 + (type.Size / 8))));
            case AbiKind.Boolean:
                return random.Next(2) == 1;
            case AbiKind.Address:
                return new Address(Bytes(random, 20));
            case AbiKind.FixedBytes:
                return type.Size == 32 ? new Bytes32(Bytes(random, 32)) : Bytes(random, type.Size);
            case AbiKind.Bytes:
                return Bytes(random, random.Next(70));
            case AbiKind.Text:
                return Words[random.Next(Words.Length)];
            case AbiKind.Tuple:
                return Values(random, type);
            default:
                int count = type.Kind == AbiKind.Array ? random.Next(4) : type.Size;
                return Enumerable.Range(0, count).Select(_ => Value(random, type.Element!)).ToArray();
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
