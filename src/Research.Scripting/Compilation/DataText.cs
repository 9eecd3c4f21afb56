using System.Buffers;
using System.Text.Json;

namespace Research.Scripting.Compilation;

/// <summary>Tells text that is data rather than code, so that no error quotes it.</summary>
/// <remarks>
/// A file of records that is run by mistake does not compile, and an error that shows the lines at fault would show the
/// records: on a screen, in a log, in a stored notebook. Asked only of what did not compile, or is no notebook: code
/// that runs is never refused.
/// </remarks>
internal static class DataText
{
    private const int LinesRead = 200;

    private static readonly SearchValues<char> CodeMarks = SearchValues.Create(";{}()=\"");

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <summary>Tells whether a text is JSON, XML, a delimited table, bytes, or lines without anything that C# is written
    /// with.</summary>
    public static bool Is(string text)
    {
        string trimmed = text.TrimStart('\uFEFF', ' ', '\n', '\r', '\t');
        if (trimmed.Length == 0)
        {
            return false;
        }

        if (text.Contains('\0', StringComparison.Ordinal) || text.Contains('\uFFFD', StringComparison.Ordinal) ||
            trimmed[0] == '<')
        {
            return true;
        }

        string[] lines =
        [
            .. trimmed.Split('\n', LinesRead + 1).Take(LinesRead).Select(line => line.Trim('\r', ' '))
                .Where(line => line.Length > 0),
        ];
        return IsJson(trimmed, lines) || IsTable(lines) || IsWithoutCode(lines);
    }

    // Broken JSON is JSON too: a property's name in quotes, then a colon, is no C# at a start.
    private static bool IsJson(string text, string[] lines) =>
        text[0] is '{' or '[' && (IsJson(text) || Array.TrueForAll(lines, IsJson) || StartsLikeJson(text));

    private static bool StartsLikeJson(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart("[{ \n\r\t");
        int end = rest.StartsWith("\"", StringComparison.Ordinal) ? rest[1..].IndexOf('"') : -1;
        return end >= 0 && rest[(end + 2)..].TrimStart().StartsWith(":", StringComparison.Ordinal);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsTable(string[] lines) => lines.Length > 1 && Array.Exists(Delimiters, delimiter =>
    {
        int[] counts = [.. lines.Select(line => line.AsSpan().Count(delimiter))];
        int alike = counts.Count(count => count > 0 && count == counts[0]);
        int codeLike = lines.Count(line => line.EndsWith(';') || line.EndsWith('{') || line.EndsWith('}') ||
            line.StartsWith("//", StringComparison.Ordinal));
        return counts[0] > 0 && alike * 10 >= lines.Length * 9 &&
            (codeLike * 10 <= lines.Length || (delimiter == ';' && counts[0] > 2)); // Rows may end in one too.
    });

    private static bool IsWithoutCode(string[] lines) => lines.Length > 1 && Array.TrueForAll(
        lines, line => line.AsSpan().IndexOfAny(CodeMarks) < 0 && line[0] != '#' &&
            !line.StartsWith("//", StringComparison.Ordinal));
}
