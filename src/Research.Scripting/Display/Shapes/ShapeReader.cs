using System.Collections;
using System.Data;
using System.Dynamic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;

namespace Research.Scripting.Display.Shapes;

/// <summary>Reads a value's shape: each part once, in bounds, around cycles and past getters that throw.</summary>
/// <remarks>A sequence that throws while the value itself is read is the cell's failure; deeper, it is text in its
/// place.</remarks>
internal sealed class ShapeReader
{
    private readonly ShapeBudget _budget;
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    private ShapeReader(ShapeBudget budget) => _budget = budget;

    /// <summary>Gets a value's shape by its structure, whatever formatters its own type has.</summary>
    public static Shape Read(object? value)
    {
        ShapeReader reader = new(new ShapeBudget());
        return value is null ? new TextShape(Formatter.NullString)
            : reader.AsText(value) is { } text
                ? text with { Text = ShapeBudget.Cut(text.Text, ShapeBudget.MaximumText) }
                : reader.Structure(value, 0);
    }

    /// <summary>Gets the shape of a value that only has one line.</summary>
    public static Shape ReadFew(object? value) => new ShapeReader(new ShapeBudget(shapes: 30)).Inner(value, 1);

    /// <summary>Reads a part of the value.</summary>
    /// <param name="value">The part.</param>
    /// <param name="depth">How many values are around it; at least 1.</param>
    internal Shape Inner(object? value, int depth)
    {
        if (_budget.IsSpent)
        {
            return new TextShape("...");
        }

        if (value is null)
        {
            return new TextShape(_budget.Take(Formatter.NullString));
        }

        try
        {
            return RegisteredFormatters.Format(value) is { } formatted
                ? formatted with { Text = _budget.Take(formatted.Text) }
                : value is Exception exception
                    ? new TextShape(_budget.Take($"{TypeNames.Of(exception.GetType())}: {exception.Message}"))
                : AsText(value) is { } text
                    ? text with { Text = _budget.Take(text.Text) }
                : depth >= Math.Max(1, Formatter.RecursionLimit) || _open.Contains(value)
                    ? new TextShape(_budget.Take(Summary(value)))
                    : Structure(value, depth);
        }
        catch (Exception exception) // The user's getter, enumerator or ToString: the rest can still be shown.
        {
            return new TextShape(_budget.Take(Failure(exception)));
        }
    }

    private static string Failure(Exception exception)
    {
        Exception cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        return $"({TypeNames.Of(cause.GetType())}: {cause.Message})";
    }

    private TextShape? AsText(object value) => value switch
    {
        byte[] bytes => Bytes(bytes),
        ReadOnlyMemory<byte> memory => Bytes(memory.Span),
        Memory<byte> memory => Bytes(memory.Span),
        ReadOnlyMemory<char> memory => new TextShape(memory.ToString()),
        JsonNode or JsonElement or JsonDocument => new TextShape(JsonSerializer.Serialize(value)),
        _ when ScalarText.IsText(value.GetType()) =>
            new TextShape(ScalarText.Of(value), ScalarText.IsNumber(value.GetType())),
        _ when PackageValues.JsonLineOf(value) is { } json => new TextShape(json),
        _ => null,
    };

    private TextShape Bytes(ReadOnlySpan<byte> bytes) =>
        new(_open.Count == 0 ? HexDump.Of(bytes) : HexDump.Brief(bytes));

    private string Summary(object value)
    {
        string name = TypeNames.Of(value.GetType());
        return _open.Contains(value) ? $"({name}, shown above)"
            : MemberTable.Of(value.GetType()).IsDescribed ? value.ToString() ?? name
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
                IDataRecord record and not IEnumerable => Record(record, depth), // A reader is a sequence of records.
                IDynamicMetaObjectProvider and IEnumerable<KeyValuePair<string, object?>> members =>
                    Dynamic(members, depth),
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

    private Shape Members(object value, int depth)
    {
        MemberTable table = MemberTable.Of(value.GetType());
        string? description = table.IsDescribed ? _budget.Take(value.ToString() ?? "") : null;
        string name = TypeNames.Of(value.GetType());
        if (table.Members.Count == 0)
        {
            return new TextShape(description ?? (name.Length > 0 ? name : "{ }"));
        }

        return new MembersShape(
            name, description, [.. table.Members.Select(member => (member.Name, Member(member, value, depth + 1)))]);
    }

    private Shape Member(MemberInfo member, object instance, int depth)
    {
        try
        {
            return _budget.IsSpent ? new TextShape("...") : Inner(MemberTable.Read(member, instance), depth);
        }
        catch (TargetInvocationException exception)
        {
            return new TextShape(_budget.Take(Failure(exception)));
        }
    }

    private MembersShape Tuple(ITuple tuple, int depth) => new(
        "",
        null,
        [.. Enumerable.Range(0, tuple.Length).Select(index => ($"Item{index + 1}", Inner(tuple[index], depth + 1)))],
        IsTuple: true);

    private MembersShape Record(IDataRecord record, int depth) => new(
        TypeNames.Of(record.GetType()),
        null,
        [
            .. Enumerable.Range(0, Math.Min(record.FieldCount, ShapeBudget.MaximumMembers))
                .Select(field => (record.GetName(field), Inner(TableShapes.Cell(record.GetValue(field)), depth + 1))),
        ]);

    private MembersShape Dynamic(IEnumerable<KeyValuePair<string, object?>> members, int depth) => new(
        "",
        null,
        [
            .. members.Take(ShapeBudget.MaximumMembers)
                .Select(member => (member.Key, Inner(member.Value, depth + 1))),
        ]);
}
