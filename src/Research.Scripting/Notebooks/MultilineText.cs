using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>nbformat's multi-line strings: an array of lines that keep their line ends.</summary>
internal static class MultilineText
{
    public static JsonArray Split(string text)
    {
        JsonArray lines = [];
        int start = 0;
        while (start < text.Length)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }

    /// <summary>Joins a string or an array of strings; the reader has checked that it is one.</summary>
    public static string Join(JsonNode? node) => node is JsonArray lines
        ? string.Concat(lines.Select(line => line!.GetValue<string>()))
        : node?.GetValue<string>() ?? "";
}
