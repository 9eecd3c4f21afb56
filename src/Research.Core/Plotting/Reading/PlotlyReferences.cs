using System.Collections.Immutable;
using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>Reads the horizontal lines across the plot, and the notes that name them.</summary>
internal static class PlotlyReferences
{
    /// <exception cref="NotSupportedException">There is another shape, or a note on something else.</exception>
    public static ImmutableArray<ReferenceLine> Read(PlotlyAttributes layout, bool logY)
    {
        List<ReferenceLine> lines = [.. layout.Items("shapes").Select((shape, index) => Line(layout, shape, index))];
        IReadOnlyList<JsonElement> notes = layout.Items("annotations");
        int named = 0;
        for (int i = 0; i < notes.Count; i++)
        {
            PlotlyAttributes note = new(notes[i], $"{layout.Place}.annotations[{i}]");
            double? height = note.Number("y");
            int line = note.Has("showarrow") || (note.Mentions("showarrow") is false) || note.Text("yref") is not (null or "y")
                ? -1
                : lines.FindIndex(named, one => Near(height, logY ? Math.Log10(one.Y) : one.Y) && one.Label.Length == 0);
            if (line < 0)
            {
                throw layout.Refused("annotations");
            }

            lines[line] = lines[line] with { Label = PlotlyText.Read(note.Text("text")) };
        }

        return [.. lines];
    }

    private static ReferenceLine Line(PlotlyAttributes layout, JsonElement element, int index)
    {
        PlotlyAttributes shape = new(element, $"{layout.Place}.shapes[{index}]");
        shape.Allow("type", "line");
        shape.Allow("xref", "paper", "x domain");
        shape.Allow("yref", "y");
        bool isAcross = shape.Has("type") && shape.Has("xref") && shape.Number("x0") == 0 && shape.Number("x1") == 1;
        return isAcross && shape.Number("y0") is { } y && shape.Number("y1") == y
            ? new ReferenceLine(y, PlotlyText.Read(shape.Object("label").Text("text")))
            : throw layout.Refused("shapes");
    }

    private static bool Near(double? left, double right) =>
        left is { } value && Math.Abs(value - right) <= 1e-12 * Math.Abs(right);
}
