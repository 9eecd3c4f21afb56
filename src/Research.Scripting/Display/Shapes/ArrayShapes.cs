using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shapes arrays of several dimensions: two as a table, more as a table for each leading index.</summary>
internal static class ArrayShapes
{
    public static Shape Of(Array array, ShapeReader reader, int depth) => Slice(array, [], reader, depth);

    private static Shape Slice(Array array, int[] prefix, ShapeReader reader, int depth)
    {
        reader.Enter();
        if (array.Rank - prefix.Length == 2)
        {
            return Matrix(array, prefix, reader, depth);
        }

        int length = array.GetLength(prefix.Length);
        int count = Math.Min(length, Math.Min(reader.Items, Formatter.ListExpansionLimit));
        int first = array.GetLowerBound(prefix.Length);
        string rest = string.Concat(Enumerable.Repeat(", *", array.Rank - prefix.Length - 1));
        return new MembersShape(
            prefix.Length == 0 ? TypeNames.OfArray(array) : "",
            null,
            [
                .. Enumerable.Range(first, count).Select(index =>
                    ($"[{string.Concat(prefix.Select(outer => $"{outer}, "))}{index}{rest}]",
                        reader.IsSpent
                            ? (Shape)new TextShape("...")
                            : Slice(array, [.. prefix, index], reader, depth + 1))),
                .. count < length ? ((string, Shape)[])[("...", new TextShape(SequenceShapes.More(length, count)!))] : [],
            ]);
    }

    private static GridShape Matrix(Array array, int[] prefix, ShapeReader reader, int depth)
    {
        int limit = Math.Min(reader.Items, Formatter.ListExpansionLimit);
        int height = array.GetLength(prefix.Length);
        int width = array.GetLength(prefix.Length + 1);
        int[] rows = [.. Enumerable.Range(array.GetLowerBound(prefix.Length), Math.Min(height, limit))];
        int[] columns = [.. Enumerable.Range(array.GetLowerBound(prefix.Length + 1), Math.Min(width, limit))];
        string[] hidden = width > limit ? ["..."] : [];
        string[] shown = [.. columns.Select(column => column.ToString(CultureInfo.InvariantCulture)), .. hidden];
        return new GridShape(
            ["index", .. shown],
            1,
            [
                .. rows.Select(row => (IReadOnlyList<Shape>)
                [
                    new TextShape(row.ToString(CultureInfo.InvariantCulture), IsNumber: true),
                    .. columns.Select(column => reader.Inner(() => array.GetValue([.. prefix, row, column]), depth + 1)),
                    .. hidden.Select(text => new TextShape(text)),
                ]),
            ],
            height <= limit && width <= limit ? null : $"({TypeNames.OfArray(array)})");
    }
}
