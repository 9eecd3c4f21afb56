using System.Text;

namespace Research.Scripting.Display.Shapes;

/// <summary>Writes a table as aligned text: numbers at the right, everything else at the left.</summary>
internal static class TextGrid
{
    private const string Gap = "  ";

    public static string Write(GridShape grid)
    {
        string[][] cells = [.. grid.Rows.Select(row => row.Select(cell => ShapeText.Brief(cell)).ToArray())];
        string[] headers = [.. grid.Columns.Select((name, column) => column < grid.LeadColumns && name == "index"
            ? ""
            : ShapeText.Brief(new TextShape(name)))];
        bool[] atRight = [.. headers.Select((_, column) => grid.Rows.Count > 0 && grid.Rows.All(
            row => row[column] is TextShape { IsNumber: true } or TextShape { Text: "" }))];
        return Write(headers, cells, atRight, grid.More);
    }

    /// <summary>Writes rows of text under their headers, left-aligned.</summary>
    public static string Write(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows) =>
        Write(headers, rows, new bool[headers.Count], null);

    private static string Write(
        IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows, bool[] atRight, string? more)
    {
        int[] widths = [.. headers.Select((header, column) =>
            rows.Aggregate(header.Length, (width, row) => Math.Max(width, row[column].Length)))];
        StringBuilder text = new();
        foreach (IReadOnlyList<string> row in rows.Prepend(headers))
        {
            IEnumerable<string> padded = row.Select((cell, column) =>
                atRight[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(string.Join(Gap, padded).TrimEnd()).Append('\n');
        }

        return more is null ? text.ToString(0, text.Length - 1) : text.Append(more).ToString();
    }
}
