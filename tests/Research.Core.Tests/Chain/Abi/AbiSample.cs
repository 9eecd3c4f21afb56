using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Nethereum.ABI.ABIDeserialisation;
using Nethereum.ABI.Model;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Abi;

/// <summary>A random ABI type: as an ABI's JSON describes it, with values and the text that cast reads.</summary>
internal abstract record AbiSample(string Name)
{
    private static readonly string[] Words =
        ["", "a", "hello world", "Größe µ", "exactly thirty-two bytes are here", "0x"];

    /// <summary>Draws a type.</summary>
    public static AbiSample Draw(Random random, int depth) => random.Next(depth > 0 ? 11 : 7) switch
    {
        0 => new Plain($"uint{8 * random.Next(1, 33)}"),
        1 => new Plain($"int{8 * random.Next(1, 33)}"),
        2 => new Plain("bool"),
        3 => new Plain("address"),
        4 => new Plain($"bytes{random.Next(1, 33)}"),
        5 => new Plain("bytes"),
        6 => new Plain("string"),
        7 or 8 => new Many(Draw(random, depth - 1), null),
        9 => new Many(Draw(random, depth - 1), random.Next(1, 4)),
        _ => new Together([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Draw(random, depth - 1))]),
    };

    /// <summary>Gets the parameters of a function that takes values of such types.</summary>
    public static Parameter[] Parameters(IEnumerable<AbiSample> types)
    {
        JsonObject function = new()
        {
            ["type"] = "function",
            ["name"] = "f",
            ["inputs"] = new JsonArray([.. types.Select((type, i) => type.ToJson($"v{i}"))]),
            ["outputs"] = new JsonArray(),
            ["stateMutability"] = "view",
        };
        return ABIDeserialiserFactory.DeserialiseContractABI(new JsonArray(function).ToJsonString())
            .Functions[0].InputParameters;
    }

    /// <summary>Draws a value, as Nethereum takes it.</summary>
    public abstract object Value(Random random);

    /// <summary>Gets a value as cast reads it.</summary>
    public abstract string CastText(object value);

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

    protected abstract JsonObject ToJson(string name);

    private sealed record Plain(string Name) : AbiSample(Name)
    {
        private int Size => int.Parse(
            Name.AsSpan(Name.IndexOfAny([.. "123456789"])), NumberStyles.None, CultureInfo.InvariantCulture);

        public override object Value(Random random) => Name switch
        {
            "bool" => random.Next(2) == 1,
            "address" => new Address(Bytes(random, 20)).ToString(),
            "bytes" => Bytes(random, random.Next(70)),
            "string" => Words[random.Next(Words.Length)],
            _ when Name.StartsWith("bytes", StringComparison.Ordinal) => Bytes(random, Size),
            _ when Name.StartsWith("uint", StringComparison.Ordinal) =>
                new BigInteger(Bytes(random, random.Next(1 + (Size / 8))), isUnsigned: true),
            _ => new BigInteger(Bytes(random, random.Next(1 + (Size / 8)))),
        };

        public override string CastText(object value) => value switch
        {
            bool flag => flag ? "true" : "false",
            BigInteger number => number.ToString(CultureInfo.InvariantCulture),
            byte[] bytes => Hex.Encode(bytes),
            _ => Name == "string" ? $"\"{value}\"" : value.ToString()!,
        };

        protected override JsonObject ToJson(string name) => new() { ["name"] = name, ["type"] = Name };

        private static byte[] Bytes(Random random, int length)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    private sealed record Many(AbiSample Element, int? Count) : AbiSample($"{Element.Name}[{Count}]")
    {
        public override object Value(Random random) =>
            Enumerable.Range(0, Count ?? random.Next(4)).Select(_ => Element.Value(random)).ToArray();

        public override string CastText(object value) =>
            $"[{string.Join(',', ((object[])value).Select(Element.CastText))}]";

        protected override JsonObject ToJson(string name)
        {
            JsonObject element = Element.ToJson(name);
            element["type"] = $"{element["type"]}[{Count}]";
            return element;
        }
    }

    private sealed record Together(AbiSample[] Parts) : AbiSample($"({string.Join(',', Parts.Select(part => part.Name))})")
    {
        public override object Value(Random random) => Parts.Select(part => part.Value(random)).ToArray();

        public override string CastText(object value) =>
            $"({string.Join(',', ((object[])value).Zip(Parts).Select(pair => pair.Second.CastText(pair.First)))})";

        protected override JsonObject ToJson(string name) => new()
        {
            ["name"] = name,
            ["type"] = "tuple",
            ["components"] = new JsonArray([.. Parts.Select((part, i) => part.ToJson($"p{i}"))]),
        };
    }
}
