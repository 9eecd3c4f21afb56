using System.Globalization;
using System.Net;
using System.Text;

namespace Research.Scripting.Display.Shapes;

/// <summary>Writes shapes as HTML, with .NET Interactive's class names, so that a notebook's own CSS still
/// applies.</summary>
/// <remarks>No colours: text and lines are the page's own, light or dark. The same shape gives the same HTML.</remarks>
internal static class ShapeHtml
{
    private const string Style =
        "<style>.dni-code-hint{font-style:italic;overflow:hidden;white-space:nowrap}" +
        ".dni-treeview{white-space:nowrap}details.dni-treeview{padding-left:1em}" +
        ".dni-table{overflow-x:auto}.dni-table td,.dni-table th,.dni-treeview td{text-align:start;vertical-align:top}" +
        ".dni-table td.dni-number{text-align:end}.dni-table pre,.dni-treeview pre{margin:0}</style>";

    /// <summary>Writes one output, with the style it needs.</summary>
    public static string Write(Shape shape)
    {
        StringBuilder html = new();
        Append(html, shape, isRoot: true);
        return shape is GridShape or MembersShape ? html.Append(Style).ToString() : html.ToString();
    }

    private static void Append(StringBuilder html, Shape shape, bool isRoot = false)
    {
        switch (shape)
        {
            case TextShape text:
                AppendText(html, text.Text);
                break;
            case FormattedShape { Html: { } formatted }:
                html.Append(formatted);
                break;
            case FormattedShape formatted:
                AppendText(html, formatted.Text);
                break;
            case ListShape { Items.Count: 0, More: null }:
                html.Append("<i>(empty)</i>");
                break;
            case ListShape list:
                AppendText(html, ShapeText.Write(list));
                break;
            case GridShape grid:
                AppendGrid(html, grid);
                break;
            case MembersShape members:
                AppendMembers(html, members, isRoot);
                break;
        }
    }

    private static void AppendText(StringBuilder html, string text) =>
        html.Append("<div class=\"dni-plaintext\"><pre>").Append(WebUtility.HtmlEncode(text)).Append("</pre></div>");

    private static void AppendGrid(StringBuilder html, GridShape grid)
    {
        html.Append("<div class=\"dni-table\"><table><thead><tr>");
        for (int column = 0; column < grid.Columns.Count; column++)
        {
            string name = WebUtility.HtmlEncode(grid.Columns[column]);
            html.Append(column < grid.LeadColumns ? $"<th><i>{name}</i></th>" : $"<th>{name}</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<Shape> row in grid.Rows)
        {
            html.Append("<tr>");
            for (int column = 0; column < row.Count; column++)
            {
                AppendCell(html, row[column], isLead: column < grid.LeadColumns);
            }

            html.Append("</tr>");
        }

        if (grid.More is not null)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td colspan=\"{grid.Columns.Count}\"><i>{grid.More}</i></td></tr>");
        }

        html.Append("</tbody></table></div>");
    }

    private static void AppendCell(StringBuilder html, Shape cell, bool isLead)
    {
        html.Append(!isLead && cell is TextShape { IsNumber: true } ? "<td class=\"dni-number\">" : "<td>");
        if (isLead && cell is TextShape lead)
        {
            html.Append(WebUtility.HtmlEncode(lead.Text));
        }
        else
        {
            Append(html, cell);
        }

        html.Append("</td>");
    }

    private static void AppendMembers(StringBuilder html, MembersShape members, bool isRoot)
    {
        html.Append(isRoot ? "<details open=\"open\" class=\"dni-treeview\">" : "<details class=\"dni-treeview\">")
            .Append("<summary><span class=\"dni-code-hint\"><code>")
            .Append(WebUtility.HtmlEncode(ShapeText.Brief(members, 100)))
            .Append("</code></span></summary><div><table><thead><tr></tr></thead><tbody>");
        foreach ((string name, Shape value) in members.Members)
        {
            html.Append("<tr><td>").Append(WebUtility.HtmlEncode(name)).Append("</td><td>");
            Append(html, value);
            html.Append("</td></tr>");
        }

        html.Append("</tbody></table></div></details>");
    }
}
