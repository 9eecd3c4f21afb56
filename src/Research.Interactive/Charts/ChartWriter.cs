using System.Text.Json;
using Microsoft.FSharp.Collections;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;
using Research.Plotting;
using Figure = Research.Plotting.Figure;

namespace Research.Interactive.Charts;

/// <summary>Writes a figure's plotly JSON as Plotly.NET's own objects, which its functions know by their types.</summary>
internal static class ChartWriter
{
    public static GenericChart Write(Figure figure)
    {
        using JsonDocument json = JsonDocument.Parse(figure.ToPlotlyJson());
        JsonElement root = json.RootElement;
        Layout layout = Fill(new Layout(), root.GetProperty("layout"));
        LinearAxis vertical = (LinearAxis)layout.GetPropertyValue("yaxis");
        if (figure.Content.IncludedY is { Length: > 0 } included)
        {
            if (included.All(value => value == 0))
            {
                vertical.RemoveProperty("range");
                vertical.SetProperty("rangemode", "tozero");
            }
        }
        else
        {
            vertical.RemoveProperty("range");
        }

        LabelLines(layout, figure.Content);
        FSharpList<Trace> traces = ListModule.OfSeq(root.GetProperty("data").EnumerateArray().Select(Trace));
        return GenericChart.fromChartDTO(
            ChartDTO.create(traces, layout, Fill(new Config(), root.GetProperty("config"))));
    }

    // A line's own label follows it to another scale; a note, which counts in exponents there, would not.
    private static void LabelLines(Layout layout, FigureContent figure)
    {
        IEnumerable<ReferenceLine> lines = figure.References.Where(line => ValueRange.IsDrawable(line.Y, figure.LogY));
        foreach ((Shape shape, ReferenceLine line) in ((List<Shape>)layout.GetPropertyValue("shapes")).Zip(lines))
        {
            ShapeLabel label = new();
            label.SetProperty("text", PlotlyJson.Escape(line.Label));
            label.SetProperty("textposition", "start");
            shape.SetProperty("label", label);
        }

        layout.RemoveProperty("annotations");
    }

    private static Trace Trace(JsonElement trace) =>
        Fill(new Trace2D(trace.GetProperty("type").GetString()!), trace);

    private static T Fill<T>(T target, JsonElement source)
        where T : DynamicObj.DynamicObj
    {
        foreach (JsonProperty property in source.EnumerateObject())
        {
            if (property.Name != "type" || target is not Plotly.NET.Trace) // A trace has its type already.
            {
                target.SetProperty(property.Name, Value(property.Name, property.Value));
            }
        }

        return target;
    }

    private static object? Value(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Fill(Empty(name), value),
        JsonValueKind.Array when name == "shapes" => value.EnumerateArray().Select(one => Fill(new Shape(), one)).ToList(),
        JsonValueKind.Array => value.EnumerateArray().Select(one => Value("", one)).ToArray(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out int whole) ? whole : value.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        _ => null,
    };

    private static DynamicObj.DynamicObj Empty(string name) => name switch
    {
        "title" => new Title(),
        "font" => new Font(),
        "legend" => new Legend(),
        "hoverlabel" => new Hoverlabel(),
        "xaxis" or "yaxis" => new LinearAxis(),
        "line" => new Line(),
        "marker" => new Marker(),
        _ => new PlainObject(),
    };

    /// <summary>An object without functions of its own in Plotly.NET.</summary>
    private sealed class PlainObject : DynamicObj.DynamicObj;
}
