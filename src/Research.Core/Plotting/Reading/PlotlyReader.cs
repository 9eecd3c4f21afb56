using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>Reads plotly's JSON as a figure, if a figure can draw all that it says.</summary>
internal static class PlotlyReader
{
    private const int MostCharacters = 32_000_000;
    private const int MostTraces = 1000;
    private const int MostPoints = 1_000_000;
    private const int MostDepth = 64;

    /// <exception cref="FormatException">It is no plotly figure, or too large.</exception>
    /// <exception cref="NotSupportedException">A figure cannot draw it; the message names the first reason.</exception>
    public static FigureContent Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MostCharacters)
        {
            throw new FormatException($"Expected at most {MostCharacters} characters; got {json.Length}.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
            return Read(new PlotlyAttributes(document.RootElement, "figure"));
        }
        catch (JsonException exception)
        {
            throw new FormatException($"Expected JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"Expected plotly's JSON: {exception.Message}", exception); // A lone surrogate, say.
        }
    }

    private static FigureContent Read(PlotlyAttributes root)
    {
        root.Only(PlotlyVocabulary.Root);
        if (!root.Mentions("data"))
        {
            throw new FormatException("Expected figure.data; there is none.");
        }

        if (root.Has("frames"))
        {
            throw root.Refused("frames");
        }

        PlotlyAttributes layout = root.Object("layout");
        layout.Only(PlotlyVocabulary.Layout);
        PlotlyTemplate.Check(layout);
        PlotlyAttributes xAxis = Axis(layout, "xaxis");
        PlotlyAttributes yAxis = Axis(layout, "yaxis");
        yAxis.Allow("type", "-", "linear", "log");
        bool logY = yAxis.Text("type") == "log";
        List<PlotlyTrace> traces = PlotlyBands.Fold(Traces(root), logY);
        PlotlyPositions positions = PlotlyPositions.Of(traces, xAxis, PlotlyTemplate.KeepsTexts(layout, xAxis));
        (string title, string subtitle) = Title(layout);
        FigureContent figure = new()
        {
            Title = title,
            Subtitle = subtitle,
            XLabel = TitleText(xAxis),
            YLabel = TitleText(yAxis),
            Series = [.. traces.Select((trace, index) => positions.Place(trace, Series(trace, index, logY)))],
            References = PlotlyReferences.Read(layout, logY),
            LogX = xAxis.Text("type") == "log",
            LogY = logY,
            Stacked = IsStacked(layout, traces),
            ValueLabels = traces.Any(trace => trace.HasValueLabels),
        };
        PlotlyRange.CheckHorizontal(figure, xAxis);
        return PlotlyRange.Apply(figure, yAxis);
    }

    private static List<PlotlyTrace> Traces(PlotlyAttributes root)
    {
        IReadOnlyList<JsonElement> items = root.Items("data");
        if (items.Count > MostTraces)
        {
            throw new FormatException($"Expected at most {MostTraces} traces; got {items.Count}.");
        }

        List<PlotlyTrace> traces = [];
        long points = 0;
        for (int i = 0; i < items.Count; i++)
        {
            if (PlotlyTrace.Read(items[i], i, items.Count == 1) is { } trace)
            {
                traces.Add(trace);
                points += trace.Y.Length;
            }

            if (points > MostPoints)
            {
                throw new FormatException($"Expected at most {MostPoints} points; there are more.");
            }
        }

        return traces;
    }

    private static PlotlyAttributes Axis(PlotlyAttributes layout, string name)
    {
        PlotlyAttributes axis = layout.Object(name);
        axis.Only(PlotlyVocabulary.Axis);
        axis.Allow("tickmode", "auto", "linear", "sync");
        IReadOnlyList<JsonElement> domain = axis.Items("domain");
        return domain.Count == 0 || (domain[0].ToString() is "0" or "0.0" && domain[^1].ToString() is "1" or "1.0")
            ? axis
            : throw axis.Refused("domain");
    }

    private static Series Series(PlotlyTrace trace, int index, bool logY)
    {
        // A line with one point to show is always written with a marker.
        bool isLonely = trace.Y.Count(value => ValueRange.IsDrawable(value, logY)) == 1;
        return new Series
        {
            Mark = trace.IsBars ? Mark.Bars : trace.HasLine ? Mark.Line : Mark.Points,
            Name = trace.Name,
            Y = [.. trace.Y],
            Lower = [.. trace.Lower],
            Upper = [.. trace.Upper],
            Dash = trace.HasLine ? Palette.DashBefore(trace.Dash, index) : Dash.Solid,
            Markers = trace.HasLine && trace.HasMarkers && (!isLonely || trace.HasValueLabels),
        };
    }

    private static bool IsStacked(PlotlyAttributes layout, IReadOnlyList<PlotlyTrace> traces)
    {
        PlotlyTrace[] bars = [.. traces.Where(trace => trace.IsBars)];
        if (bars.Length > 1)
        {
            layout.Allow("barmode", "group", "stack", "relative");
        }

        bool isStack = layout.Text("barmode") == "stack";
        bool isMixed = bars.Any(bar => bar.Y.Any(y => y < 0)) && bars.Any(bar => bar.Y.Any(y => y > 0));
        return isStack && isMixed && bars.Length > 1
            ? throw layout.Refused("barmode") // A figure stacks what is negative downwards.
            : isStack || layout.Text("barmode") == "relative";
    }

    private static (string Title, string Subtitle) Title(PlotlyAttributes layout)
    {
        if (layout["title"].ValueKind == JsonValueKind.String)
        {
            return PlotlyText.ReadTitle(layout.Text("title"));
        }

        PlotlyAttributes title = layout.Object("title");
        (string main, string below) = PlotlyText.ReadTitle(title.Text("text"));
        return (main, below.Length > 0 ? below : PlotlyText.Read(title.Object("subtitle").Text("text")));
    }

    private static string TitleText(PlotlyAttributes axis) => PlotlyText.Read(
        axis["title"].ValueKind == JsonValueKind.String ? axis.Text("title") : axis.Object("title").Text("text"));
}
