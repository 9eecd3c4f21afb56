using System.Collections;
using System.Globalization;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shapes sequences: values without parts on one line, objects as a table of their members.</summary>
internal static class SequenceShapes
{
    public static Shape Of(IEnumerable sequence, ShapeReader reader, int depth)
    {
        bool isDictionary = SequenceFacts.IsDictionary(sequence.GetType());
        List<object?> items = Head(sequence, out string? more);
        if (isDictionary)
        {
            return items.Count == 0 ? new ListShape([], more) : Dictionary(items, more, reader, depth);
        }

        Shape[] shapes = [.. items.Select(item => reader.Inner(item, depth + 1))];
        return Array.TrueForAll(shapes, IsInline)
            ? new ListShape(shapes, more)
            : Table("index", [.. Enumerable.Range(0, shapes.Length).Select(Index)], items, shapes, more);
    }

    /// <summary>Reads as many items as are shown; a lazy sequence runs no further than that.</summary>
    private static List<object?> Head(IEnumerable sequence, out string? more)
    {
        int limit = SequenceFacts.LimitOf(sequence.GetType());
        List<object?> items = [];
        IEnumerator enumerator = sequence.GetEnumerator();
        try
        {
            more = null;
            while (enumerator.MoveNext())
            {
                if (items.Count == limit)
                {
                    more = SequenceFacts.CountOf(sequence) is { } count
                        ? string.Create(CultureInfo.InvariantCulture, $"({count - limit} more)")
                        : "(more)";
                    break;
                }

                items.Add(enumerator.Current);
            }
        }
        finally
        {
            (enumerator as IDisposable)?.Dispose();
        }

        return items;
    }

    private static GridShape Dictionary(List<object?> entries, string? more, ShapeReader reader, int depth)
    {
        object?[] keys = [.. entries.Select(entry => Part(entry!, "Key"))];
        object?[] values = [.. entries.Select(entry => Part(entry!, "Value"))];
        Shape[] shownKeys = [.. keys.Select(key => reader.Inner(key, depth + 1))];
        Shape[] shownValues = [.. values.Select(value => reader.Inner(value, depth + 1))];
        return Table("key", shownKeys, values, shownValues, more);
    }

    private static object? Part(object entry, string name) => MemberTable.Of(entry.GetType()).Members
        .Where(member => member.Name == name).Select(member => MemberTable.Read(member, entry)).FirstOrDefault();

    private static GridShape Table(
        string leadName, Shape[] lead, IReadOnlyList<object?> items, Shape[] shapes, string? more)
    {
        string[] types = [.. items.Select(item => item is null ? "" : TypeNames.Of(item.GetType()))];
        bool mixed = types.Where(type => type.Length > 0).Distinct().Count() > 1;
        bool hasMembers = Array.Exists(shapes, shape => shape is MembersShape) && Enumerable.Range(0, items.Count)
            .All(i => items[i] is null || shapes[i] is MembersShape);
        string[] names = hasMembers ? ColumnsOf(shapes) : ["value"];
        return new GridShape(
            [leadName, .. mixed ? (string[])["type"] : [], .. names],
            mixed ? 2 : 1,
            [
                .. shapes.Select((shape, i) => (IReadOnlyList<Shape>)
                [
                    lead[i],
                    .. mixed ? (Shape[])[new TextShape(types[i])] : [],
                    .. hasMembers ? CellsOf(shape, names) : [shape],
                ]),
            ],
            more);
    }

    private static string[] ColumnsOf(Shape[] shapes) =>
    [
        .. shapes.OfType<MembersShape>().SelectMany(shape => shape.Members.Select(member => member.Name))
            .Distinct(StringComparer.Ordinal).Take(ShapeBudget.MaximumMembers),
    ];

    // A null item says so in its first cell.
    private static IEnumerable<Shape> CellsOf(Shape shape, string[] names)
    {
        Shape empty = new TextShape("");
        if (shape is not MembersShape item)
        {
            return names.Select((_, column) => column == 0 ? shape : empty);
        }

        Dictionary<string, Shape> members = new(StringComparer.Ordinal);
        foreach ((string name, Shape value) in item.Members)
        {
            members.TryAdd(name, value);
        }

        return names.Select(name => members.GetValueOrDefault(name, empty));
    }

    private static Shape Index(int index) =>
        new TextShape(index.ToString(CultureInfo.InvariantCulture), IsNumber: true);

    private static bool IsInline(Shape shape) => shape is TextShape or FormattedShape { Html: null };
}
