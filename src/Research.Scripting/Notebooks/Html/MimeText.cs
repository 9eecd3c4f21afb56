using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks.Html;

/// <summary>The text of a representation in a stored output, which may be anything.</summary>
internal static class MimeText
{
    /// <summary>Joins a string or its lines; null for what is neither.</summary>
    public static string? Of(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonArray lines => string.Concat(
            lines.Select(line => line is JsonValue part && part.TryGetValue(out string? text) ? text : "")),
        _ => null,
    };
}
