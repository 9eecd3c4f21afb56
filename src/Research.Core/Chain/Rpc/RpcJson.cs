using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Reads and writes the values of Ethereum's JSON-RPC, strictly.</summary>
/// <remarks>
/// Source: Ethereum execution-apis, "hex encoding": quantities without leading zeros, data two digits a byte.
/// </remarks>
internal static class RpcJson
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static string Quantity(BigInteger value) =>
        "0x" + (value.IsZero ? "0" : value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0'));

    public static BigInteger ReadQuantity(JsonElement element, string path)
    {
        string text = Text(element, path);
        bool isQuantity = text.StartsWith("0x", StringComparison.Ordinal)
            && text.Length is > 2 and <= 66
            && (text[2] != '0' || text.Length == 3)
            && !text.AsSpan(2).ContainsAnyExcept(HexDigits);
        return isQuantity
            ? BigInteger.Parse(
                "0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new RpcFormatException(path, "a quantity such as 0x1f", Hex.Excerpt(text));
    }

    public static ulong ReadUInt64(JsonElement element, string path)
    {
        BigInteger value = ReadQuantity(element, path);
        return value <= ulong.MaxValue
            ? (ulong)value
            : throw new RpcFormatException(path, "at most 64 bits", $"{value}");
    }

    public static byte[] ReadBytes(JsonElement element, string path)
    {
        string text = Text(element, path);
        try
        {
            return text.StartsWith("0x", StringComparison.Ordinal)
                ? Hex.Decode(text)
                : throw new RpcFormatException(path, "data such as 0x1f2e", Hex.Excerpt(text));
        }
        catch (FormatException)
        {
            throw new RpcFormatException(path, "data such as 0x1f2e", Hex.Excerpt(text));
        }
    }

    public static Bytes32 ReadBytes32(JsonElement element, string path)
    {
        byte[] bytes = ReadBytes(element, path);
        return bytes.Length == 32
            ? new Bytes32(bytes)
            : throw new RpcFormatException(path, "32 bytes", $"{bytes.Length}");
    }

    public static Address ReadAddress(JsonElement element, string path)
    {
        byte[] bytes = ReadBytes(element, path);
        return bytes.Length == 20
            ? new Address(bytes)
            : throw new RpcFormatException(path, "20 bytes", $"{bytes.Length}");
    }

    public static JsonElement Field(JsonElement element, string name, string path) =>
        element.ValueKind != JsonValueKind.Object
            ? throw new RpcFormatException(path, "an object", element.ValueKind.ToString())
            : element.TryGetProperty(name, out JsonElement value)
                ? value
                : throw new RpcFormatException($"{path}.{name}", "a value", "nothing");

    public static bool IsNull(this JsonElement element) =>
        element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public static JsonElement[] Items(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray()]
            : throw new RpcFormatException(path, "an array", element.ValueKind.ToString());

    private static string Text(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String
            ? element.GetString()!
            : throw new RpcFormatException(path, "a string", element.ValueKind.ToString());
}
