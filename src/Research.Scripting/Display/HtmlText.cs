using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Research.Scripting.Display.Shapes;

namespace Research.Scripting.Display;

/// <summary>Turns HTML into the text a reader would see, for front ends that cannot show HTML.</summary>
internal static partial class HtmlText
{
    public static string From(string html)
    {
        string start = html.Length <= ShapeBudget.MaximumOutput ? html : html[..ShapeBudget.MaximumOutput];
        string text = Hidden().Replace(start, "");
        text = CellBreak().Replace(text, "\t");
        text = LineBreak().Replace(text, "\n");
        text = WebUtility.HtmlDecode(Tag().Replace(text, ""));

        StringBuilder result = new();
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.Trim(' ', '\r').TrimEnd('\t');
            if (trimmed.Length > 0)
            {
                result.Append(result.Length == 0 ? "" : "\n").Append(trimmed);
            }
        }

        return result.ToString();
    }

    /// <summary>Gets the text, or for markup without any (a picture, a script) a notice: never nothing.</summary>
    public static string OrNotice(string html) => From(html) is { Length: > 0 } text ? text : "(HTML without text)";

    // The formatting package's default style sheet is 26 lines with CRLF in every output: one line is enough in a
    // stored notebook.
    public static string Tidy(string text)
    {
        string lines = text.ReplaceLineEndings("\n");
        int style = lines.IndexOf("<style>\n.dni-code-hint", StringComparison.Ordinal);
        int end = style < 0 ? -1 : lines.IndexOf("</style>", style, StringComparison.Ordinal);
        return end < 0
            ? lines
            : lines[..style] + string.Join(' ', lines[style..end].Split(
                (char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)) + lines[end..];
    }

    [GeneratedRegex(@"<!--.*?-->|<(script|style|head|template)\b.*?</\1\s*>", Options)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"</t[dh]\s*>", Options)]
    private static partial Regex CellBreak();

    [GeneratedRegex(@"<br\s*/?>|</(p|div|tr|li|h[1-6]|pre|table|ul|ol|summary|details|section|article)\s*>", Options)]
    private static partial Regex LineBreak();

    [GeneratedRegex("<[^>]*>", Options)]
    private static partial Regex Tag();

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant;
}
