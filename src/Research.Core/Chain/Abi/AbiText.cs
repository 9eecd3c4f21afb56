using System.Collections;
using System.Globalization;
using Research.Chain.Primitives;

namespace Research.Chain.Abi;

/// <summary>Writes ABI values for people; long ones are cut, for they may come from strangers.</summary>
internal static class AbiText
{
    private const int MaximumElements = 16;

    public static string Format(object value) => value switch
    {
        string text => Hex.Excerpt(text),
        bool flag => flag ? "true" : "false",
        byte[] bytes when bytes.Length > 64 => $"{Hex.Encode(bytes.AsSpan(0, 64))}… ({bytes.Length} bytes)",
        byte[] bytes => Hex.Encode(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable sequence => Sequence([.. sequence.Cast<object>()]),
        _ => value.ToString() ?? "",
    };

    private static string Sequence(object[] values)
    {
        string rest = values.Length > MaximumElements ? $", … ({values.Length})" : "";
        return $"[{string.Join(", ", values.Take(MaximumElements).Select(Format))}{rest}]";
    }
}
