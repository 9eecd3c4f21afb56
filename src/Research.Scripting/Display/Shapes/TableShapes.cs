using System.Data;
using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shapes what already is a table.</summary>
internal static class TableShapes
{
    public static Shape Of(object table, ShapeReader reader, int depth)
    {
        DataView view = table as DataView ?? ((DataTable)table).DefaultView;
        if (view.Table is not { Columns.Count: > 0 })
        {
            return new ListShape([], null); // A view of nothing, or a table without columns yet.
        }

        string[] columns = [.. view.Table.Columns.Cast<DataColumn>().Select(column => column.ColumnName)];
        return Grid(
            columns,
            view.Count,
            1,
            reader,
            (row, column) => reader.Inner(columns[column], () => Cell(view[row][column]), depth + 1));
    }

    /// <summary>Shapes the table that <c>DisplayTable</c> makes; it has no index.</summary>
    public static GridShape Of(TabularDataResource table, ShapeReader reader, int depth)
    {
        string[] columns = [.. table.Schema.Fields.Select(field => field.Name)];
        IEnumerable<KeyValuePair<string, object?>>[] rows = [.. table.Data];
        GridShape grid = Grid(columns, rows.Length, 0, reader, (row, column) => reader.Inner(
            columns[column], () => rows[row].FirstOrDefault(cell => cell.Key == columns[column]).Value, depth + 1));
        return TableHead.IsHead(table) && grid.More is not null ? grid with { More = "(more)" } : grid;
    }

    /// <summary>Gets a database's value; its null is null.</summary>
    public static object? Cell(object value) => value is DBNull ? null : value;

    private static GridShape Grid(
        string[] columns, int count, int lead, ShapeReader reader, Func<int, int, Shape> cell)
    {
        int rows = Math.Min(count, Math.Min(reader.Items, Formatter.ListExpansionLimit));
        int width = Math.Min(columns.Length, ShapeBudget.MaximumMembers);
        string[] hidden = columns.Length > width
            ? [string.Create(CultureInfo.InvariantCulture, $"({columns.Length - width} more columns)")]
            : [];
        return new GridShape(
            [.. lead > 0 ? (string[])["index"] : [], .. columns[..width].Select(reader.TakeName), .. hidden],
            lead,
            [
                .. Enumerable.Range(0, rows).Select(row => (IReadOnlyList<Shape>)
                [
                    .. lead > 0
                        ? (Shape[])[new TextShape(row.ToString(CultureInfo.InvariantCulture), IsNumber: true)]
                        : [],
                    .. Enumerable.Range(0, width).Select(column => cell(row, column)),
                    .. hidden.Select(_ => new TextShape("...")),
                ]),
            ],
            SequenceShapes.More(count, rows));
    }
}
