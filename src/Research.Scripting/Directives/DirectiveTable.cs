using System.Net;
using Research.Scripting.Display.Shapes;
using Research.Scripting.Outputs;

namespace Research.Scripting.Directives;

/// <summary>Shows what a directive has to tell, as a table of text.</summary>
internal static class DirectiveTable
{
    public static void Show(
        OutputChannel channel, string caption, IReadOnlyList<string> headers, IReadOnlyList<string[]> rows)
    {
        string html = $"<table>{(caption.Length == 0 ? "" : $"<caption>{WebUtility.HtmlEncode(caption)}</caption>")}" +
            $"{(rows.Count == 0 ? "" : $"<thead>{Row("th", headers)}</thead>")}" +
            $"<tbody>{string.Concat(rows.Select(row => Row("td", row)))}</tbody></table>";
        string table = rows.Count == 0 ? "" : TextGrid.Write(headers, rows);
        string text = string.Join('\n', ((string[])[caption, table]).Where(part => part.Length > 0));
        channel.Emit(new DisplayOutput(
            MimeBundle.Of(("text/html", html), ("text/plain", text)), Guid.NewGuid().ToString("N")));
    }

    private static string Row(string tag, IReadOnlyList<string> cells) =>
        $"<tr>{string.Concat(cells.Select(cell => $"<{tag}>{WebUtility.HtmlEncode(cell)}</{tag}>"))}</tr>";
}
