using System.Text.Json;

namespace Research.Plotting;

/// <summary>Writes the layout of plotly's JSON: titles, axes, legend, reference lines.</summary>
internal static class PlotlyLayout
{
    private const string Fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

    public static void Write(Utf8JsonWriter json, PlotModel model)
    {
        FigureContent figure = model.Figure;
        json.WriteStartObject("layout");
        json.WriteStartObject("title");
        json.WriteString("text", TitleText(figure));
        json.WriteNumber("x", 0.01);
        json.WriteString("xanchor", "left");
        json.WriteStartObject("font");
        json.WriteNumber("size", 16);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("font");
        json.WriteString("family", Fonts);
        json.WriteNumber("size", 12);
        json.WriteString("color", "#7a828c"); // Readable on white and on dark: the host's background is unknown.
        json.WriteEndObject();
        json.WriteString("paper_bgcolor", "rgba(0,0,0,0)");
        json.WriteString("plot_bgcolor", "rgba(0,0,0,0)");
        json.WriteString("barmode", figure.Stacked ? "relative" : "group");
        json.WriteString("hovermode", model.IsCategorical ? "closest" : "x unified");
        json.WriteStartObject("hoverlabel");
        json.WriteNumber("namelength", -1);
        json.WriteEndObject();
        json.WriteBoolean("showlegend", model.HasLegend);
        WriteLegend(json);
        WriteAxes(json, model);
        WriteReferences(json, figure);
        json.WriteEndObject();
    }

    private static string TitleText(FigureContent figure) =>
        figure.Subtitle.Length == 0
            ? PlotlyJson.Escape(figure.Title)
            : $"{PlotlyJson.Escape(figure.Title)}<br>"
                + $"<span style=\"font-size:12px\">{PlotlyJson.Escape(figure.Subtitle)}</span>";

    private static void WriteLegend(Utf8JsonWriter json)
    {
        json.WriteStartObject("legend");
        json.WriteString("orientation", "h");
        json.WriteNumber("x", 0);
        json.WriteNumber("y", 1.02);
        json.WriteString("xanchor", "left");
        json.WriteString("yanchor", "bottom");
        json.WriteEndObject();
    }

    private static void WriteAxes(Utf8JsonWriter json, PlotModel model)
    {
        json.WriteStartObject("xaxis");
        WriteAxis(json, model.Figure.XLabel, model.IsCategorical ? "category" : model.IsLogX ? "log" : "linear");
        if (model.IsCategorical)
        {
            json.WriteString("categoryorder", "array");
            json.WriteStartArray("categoryarray");
            foreach (string category in model.Categories)
            {
                json.WriteStringValue(PlotlyJson.Escape(category));
            }

            json.WriteEndArray();
        }

        else if (model.IsWhole && !model.IsLogX && model.X.High - model.X.Low <= 8)
        {
            json.WriteNumber("dtick", 1); // No tick at round 1.5.
        }

        json.WriteEndObject();
        json.WriteStartObject("yaxis");
        WriteAxis(json, model.Figure.YLabel, model.Figure.LogY ? "log" : "linear");
        WriteRange(json, model);
        json.WriteEndObject();
    }

    private static void WriteAxis(Utf8JsonWriter json, string label, string type)
    {
        json.WriteStartObject("title");
        json.WriteString("text", PlotlyJson.Escape(label));
        json.WriteEndObject();
        json.WriteString("type", type);
        json.WriteBoolean("automargin", true);
        json.WriteBoolean("zeroline", false);
        json.WriteString("exponentformat", "power");
        json.WriteString("gridcolor", "rgba(128,136,146,0.25)");
        json.WriteString("linecolor", "rgba(128,136,146,0.8)");
    }

    private static void WriteRange(Utf8JsonWriter json, PlotModel model)
    {
        (double low, double high) = Range(model);
        json.WriteStartArray("range");
        json.WriteNumberValue(low);
        json.WriteNumberValue(high);
        json.WriteEndArray();
    }

    /// <summary>
    /// Gets the same vertical range that the drawing has, with a little air; logarithmic axes take exponents.
    /// </summary>
    public static (double Low, double High) Range(PlotModel model)
    {
        (ValueRange range, _, _) = PlotFrame.YAxis(model, most: 6);
        double low = model.Figure.LogY ? Math.Log10(range.Low) : range.Low;
        double high = model.Figure.LogY ? Math.Log10(range.High) : range.High;
        double air = (high - low) * (model.Figure.ValueLabels ? 0.07 : 0.02);
        return (
            low == 0 && model.Bars.Count > 0 ? 0 : low - air,
            high == 0 && model.Bars.Count > 0 ? 0 : high + air);
    }

    private static void WriteReferences(Utf8JsonWriter json, FigureContent figure)
    {
        ReferenceLine[] lines = [.. figure.References.Where(line => ValueRange.IsDrawable(line.Y, figure.LogY))];
        json.WriteStartArray("shapes");
        foreach (ReferenceLine line in lines)
        {
            json.WriteStartObject();
            json.WriteString("type", "line");
            json.WriteString("xref", "paper");
            json.WriteNumber("x0", 0);
            json.WriteNumber("x1", 1);
            json.WriteNumber("y0", line.Y);
            json.WriteNumber("y1", line.Y);
            json.WriteStartObject("line");
            json.WriteString("color", "#7a828c");
            json.WriteNumber("width", 1.25);
            json.WriteString("dash", "dash");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("annotations");
        foreach (ReferenceLine line in lines.Where(line => line.Label.Length > 0))
        {
            json.WriteStartObject();
            json.WriteString("text", PlotlyJson.Escape(line.Label));
            json.WriteString("xref", "paper");
            json.WriteNumber("x", 0); // Curves start far from the baselines and caps that they approach.
            json.WriteString("xanchor", "left");
            json.WriteNumber("y", figure.LogY ? Math.Log10(line.Y) : line.Y);
            json.WriteString("yanchor", "bottom");
            json.WriteBoolean("showarrow", false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
