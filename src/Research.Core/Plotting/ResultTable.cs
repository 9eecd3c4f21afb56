using System.Reflection;
using System.Text;

namespace Research.Plotting;

/// <summary>A small table as an immutable value, which renders as HTML and as text.</summary>
/// <remarks>
/// Numbers stand right, with about four significant digits where they are fractions; null is a dash. Everything is
/// escaped, as in a <see cref="Figure"/>.
/// <code>
/// ResultTable.Of(owners.Select(o => new { o.Name, Records = o.Data.Count, Epsilon = o.Ledger.Epsilon }))
/// </code>
/// </remarks>
[TypeFormatterSource(typeof(ResultTableFormatterSource), PreferredMimeTypes = new[] { MimeTypes.Html, MimeTypes.Text })]
public sealed class ResultTable
{
    private readonly ResultColumn[] _columns;
    private readonly int _rows;

    private ResultTable(ResultColumn[] columns, int rows)
    {
        _columns = columns;
        _rows = rows;
    }

    /// <summary>Makes a table with a row for each item and a column for each of its public properties.</summary>
    /// <param name="rows">The items, such as records or anonymous objects; a property <c>HeldOutLoss</c> becomes the
    /// heading <c>held out loss</c>.</param>
    /// <exception cref="ArgumentException">The type has no public property.</exception>
    public static ResultTable Of<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        PropertyInfo[] properties =
        [
            .. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanRead && property.GetIndexParameters().Length == 0),
        ];
        if (properties.Length == 0)
        {
            throw new ArgumentException(
                $"Expected rows with public properties; {typeof(T).Name} has none.", nameof(rows));
        }

        T[] items = [.. rows];
        return new ResultTable(
            [.. properties.Select(p => ResultColumn.Of(p.Name, [.. items.Select(item => p.GetValue(item))]))],
            items.Length);
    }

    /// <summary>Renders an HTML table.</summary>
    public string ToHtml()
    {
        StringBuilder html = new("<table>\n<thead><tr>");
        foreach (ResultColumn column in _columns)
        {
            html.Append($"<th{column.Style}>{PlainText.Escape(column.Heading)}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < _rows; row++)
        {
            html.Append("<tr>");
            foreach (ResultColumn column in _columns)
            {
                string cell = PlainText.Escape(column.Cells[row]);
                string shown = HtmlTable.IsHash(column.Cells[row]) ? $"<code>{cell}</code>" : cell;
                html.Append($"<td{column.Style}>{shown}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody>\n</table>").ToString();
    }

    /// <summary>Renders aligned text, a line each row.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        WriteLine(text, column => column.Heading);
        WriteLine(text, column => new string('─', column.Width));
        for (int row = 0; row < _rows; row++)
        {
            WriteLine(text, column => column.Cells[row]);
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Renders text.</summary>
    public override string ToString() => ToText();

    private void WriteLine(StringBuilder text, Func<ResultColumn, string> cellOf)
    {
        string line = string.Join("  ", _columns.Select(column => column.Pad(cellOf(column))));
        text.Append(line.TrimEnd()).Append('\n');
    }
}
