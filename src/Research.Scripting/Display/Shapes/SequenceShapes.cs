using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Reflection;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shapes sequences: values without parts on one line, objects as a table of their members.</summary>
internal static class SequenceShapes
{
    public static Shape Of(IEnumerable sequence, ShapeReader reader, int depth)
    {
        if (reader.LeavesLazies && !SequenceFacts.IsStored(sequence))
        {
            return new TextShape(reader.Take("(not enumerated)"));
        }

        List<object?> items = Head(sequence, reader, depth, out string? more);
        if (SequenceFacts.IsDictionary(sequence.GetType()) && items.TrueForAll(IsEntry))
        {
            return items.Count == 0 ? new ListShape([], more) : Dictionary(items, more, reader, depth);
        }

        Shape[] shapes = [.. items.Select(item => reader.Inner(item, depth + 1))];
        return Array.TrueForAll(shapes, IsInline)
            ? new ListShape(shapes, more)
            : Table("index", [.. Enumerable.Range(0, shapes.Length).Select(Index)], items, shapes, more, reader);
    }

    /// <summary>Shapes a collection that yields only its keys.</summary>
    public static Shape Of(NameValueCollection values, ShapeReader reader, int depth)
    {
        int shown = Math.Min(values.Count, Math.Min(reader.Items, SequenceFacts.LimitOf(values.GetType())));
        List<object?> entries =
        [
            .. Enumerable.Range(0, shown).Select(index =>
                (object)KeyValuePair.Create(values.GetKey(index), values.Get(index))),
        ];
        return entries.Count == 0 ? new ListShape([], More(values.Count, shown))
            : Dictionary(entries, More(values.Count, shown), reader, depth);
    }

    /// <summary>Shapes one group of a <c>group by</c>: its key belongs to it.</summary>
    public static Shape OfGroup(object key, IEnumerable items, ShapeReader reader, int depth) => new MembersShape(
        "", null, [("Key", reader.Inner(key, depth + 1)), ("Items", Of(items, reader, depth + 1))]);

    /// <summary>Says how many items there are beyond those shown, or null.</summary>
    public static string? More(long count, long shown) =>
        count > shown ? string.Create(CultureInfo.InvariantCulture, $"({count - shown} more)") : null;

    /// <summary>Reads as many items as are shown; a lazy sequence runs no further than that.</summary>
    private static List<object?> Head(IEnumerable sequence, ShapeReader reader, int depth, out string? more)
    {
        int limit = Math.Min(SequenceFacts.LimitOf(sequence.GetType()), reader.Items);
        List<object?> items = [];
        more = null;
        try
        {
            IEnumerator enumerator = sequence.GetEnumerator();
            try
            {
                while (enumerator.MoveNext())
                {
                    if (items.Count == limit)
                    {
                        more = SequenceFacts.CountOf(sequence) is { } count && More(count, limit) is { } known
                            ? known
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
        }
        catch (Exception exception) when (items.Count > 0 && ShapeReader.MayShow(exception, sequence, depth))
        {
            more = reader.Take(ShapeReader.Failure(exception)); // After the items that came before it.
        }

        return items;
    }

    private static bool IsEntry(object? item) => item is DictionaryEntry ||
        (item?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    private static GridShape Dictionary(List<object?> entries, string? more, ShapeReader reader, int depth)
    {
        object?[] keys = [.. entries.Select(entry => Part(entry!, "Key"))];
        object?[] values = [.. entries.Select(entry => Part(entry!, "Value"))];
        Shape[] shownKeys = [.. keys.Select(key => reader.Inner(key, depth + 1))];
        Shape[] shownValues =
        [
            .. values.Select((value, i) => reader.Inner(keys[i] as string, () => value, depth + 1)),
        ];
        return Table("key", shownKeys, values, shownValues, more, reader);
    }

    private static object? Part(object entry, string name) =>
        MemberTable.Read((MemberInfo)entry.GetType().GetProperty(name)!, entry);

    private static GridShape Table(
        string leadName,
        Shape[] lead,
        IReadOnlyList<object?> items,
        Shape[] shapes,
        string? more,
        ShapeReader reader)
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
                    .. mixed ? (Shape[])[new TextShape(reader.TakeName(types[i]))] : [],
                    .. hasMembers ? CellsOf(shape, names) : [shape],
                ]),
            ],
            more);
    }

    private static string[] ColumnsOf(Shape[] shapes)
    {
        string[] names =
        [
            .. shapes.OfType<MembersShape>().SelectMany(shape => shape.Members.Select(member => member.Name))
                .Distinct(StringComparer.Ordinal),
        ];
        return names.Length <= ShapeBudget.MaximumMembers + 1 ? names : names[..(ShapeBudget.MaximumMembers + 1)];
    }

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
