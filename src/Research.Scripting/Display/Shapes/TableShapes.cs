using System.Data;
using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shapes what already is a table.</summary>
internal static class TableShapes
{
    public static GridShape Of(object table, ShapeReader reader, int depth)
    {
        DataView view = table as DataView ?? ((DataTable)table).DefaultView;
        DataColumn[] columns =
            [.. view.Table!.Columns.Cast<DataColumn>().Take(ShapeBudget.MaximumMembers)];
        int count = Math.Min(view.Count, Formatter.ListExpansionLimit);
        return new GridShape(
            ["index", .. columns.Select(column => column.ColumnName)],
            1,
            [
                .. Enumerable.Range(0, count).Select(row => (IReadOnlyList<Shape>)
                [
                    new TextShape(row.ToString(CultureInfo.InvariantCulture), IsNumber: true),
                    .. columns.Select(column => reader.Inner(Cell(view[row][column.ColumnName]), depth + 1)),
                ]),
            ],
            More(view.Count, count));
    }

    /// <summary>Shapes the table that <c>DisplayTable</c> makes; it has no index.</summary>
    public static GridShape Of(TabularDataResource table, ShapeReader reader, int depth)
    {
        string[] columns = [.. table.Schema.Fields.Select(field => field.Name).Take(ShapeBudget.MaximumMembers)];
        IEnumerable<KeyValuePair<string, object?>>[] rows = [.. table.Data];
        int count = Math.Min(rows.Length, Formatter.ListExpansionLimit);
        return new GridShape(
            columns,
            0,
            [
                .. rows.Take(count).Select(row => (IReadOnlyList<Shape>)
                [
                    .. columns.Select(column =>
                        reader.Inner(row.FirstOrDefault(cell => cell.Key == column).Value, depth + 1)),
                ]),
            ],
            More(rows.Length, count));
    }

    /// <summary>Gets a database's value; its null is null.</summary>
    public static object? Cell(object value) => value is DBNull ? null : value;

    private static string? More(int count, int shown) =>
        count > shown ? string.Create(CultureInfo.InvariantCulture, $"({count - shown} more)") : null;
}
