using System.Text;
using System.Text.Json;

namespace Research.Training.Specification;

/// <summary>
/// Writes JSON in the one form that RFC 8785 allows, so that equal documents have equal bytes and hashes.
/// </summary>
/// <remarks>
/// RFC 8785 (JSON Canonicalization Scheme): 3.2.2.2 strings, 3.2.2.3 numbers, 3.2.3 order of properties by UTF-16 code
/// units.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Gets the canonical UTF-8 bytes of a JSON value.</summary>
    /// <param name="element">The value; objects must not hold a name twice.</param>
    /// <exception cref="FormatException">A name occurs twice, a string is not well-formed Unicode, or a number does not
    /// fit a double.</exception>
    public static byte[] Write(JsonElement element)
    {
        StringBuilder text = new();
        Append(text, element);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("Expected well-formed Unicode, got a lone surrogate.", e);
        }
    }

    /// <summary>Gets the canonical bytes of a JSON document.</summary>
    /// <param name="utf8Json">The document in UTF-8, at most 64 levels deep.</param>
    /// <exception cref="JsonException">The bytes are not one JSON document.</exception>
    /// <exception cref="FormatException">As <see cref="Write(JsonElement)"/>.</exception>
    public static byte[] Write(ReadOnlySpan<byte> utf8Json)
    {
        Utf8JsonReader reader = new(utf8Json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        ReadOnlySpan<byte> rest = utf8Json[(int)reader.BytesConsumed..];
        if (rest.ContainsAnyExcept(" \t\r\n"u8))
        {
            throw new JsonException($"Expected the document's end at byte {reader.BytesConsumed}, got more text.");
        }

        return Write(document.RootElement);
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(text, element);
                break;
            case JsonValueKind.Array:
                AppendArray(text, element);
                break;
            case JsonValueKind.String:
                AppendString(text, Text(element));
                break;
            case JsonValueKind.Number:
                text.Append(CanonicalNumber.Format(element.GetDouble()));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonElement element)
    {
        SortedDictionary<string, JsonElement> properties = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!properties.TryAdd(Name(property), property.Value))
            {
                throw new FormatException($"Expected each name once, got '{property.Name}' twice.");
            }
        }

        char separator = '{';
        foreach ((string name, JsonElement value) in properties)
        {
            text.Append(separator);
            AppendString(text, name);
            text.Append(':');
            Append(text, value);
            separator = ',';
        }

        text.Append(separator == '{' ? "{}" : "}");
    }

    private static void AppendArray(StringBuilder text, JsonElement element)
    {
        char separator = '[';
        foreach (JsonElement item in element.EnumerateArray())
        {
            text.Append(separator);
            Append(text, item);
            separator = ',';
        }

        text.Append(separator == '[' ? "[]" : "]");
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u00").Append(Convert.ToHexStringLower([(byte)c])),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // The reader reports a lone surrogate as an invalid operation; to the caller it is a malformed document.
    private static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("Expected well-formed Unicode, got a lone surrogate.", e);
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("Expected well-formed Unicode, got a lone surrogate.", e);
        }
    }
}
