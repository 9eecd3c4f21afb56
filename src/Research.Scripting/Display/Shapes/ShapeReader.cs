using System.Collections;
using System.Collections.Specialized;
using System.Data;
using System.Dynamic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;
using Research.Interactive.Secrecy;
using Research.Scripting.Compilation;

namespace Research.Scripting.Display.Shapes;

/// <summary>Reads a value's shape: each part once, in bounds, around cycles and past getters that throw.</summary>
/// <remarks>What fails is text in its place. A lazy sequence that throws while the value itself is read is the cell's
/// failure: it is the cell's own code that ran.</remarks>
internal sealed class ShapeReader
{
    private readonly ShapeBudget _budget;
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    private ShapeReader(ShapeBudget budget) => _budget = budget;

    /// <summary>Gets whether sequences that would have to run are only named.</summary>
    public bool LeavesLazies { get; private init; }

    /// <summary>Gets whether nothing more should be read.</summary>
    public bool IsSpent => _budget.IsSpent;

    /// <summary>Gets the most items of a sequence that may be read.</summary>
    public int Items => _budget.Items;

    /// <summary>Gets a value's shape by its structure, whatever formatters its own type has.</summary>
    public static Shape Read(object? value)
    {
        ShapeReader reader = new(new ShapeBudget());
        if (value is null)
        {
            return new TextShape(Formatter.NullString ?? "");
        }

        try
        {
            return reader.AsText(value) is { } text
                ? new TextShape(ShapeBudget.Cut(text.Text, ShapeBudget.MaximumText, text.Length), text.IsNumber)
                : reader.Structure(value, 0);
        }
        catch (Exception exception) when (MayShow(exception, value, 0))
        {
            return new TextShape(ShapeBudget.Cut(Failure(exception), ShapeBudget.MaximumText));
        }
    }

    /// <summary>Gets the shape of a value that only has one line; no query runs for it.</summary>
    public static Shape ReadFew(object? value) =>
        new ShapeReader(new ShapeBudget(shapes: 30)) { LeavesLazies = true }.Inner(value, 1);

    /// <summary>Reads a part of the value.</summary>
    /// <param name="value">The part.</param>
    /// <param name="depth">How many values are around it; at least 1.</param>
    internal Shape Inner(object? value, int depth)
    {
        if (_budget.IsSpent)
        {
            return new TextShape("...");
        }

        _budget.Enter();
        try
        {
            return value is null ? new TextShape(_budget.Take(Formatter.NullString ?? "")) : Part(value, depth);
        }
        catch (Exception exception) when (!Interruptible.IsInterrupted) // The user's getter, enumerator or ToString.
        {
            return new TextShape(_budget.Take(Failure(exception)));
        }
    }

    /// <summary>Reads a part that has to be asked for.</summary>
    internal Shape Inner(Func<object?> read, int depth) => Inner(null, read, depth);

    /// <summary>Reads a part that has to be asked for and has a name of its own, such as a column's.</summary>
    internal Shape Inner(string? name, Func<object?> read, int depth)
    {
        if (_budget.IsSpent)
        {
            return new TextShape("...");
        }

        object? value;
        try
        {
            value = read();
        }
        catch (Exception exception) when (!Interruptible.IsInterrupted)
        {
            _budget.Enter();
            return new TextShape(_budget.Take(Failure(exception)));
        }

        return name is not null && Secrets.Has(name, value) ? new TextShape(Secrets.Shown) : Inner(value, depth);
    }

    /// <summary>Charges for a part that is no value of its own.</summary>
    internal void Enter() => _budget.Enter();

    internal string Take(string text) => _budget.Take(text);

    internal string TakeName(string name) => _budget.TakeName(name);

    /// <summary>Tells whether a failure is text in the place of its value.</summary>
    internal static bool MayShow(Exception exception, object value, int depth) =>
        !Interruptible.IsInterrupted && exception is not OutOfMemoryException &&
        (depth > 0 || value is not IEnumerable || value is ValueType or IDataReader || SequenceFacts.IsStored(value));

    /// <summary>Says what went wrong, as text in the place of a value.</summary>
    internal static string Failure(Exception exception)
    {
        Exception cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        string name = TypeNames.Of(cause.GetType());
        try
        {
            return $"({name}: {cause.Message})";
        }
        catch (Exception) // An exception whose own message throws has only its name.
        {
            return $"({name})";
        }
    }

    private Shape Part(object value, int depth)
    {
        if (RegisteredFormatters.Format(value) is { } formatted)
        {
            return new FormattedShape(
                formatted.Html is null ? null : _budget.TakeMarkup(formatted.Html), _budget.Take(formatted.Text));
        }

        if (value is Exception exception)
        {
            return new TextShape(_budget.Take($"{TypeNames.Of(exception.GetType())}: {exception.Message}"));
        }

        if (AsText(value) is { } text)
        {
            return new TextShape(_budget.Take(text.Text, text.Length), text.IsNumber);
        }

        int limit = Math.Clamp(Formatter.RecursionLimit, 1, ShapeBudget.MaximumDepth);
        return depth >= limit || _open.Contains(value)
            ? new TextShape(_budget.Take(Summary(value)))
            : Structure(value, depth);
    }

    private (string Text, long Length, bool IsNumber)? AsText(object value)
    {
        if (SecretTypes.TextOf(value) is { } hidden)
        {
            return Whole(hidden);
        }

        switch (value)
        {
            case byte[] bytes:
                return Bytes(bytes);
            case ReadOnlyMemory<byte> memory:
                return Bytes(memory.Span);
            case Memory<byte> memory:
                return Bytes(memory.Span);
            case ReadOnlyMemory<char> memory:
                return (memory[..Math.Min(memory.Length, ShapeBudget.MaximumText)].ToString(), memory.Length, false);
            case JsonNode or JsonElement or JsonDocument:
                return Whole(JsonText.Of(value, JsonSerializerOptions.Default));
            case DataColumn column:
                return Whole($"{column.ColumnName}: {TypeNames.Of(column.DataType)}");
        }

        Type type = value.GetType();
        if (Laziness.Of(value) is { } unborn)
        {
            return Whole(unborn);
        }

        if (!ScalarText.IsText(type))
        {
            return null;
        }

        (string text, long length) = ScalarText.Of(value);
        return (text, length, ScalarText.IsNumber(type));
    }

    private (string Text, long Length, bool IsNumber) Bytes(ReadOnlySpan<byte> bytes) =>
        Whole(_open.Count == 0 ? HexDump.Of(bytes) : HexDump.Brief(bytes));

    private static (string Text, long Length, bool IsNumber) Whole(string text) => (text, text.Length, false);

    private string Summary(object value)
    {
        string name = TypeNames.Of(value.GetType());
        return _open.Contains(value) ? $"({name}, shown above)"
            : MemberTable.Of(value.GetType()).IsDescribed && !SecretTexts.Hides(value) && value.ToString() is { Length: > 0 } description
                ? description
                : name.Length > 0 ? name : "{ ... }";
    }

    private Shape Structure(object value, int depth)
    {
        bool opened = !value.GetType().IsValueType && _open.Add(value);
        try
        {
            return value switch
            {
                Array { Rank: > 1 } array => ArrayShapes.Of(array, this, depth),
                DataTable or DataView => TableShapes.Of(value, this, depth),
                TabularDataResource table => TableShapes.Of(table, this, depth),
                DataRow row => Row(row, row.Table, depth),
                DataRowView view => Row(view.Row, view.Row.Table, depth),
                IDataRecord record and not IEnumerable => Record(record, depth), // A reader is a sequence of records.
                IDynamicMetaObjectProvider and IEnumerable<KeyValuePair<string, object?>> members =>
                    Dynamic(members, depth),
                NameValueCollection values => SequenceShapes.Of(values, this, depth),
                IEnumerable group when GroupKey(group) is { } key =>
                    SequenceShapes.OfGroup(MemberTable.Read(key, group)!, group, this, depth),
                IEnumerable sequence => SequenceShapes.Of(sequence, this, depth),
                ITuple tuple => Tuple(tuple, depth),
                _ when MemorySequence.Of(value) is { } items => SequenceShapes.Of(items, this, depth),
                _ => Members(value, depth),
            };
        }
        finally
        {
            if (opened)
            {
                _open.Remove(value);
            }
        }
    }

    private static PropertyInfo? GroupKey(object value) => Array.Find(
        value.GetType().GetInterfaces(),
        face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IGrouping<,>))?.GetProperty("Key");

    private Shape Members(object value, int depth)
    {
        MemberTable table = MemberTable.Of(value.GetType());
        string name = TypeNames.Of(value.GetType());
        string? description = table.IsDescribed && !SecretTexts.Hides(value) ? Description(value) : null;
        if (table.Members.Count == 0)
        {
            return new TextShape(description ?? (name.Length > 0 ? name : "{ }"));
        }

        return Members(
            name,
            description,
            table.Members.Select(member => (member.Name, Secrets.Has(member)
                ? new TextShape(Secrets.Shown)
                : Inner(() => MemberTable.Read(member, value), depth + 1))),
            table.Hidden);
    }

    // Members that follow a text which throws can still be shown.
    private string? Description(object value)
    {
        try
        {
            return value.ToString() is { Length: > 0 } text ? _budget.Take(text) : null;
        }
        catch (Exception exception) when (!Interruptible.IsInterrupted)
        {
            return _budget.Take(Failure(exception));
        }
    }

    private MembersShape Tuple(ITuple tuple, int depth)
    {
        int shown = Math.Clamp(tuple.Length, 0, ShapeBudget.MaximumMembers);
        return Members(
            "",
            null,
            Enumerable.Range(0, shown).Select(index => ($"Item{index + 1}", Inner(() => tuple[index], depth + 1))),
            tuple.Length - shown,
            isTuple: true);
    }

    private MembersShape Record(IDataRecord record, int depth)
    {
        int shown = Math.Min(record.FieldCount, ShapeBudget.MaximumMembers);
        return Members(
            TypeNames.Of(record.GetType()),
            null,
            Enumerable.Range(0, shown).Select(field =>
                (record.GetName(field), Inner(
                    record.GetName(field), () => TableShapes.Cell(record.GetValue(field)), depth + 1))),
            record.FieldCount - shown);
    }

    private MembersShape Row(DataRow row, DataTable table, int depth)
    {
        int shown = Math.Min(table.Columns.Count, ShapeBudget.MaximumMembers);
        return Members(
            TypeNames.Of(row.GetType()),
            null,
            Enumerable.Range(0, shown).Select(column =>
                (table.Columns[column].ColumnName, Inner(
                    table.Columns[column].ColumnName, () => TableShapes.Cell(row[column]), depth + 1))),
            table.Columns.Count - shown);
    }

    private MembersShape Dynamic(IEnumerable<KeyValuePair<string, object?>> members, int depth)
    {
        KeyValuePair<string, object?>[] shown = [.. members.Take(ShapeBudget.MaximumMembers)];
        int count = SequenceFacts.CountOf(members) ?? shown.Length;
        return Members(
            "",
            null,
            shown.Select(member => (member.Key, Inner(member.Key, () => member.Value, depth + 1))),
            count - shown.Length);
    }

    private MembersShape Members(
        string name, string? description, IEnumerable<(string Name, Shape Value)> members, int hidden, bool isTuple = false)
    {
        List<(string Name, Shape Value)> shown = [];
        foreach ((string member, Shape value) in members)
        {
            shown.Add((_budget.TakeName(member), value));
        }

        if (hidden > 0)
        {
            shown.Add(("...", new TextShape(FormattableString.Invariant($"({hidden} more members)"))));
        }

        return new MembersShape(name, description, shown, isTuple);
    }
}
