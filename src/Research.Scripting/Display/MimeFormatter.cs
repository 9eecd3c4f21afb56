using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Outputs;

namespace Research.Scripting.Display;

/// <summary>Makes a mime bundle of a value, by the formatters that the notebook and the value's type
/// registered.</summary>
internal static class MimeFormatter
{
    private const string Plain = "text/plain";
    private const string Html = "text/html";

    /// <summary>Formats a value.</summary>
    /// <param name="value">The value, or null.</param>
    /// <param name="mimeTypes">The mime types asked for; empty for those its type prefers.</param>
    /// <exception cref="InvalidOperationException">A formatter of a JSON mime type did not write JSON.</exception>
    public static MimeBundle Format(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        Type type = value?.GetType() ?? typeof(object);
        MimeBundle bundle = new();
        foreach (string mimeType in mimeTypes.Count > 0 ? mimeTypes : Preferred(value, type))
        {
            Set(bundle, mimeType, mimeType == Plain ? PlainText(value, type) : value.ToDisplayString(mimeType), type);
        }

        if (!bundle.MimeTypes.Contains(Plain))
        {
            bundle.Set(Plain, Tidy(PlainText(value, type)));
        }

        return bundle;
    }

    private static IEnumerable<string> Preferred(object? value, Type type)
    {
        if (value is JsonNode or JsonElement or JsonDocument)
        {
            return ["application/json", Plain];
        }

        IReadOnlyCollection<string> preferred = Formatter.GetPreferredMimeTypesFor(value is null ? null : type);
        bool isDefault = preferred.Count == 1 && preferred.Contains(Html);
        if ((value is null || IsScalar(type)) && isDefault && !UserFormats(type, Html))
        {
            return [Plain]; // A number needs no table around it.
        }

        return preferred.Union(ConventionFormatters.MimeTypesOf(type));
    }

    private static string PlainText(object? value, Type type)
    {
        switch (value)
        {
            case JsonNode node:
                return node.ToJsonString(Indented);
            case JsonElement element:
                return JsonSerializer.Serialize(element, Indented);
            case JsonDocument document:
                return JsonSerializer.Serialize(document, Indented);
            case IHtmlContent when !UserFormats(type, Plain):
                string text = HtmlText.From(value.ToDisplayString(Html));
                return text.Length > 0 ? text : "(HTML without text)";
            default:
                return value.ToDisplayString(Plain);
        }
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static bool IsScalar(Type type)
    {
        Type scalar = Nullable.GetUnderlyingType(type) ?? type;
        return scalar.IsPrimitive || scalar.IsEnum || scalar == typeof(decimal) || scalar == typeof(BigInteger) ||
            scalar == typeof(Guid) || scalar == typeof(DateTime) || scalar == typeof(DateTimeOffset) ||
            scalar == typeof(DateOnly) || scalar == typeof(TimeOnly) || scalar == typeof(TimeSpan) ||
            scalar == typeof(Half) || scalar == typeof(Int128) || scalar == typeof(UInt128) ||
            scalar == typeof(Complex) || scalar == typeof(Version);
    }

    private static bool UserFormats(Type type, string mimeType) =>
        Formatter.RegisteredFormatters(includeDefaults: false)
            .Any(formatter => formatter.MimeType == mimeType && formatter.Type.IsAssignableFrom(type));

    // The package's default style sheet is 26 lines with CRLF in every output: one line is enough in a stored notebook.
    private static string Tidy(string text)
    {
        string lines = text.ReplaceLineEndings("\n");
        int style = lines.IndexOf("<style>\n.dni-code-hint", StringComparison.Ordinal);
        int end = style < 0 ? -1 : lines.IndexOf("</style>", style, StringComparison.Ordinal);
        return end < 0
            ? lines
            : lines[..style] + string.Join(' ', lines[style..end].Split(
                (char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)) + lines[end..];
    }

    private static void Set(MimeBundle bundle, string mimeType, string text, Type type)
    {
        try
        {
            bundle.Set(mimeType, MimeBundle.IsJson(mimeType) ? text : Tidy(text));
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"The {mimeType} formatter of {type} did not write JSON: {exception.Message}", exception);
        }
    }
}
