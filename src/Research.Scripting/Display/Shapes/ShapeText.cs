using System.Text;

namespace Research.Scripting.Display.Shapes;

/// <summary>Writes shapes as text, for consoles and for front ends that show no HTML.</summary>
internal static class ShapeText
{
    private const int BriefLength = 60;

    public static string Write(Shape shape) => shape switch
    {
        TextShape text => text.Text,
        FormattedShape formatted => formatted.Text,
        ListShape list => OneLine(list, int.MaxValue),
        MembersShape { IsTuple: true } tuple when tuple.Members.All(member => member.Value is TextShape) =>
            Brief(tuple, int.MaxValue),
        MembersShape members => string.Join('\n', Lines(members)) is { Length: > 0 } lines ? lines : "{ }",
        GridShape grid => TextGrid.Write(grid),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "There is no such shape."),
    };

    /// <summary>Writes a shape on one line of bounded length.</summary>
    public static string Brief(Shape shape, int length = BriefLength)
    {
        string text = shape switch
        {
            TextShape scalar => Escape(scalar.Text),
            FormattedShape formatted => Escape(formatted.Text),
            ListShape list => OneLine(list, length),
            GridShape grid => $"({grid.Rows.Count}{(grid.More is null ? "" : "+")} items)",
            MembersShape { Description: { } description } => Escape(description),
            MembersShape { IsTuple: true } tuple =>
                $"({string.Join(", ", tuple.Members.Select(member => Brief(member.Value, length)))})",
            MembersShape members => $"{members.TypeName} {{ {string.Join(", ", members.Members.Select(
                member => $"{member.Name} = {Brief(member.Value, length / 2)}"))} }}".TrimStart(),
            _ => "",
        };
        return text.Length <= length ? text : $"{text.AsSpan(0, Math.Max(0, length - 3))}...";
    }

    private static string OneLine(ListShape list, int length)
    {
        IEnumerable<string> items = list.Items.Select(item => length == int.MaxValue
            ? Brief(item, ShapeBudget.MaximumInnerText)
            : Brief(item, length));
        string more = list.More is null ? "" : $" ... {list.More}";
        return list.Items.Count == 0 && list.More is null ? "[ ]" : $"[ {string.Join(", ", items)}{more} ]";
    }

    private static IEnumerable<string> Lines(MembersShape members)
    {
        string heading = members.Description is { } description ? Escape(description) : members.TypeName;
        if (heading.Length > 0)
        {
            yield return heading;
        }

        string indent = heading.Length > 0 ? "  " : "";
        foreach ((string name, Shape value) in members.Members)
        {
            foreach (string line in Member(name, value))
            {
                yield return indent + line;
            }
        }
    }

    private static IEnumerable<string> Member(string name, Shape value)
    {
        if (value is TextShape or FormattedShape or ListShape or MembersShape { IsTuple: true })
        {
            return [$"{name}: {Brief(value, ShapeBudget.MaximumInnerText)}"];
        }

        string[] lines = Write(value).Split('\n');
        return value is MembersShape { TypeName.Length: > 0 } or MembersShape { Description.Length: > 0 }
            ? [$"{name}: {lines[0]}", .. lines.Skip(1)]
            : [$"{name}:", .. lines.Select(line => $"  {line}")];
    }

    private static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny('\n', '\r', '\t') < 0)
        {
            return text;
        }

        return new StringBuilder(text).Replace("\r\n", "\\n").Replace("\n", "\\n").Replace("\r", "\\r")
            .Replace("\t", "\\t").ToString();
    }
}
