using System.Text;
using System.Text.RegularExpressions;

namespace Research.Plotting;

/// <summary>Writes a table of a page.</summary>
internal static partial class HtmlTable
{
    private const int LongestUnbroken = 12; // Rows that stay on one printed page.

    public static void Write(
        StringBuilder html, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, string caption)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<string>[] cells = [.. rows];
        foreach (IReadOnlyList<string> row in cells)
        {
            if (row.Count != headers.Count)
            {
                throw new ArgumentException(
                    $"Expected {headers.Count} cells in a row, one a column; got {row.Count}.", nameof(rows));
            }
        }

        string[] kinds = [.. Enumerable.Range(0, headers.Count).Select(column => Kind(cells, column))];
        string label = PlainText.Escape(caption.Length > 0 ? caption : "Table");
        string kind = cells.Length <= LongestUnbroken ? "table short" : "table";
        html.Append($"<div class=\"{kind}\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">");

        // A paragraph, not a caption element: browsers leave captions behind at the foot of a printed page.
        html.Append(caption.Length > 0 ? $"<p class=\"caption\">{PlainText.Escape(caption)}</p>" : "")
            .Append("<table><thead><tr>");
        for (int c = 0; c < headers.Count; c++)
        {
            html.Append($"<th scope=\"col\"{kinds[c]}>{PlainText.Escape(headers[c])}</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in cells)
        {
            html.Append("<tr>");
            for (int c = 0; c < row.Count; c++)
            {
                string cellKind = IsHash(row[c]) ? " class=\"hash\"" : kinds[c];
                html.Append($"<td{cellKind}>{PlainText.Escape(row[c])}</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>\n");
    }

    /// <summary>Says whether a text is a hash, an address or the like.</summary>
    public static bool IsHash(string text) => HashPattern().IsMatch(text);

    private static string Kind(IReadOnlyList<string>[] cells, int column)
    {
        bool isNumeric = cells.Any(row => NumberPattern().IsMatch(row[column]))
            && cells.All(row => NumberPattern().IsMatch(row[column]) || row[column] is "" or "–" or "—" or "-" or "∞");
        return isNumeric ? " class=\"number\"" : cells.Any(row => row[column].Length > 28) ? " class=\"prose\"" : "";
    }

    [GeneratedRegex(@"^\s*[-−+±≤≥<>~]?\s*(\d[\d,  _]*)(\.\d+)?([eE][-+−]?\d+)?(\s?(%|‰|[A-Za-zΞεσ]{1,5}))?\s*$")]
    private static partial Regex NumberPattern();

    [GeneratedRegex("^(0x[0-9a-fA-F]{16,}|[0-9a-f]{40,})$")]
    private static partial Regex HashPattern();
}
