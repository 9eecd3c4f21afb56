using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>One trace of a plotly figure, as it is written: N points.</summary>
internal sealed record PlotlyTrace
{
    private const int ShownMarkers = 20; // Lines of fewer points have markers unless they say otherwise.

    private PlotlyTrace(PlotlyAttributes attributes) => Attributes = attributes;

    public PlotlyAttributes Attributes { get; }

    public required bool IsBars { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets positions, [N]: numbers, texts, or null.</summary>
    public required object?[] X { get; init; }

    /// <summary>Gets values, [N]; NaN is a gap.</summary>
    public required double[] Y { get; init; }

    public double[] Lower { get; init; } = [];

    public double[] Upper { get; init; } = [];

    public bool HasLine { get; private init; }

    public bool HasMarkers { get; private init; }

    /// <summary>Gets whether each point's value is written beside it.</summary>
    public bool HasValueLabels { get; private init; }

    public Dash Dash { get; private init; }

    public string Group => Attributes.Text("legendgroup") ?? "";

    public string Fill => Attributes.Text("fill") ?? "none";

    /// <summary>Reads a trace; null for one that is not shown.</summary>
    /// <param name="element">The trace.</param>
    /// <param name="index">Its place among the traces.</param>
    /// <param name="isAlone">Whether it is the only one, which needs no name.</param>
    /// <exception cref="NotSupportedException">A figure cannot draw it; the message names the first reason.</exception>
    /// <exception cref="FormatException">It is no trace.</exception>
    public static PlotlyTrace? Read(JsonElement element, int index, bool isAlone)
    {
        PlotlyAttributes trace = new(element, $"data[{index}]");
        trace.Allow("type", "scatter", "scattergl", "bar");
        if (trace.IsFalse("visible"))
        {
            return null;
        }

        if (trace["visible"].ValueKind is JsonValueKind.String)
        {
            throw trace.Refused("visible");
        }

        Check(trace);
        bool isBars = trace.Text("type") == "bar";
        double[] y = Numbers(trace, "y");
        object?[] x = Positions(trace, y.Length);
        int count = Math.Min(x.Length, y.Length);
        (x, y) = (x[..count], y[..count]);
        string mode = isBars ? "" : trace.Text("mode") ?? (count < ShownMarkers ? "lines+markers" : "lines");
        string[] parts = mode.Split('+');
        if (!isBars && parts.Any(part => part is not ("lines" or "markers" or "text")) || mode == "text")
        {
            throw trace.Refused("mode");
        }

        PlotlyTrace read = new(trace)
        {
            IsBars = isBars,
            Name = trace.Mentions("name") ? PlotlyText.Read(trace.Text("name")) : isAlone ? "" : $"trace {index}",
            X = x,
            Y = y,
            HasLine = parts.Contains("lines"),
            HasMarkers = parts.Contains("markers"),
            HasValueLabels = LabelsValues(trace, y, isBars ? trace.Text("textposition") != "none" : parts.Contains("text")),
            Dash = DashOf(trace.Object("line")),
        };
        return ErrorBars(trace, read);
    }

    private static void Check(PlotlyAttributes trace)
    {
        trace.Only(PlotlyVocabulary.Trace);
        trace.Allow("orientation", "v");
        trace.Allow("xaxis", "x");
        trace.Allow("yaxis", "y");
        PlotlyAttributes line = trace.Object("line");
        line.Only(PlotlyVocabulary.Line);
        line.Allow("shape", "linear");
        PlotlyAttributes marker = trace.Object("marker");
        marker.Only(PlotlyVocabulary.Marker);
        foreach (string name in PlotlyVocabulary.EncodingMarker)
        {
            if (marker[name].ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            {
                throw marker.Refused(name);
            }
        }
    }

    private static double[] Numbers(PlotlyAttributes trace, string name) =>
        [.. PlotlyArray.Read(trace, name).Select(value => PlotlyArray.Number(value) ?? throw trace.Refused(name))];

    private static object?[] Positions(PlotlyAttributes trace, int count)
    {
        if (trace.Mentions("x"))
        {
            return PlotlyArray.Read(trace, "x");
        }

        double start = trace.Number("x0") ?? 0;
        double step = trace.Number("dx") ?? 1;
        return [.. Enumerable.Range(0, count).Select(i => (object)(start + (i * step)))];
    }

    // Labels that say anything else than the value would be lost.
    private static bool LabelsValues(PlotlyAttributes trace, double[] y, bool areShown)
    {
        if (!areShown || !trace.Has("text"))
        {
            return areShown && y.Length == 0 && trace.Mentions("text");
        }

        JsonElement text = trace["text"];
        if (trace.Has("texttemplate") || text.ValueKind != JsonValueKind.Array || text.GetArrayLength() != y.Length)
        {
            throw trace.Refused("text");
        }

        object?[] labels = PlotlyArray.Read(trace, "text");
        for (int i = 0; i < y.Length; i++)
        {
            bool isValue = PlotlyArray.Number(labels[i]) is { } number && (number.Equals(y[i]) || labels[i] is null);
            if (!isValue && labels[i] as string != NumberText.Value(y[i]) && ValueRange.IsDrawable(y[i], log: false))
            {
                throw trace.Refused("text");
            }
        }

        return true;
    }

    private static Dash DashOf(PlotlyAttributes line) => line.Text("dash") switch
    {
        null or "solid" => Dash.Solid,
        "dot" => Dash.Dotted,
        "dashdot" or "longdashdot" => Dash.DashDotted,
        _ => Dash.Dashed,
    };

    private static PlotlyTrace ErrorBars(PlotlyAttributes trace, PlotlyTrace read)
    {
        PlotlyAttributes bars = trace.Object("error_y");
        bars.Only(PlotlyVocabulary.ErrorBars);
        bars.Allow("type", "data", "constant");
        if (bars.IsFalse("visible") || !(bars.Has("array") || bars.Has("value")))
        {
            return read;
        }

        if (!read.HasLine || bars.IsFalse("symmetric") && !(bars.Has("arrayminus") || bars.Has("valueminus")))
        {
            throw trace.Refused("error_y"); // A band belongs to a line, and has two edges.
        }

        double[] up = bars.Has("array")
            ? Numbers(bars, "array")
            : [.. read.Y.Select(_ => bars.Number("value") ?? 0)];
        double[] down = bars.Has("arrayminus")
            ? Numbers(bars, "arrayminus")
            : bars.Number("valueminus") is { } minus ? [.. read.Y.Select(_ => minus)] : up;
        return up.Length < read.Y.Length || down.Length < read.Y.Length
            ? throw trace.Refused("error_y")
            : read with
            {
                Lower = [.. read.Y.Zip(down, (y, size) => y - size)],
                Upper = [.. read.Y.Zip(up, (y, size) => y + size)],
            };
    }
}
