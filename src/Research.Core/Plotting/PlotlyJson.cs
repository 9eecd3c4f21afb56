using System.Text;
using System.Text.Json;

namespace Research.Plotting;

/// <summary>Writes a figure as plotly's own JSON.</summary>
/// <remarks>
/// Schema: plotly.js 4.1.1. Text is escaped twice: once for plotly, which reads a small HTML in names and titles, and
/// once by the JSON writer, whose default encoder leaves no character that could end a script element.
/// </remarks>
internal static class PlotlyJson
{
    public static string Write(FigureContent figure)
    {
        PlotModel model = new(figure);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            for (int i = 0; i < figure.Series.Length; i++)
            {
                WriteBand(json, model, i);
                WriteTrace(json, model, i);
            }

            json.WriteEndArray();
            PlotlyLayout.Write(json, model);
            WriteConfig(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Escapes what plotly would read as markup.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static void WriteTrace(Utf8JsonWriter json, PlotModel model, int index)
    {
        Series series = model.Figure.Series[index];
        string colour = Palette.Colour(index);
        json.WriteStartObject();
        json.WriteString("type", series.Mark == Mark.Bars ? "bar" : "scatter");
        json.WriteString("name", Escape(series.Name));
        json.WriteBoolean("showlegend", series.Name.Length > 0);
        json.WriteString("legendgroup", $"s{index}");
        WritePositions(json, model, index);
        WriteNumbers(json, "y", series.Y, model.Figure.LogY);
        WriteMarker(json, series, index);
        if (series.Mark == Mark.Line)
        {
            json.WriteStartObject("line");
            json.WriteString("color", colour);
            json.WriteNumber("width", 2);
            json.WriteString("dash", PlotlyDash(Palette.DashOf(series, index)));
            json.WriteEndObject();
        }

        if (series.Mark != Mark.Bars)
        {
            bool lonely = series.Y.Count(value => ValueRange.IsDrawable(value, model.Figure.LogY)) == 1;
            bool marked = series.Markers || lonely;
            string mode = series.Mark == Mark.Points ? "markers" : marked ? "lines+markers" : "lines";
            bool labelled = model.Figure.ValueLabels && (series.Mark == Mark.Points || series.Markers);
            json.WriteString("mode", mode + (labelled ? "+text" : ""));
        }

        WriteValueLabels(json, model, series);
        json.WriteEndObject();
    }

    private static void WriteMarker(Utf8JsonWriter json, Series series, int index)
    {
        json.WriteStartObject("marker");
        json.WriteString("color", Palette.Colour(index));
        if (series.Mark == Mark.Bars)
        {
            json.WriteNumber("opacity", Palette.BarOpacity(index));
        }
        else
        {
            json.WriteString(
                "symbol", (index % 4) switch { 1 => "square", 2 => "diamond", 3 => "triangle-up", _ => "circle" });
            json.WriteNumber("size", 7);
        }

        json.WriteEndObject();
    }

    private static void WriteValueLabels(Utf8JsonWriter json, PlotModel model, Series series)
    {
        bool isBars = series.Mark == Mark.Bars;
        if (!model.Figure.ValueLabels || !(isBars || series.Mark == Mark.Points || series.Markers))
        {
            return;
        }

        json.WriteStartArray("text");
        foreach (double value in series.Y)
        {
            // A gap has no label, whatever its value would be elsewhere.
            json.WriteStringValue(NumberText.Value(ValueRange.IsDrawable(value, model.Figure.LogY) ? value : double.NaN));
        }

        json.WriteEndArray();
        json.WriteString("textposition", !isBars ? "top center" : model.Figure.Stacked ? "inside" : "outside");
        json.WriteString("hoverinfo", "x+y+name");
        json.WriteBoolean("cliponaxis", false);
    }

    /// <summary>
    /// Writes each unbroken stretch of a band as a closed outline: there along the top, back along the bottom.
    /// </summary>
    private static void WriteBand(Utf8JsonWriter json, PlotModel model, int index)
    {
        Series series = model.Figure.Series[index];
        if (!series.HasBand)
        {
            return;
        }

        List<int> path = BandPath(series, model.Figure.LogY);
        json.WriteStartObject();
        json.WriteString("type", "scatter");
        json.WriteString("mode", "lines");
        json.WriteString("legendgroup", $"s{index}");
        json.WriteBoolean("showlegend", false);
        json.WriteString("hoverinfo", "skip");
        json.WriteString("fill", "toself");
        json.WriteString("fillcolor", Palette.Faint(index));
        json.WriteStartObject("line");
        json.WriteNumber("width", 0);
        json.WriteEndObject();

        // Encoded steps: i + 1 is the upper edge at i, −(i + 1) the lower, 0 a gap.
        json.WriteStartArray("x");
        foreach (int step in path)
        {
            WritePosition(json, model, index, Math.Max(0, Math.Abs(step) - 1), isGap: step == 0);
        }

        json.WriteEndArray();
        WriteNumbers(
            json,
            "y",
            path.Select(step => step == 0 ? double.NaN : step > 0 ? series.Upper[step - 1] : series.Lower[-step - 1]),
            model.Figure.LogY);
        json.WriteEndObject();
    }

    private static List<int> BandPath(Series series, bool log)
    {
        List<int> path = [];
        int start = 0;
        for (int i = 0; i <= series.Y.Length; i++)
        {
            bool drawn = i < series.Y.Length
                && ValueRange.IsDrawable(series.Y[i], log)
                && ValueRange.IsDrawable(series.Lower[i], log)
                && ValueRange.IsDrawable(series.Upper[i], log);
            if (drawn)
            {
                continue;
            }

            if (i > start)
            {
                path.AddRange(Enumerable.Range(start, i - start).Select(k => k + 1));
                path.AddRange(Enumerable.Range(start, i - start).Reverse().Select(k => -(k + 1)));
                path.Add(0);
            }

            start = i + 1;
        }

        return path;
    }

    private static void WritePositions(Utf8JsonWriter json, PlotModel model, int index)
    {
        json.WriteStartArray("x");
        for (int i = 0; i < model.Positions[index].Length; i++)
        {
            WritePosition(json, model, index, i, isGap: false);
        }

        json.WriteEndArray();
    }

    private static void WritePosition(Utf8JsonWriter json, PlotModel model, int index, int point, bool isGap)
    {
        double position = isGap ? double.NaN : model.Positions[index][point];
        if (!ValueRange.IsDrawable(position, model.IsLogX))
        {
            json.WriteNullValue();
        }
        else if (model.IsCategorical)
        {
            json.WriteStringValue(Escape(model.Categories[(int)position]));
        }
        else
        {
            json.WriteNumberValue(position);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values, bool log)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            if (ValueRange.IsDrawable(value, log))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Turns off plotly's default button that uploads a plot's data to its maker's server.</summary>
    private static void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject("config");
        json.WriteBoolean("showSendToCloud", false);
        json.WriteString("plotlyServerURL", "");
        json.WriteBoolean("displaylogo", false);
        json.WriteBoolean("responsive", true);
        json.WriteEndObject();
    }

    private static string PlotlyDash(Dash dash) => dash switch
    {
        Dash.Dashed => "dash",
        Dash.Dotted => "dot",
        Dash.DashDotted => "dashdot",
        _ => "solid",
    };
}
