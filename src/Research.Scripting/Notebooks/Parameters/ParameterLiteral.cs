using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Notebooks.Parameters;

/// <summary>Turns a command line's text into a C# expression of a declared type.</summary>
/// <remarks>Text never becomes code: it is a literal, a literal inside a <c>Parse</c> call, or the member of an
/// enumeration by its name.</remarks>
internal static partial class ParameterLiteral
{
    private const NumberStyles Real = NumberStyles.Float;

    private static readonly Dictionary<string, Func<string, string?>> Wholes = new(StringComparer.Ordinal)
    {
        ["int"] = Whole<int>,
        ["Int32"] = Whole<int>,
        ["long"] = Whole<long>,
        ["Int64"] = Whole<long>,
        ["uint"] = Whole<uint>,
        ["UInt32"] = Whole<uint>,
        ["ulong"] = Whole<ulong>,
        ["UInt64"] = Whole<ulong>,
        ["short"] = Whole<short>,
        ["Int16"] = Whole<short>,
        ["ushort"] = Whole<ushort>,
        ["UInt16"] = Whole<ushort>,
        ["byte"] = Whole<byte>,
        ["Byte"] = Whole<byte>,
        ["sbyte"] = Whole<sbyte>,
        ["SByte"] = Whole<sbyte>,
    };

    private static readonly Dictionary<string, Func<string, string?>> Parsables = new(StringComparer.Ordinal)
    {
        ["DateTime"] = Parsed<DateTime>,
        ["DateTimeOffset"] = Parsed<DateTimeOffset>,
        ["DateOnly"] = Parsed<DateOnly>,
        ["TimeOnly"] = Parsed<TimeOnly>,
        ["TimeSpan"] = Parsed<TimeSpan>,
        ["Guid"] = Parsed<Guid>,
        ["BigInteger"] = Parsed<BigInteger>,
        ["Numerics.BigInteger"] = Parsed<BigInteger>,
        ["Uri"] = text => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _)
            ? $"new System.Uri({Quote(text)}, System.UriKind.RelativeOrAbsolute)"
            : null,
    };

    /// <summary>Writes a value.</summary>
    /// <param name="text">What the user gave.</param>
    /// <param name="type">The type it must have; empty to tell by its looks.</param>
    /// <returns>The expression, or null when the text is no such value.</returns>
    public static string? Write(string text, string type)
    {
        string name = type.TrimEnd('?').Replace("System.", "", StringComparison.Ordinal);
        if (text == "null" && type.EndsWith('?') && name is not ("string" or "String"))
        {
            return "null";
        }

        return name switch
        {
            "" => Guess(text),
            "string" or "String" or "object" => Quote(text),
            "bool" or "Boolean" => text is "true" or "false" ? text : null,
            "char" or "Char" => text.Length == 1 ? SymbolDisplay.FormatLiteral(text[0], quote: true) : null,
            "float" or "Single" => IsReal(text) ? text.TrimStart('+') + "f" : null,
            "double" or "Double" => IsReal(text) ? text.TrimStart('+') + "d" : null,
            "decimal" or "Decimal" => decimal.TryParse(text, Real, CultureInfo.InvariantCulture, out decimal amount)
                ? amount.ToString(CultureInfo.InvariantCulture) + "m"
                : null,
            _ when Wholes.TryGetValue(name, out Func<string, string?>? whole) => whole(text),
            _ when Parsables.TryGetValue(name, out Func<string, string?>? parse) => parse(text),
            _ => Sequence(text, name) ?? Member(text, name),
        };
    }

    private static string? Guess(string text)
    {
        if (text is "true" or "false" or "null")
        {
            return text;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        return IsReal(text) ? text.TrimStart('+')
            : text.StartsWith('[') && Items(text) is [{ } first, ..] ? Sequence(text, ElementOf(first) + "[]")
            : Quote(text);
    }

    private static string? Whole<T>(string text)
        where T : IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T? number)
            ? number.ToString(null, CultureInfo.InvariantCulture)
            : null;

    private static string? Parsed<T>(string text)
        where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out _)
            ? $"{typeof(T).FullName}.Parse({Quote(text)}, System.Globalization.CultureInfo.InvariantCulture)"
            : null;

    /// <summary>Writes a JSON array as an array or collection of the type's elements.</summary>
    private static string? Sequence(string text, string name)
    {
        Match collection = Collection().Match(name);
        string? element = name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2]
            : collection.Success ? collection.Groups["element"].Value : null;
        if (element is null || Items(text) is not { } items)
        {
            return null;
        }

        string?[] values = [.. items.Select(item => Write(
            item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText(), element))];
        string made = !collection.Success ? $"{element}[]"
            : collection.Groups["kind"].Value is "HashSet" or "ISet" ? $"HashSet<{element}>" : $"List<{element}>";
        return values.Contains(null) ? null : $"new {made} {{ {string.Join(", ", values)} }}";
    }

    private static JsonElement[]? Items(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            return json.RootElement.ValueKind == JsonValueKind.Array
                ? [.. json.RootElement.EnumerateArray().Select(item => item.Clone())]
                : null;
        }
        catch (JsonException)
        {
            return null; // No array: the caller says what was expected.
        }
    }

    private static string ElementOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => item.TryGetInt32(out _) ? "int" : "double",
        _ => "string",
    };

    private static string? Member(string text, string type) =>
        SyntaxFacts.IsValidIdentifier(text) && TypeName().IsMatch(type) ? $"{type}.{text}" : null;

    private static bool IsReal(string text) =>
        double.TryParse(text, Real, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);

    private static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    [GeneratedRegex(
        @"^(?:Collections\.Generic\.)?(?<kind>I?List|IReadOnlyList|IEnumerable|I(?:ReadOnly)?Collection|HashSet|ISet)" +
        @"<(?<element>.+)>$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Collection();

    [GeneratedRegex(@"^[\w.]+$", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();
}
