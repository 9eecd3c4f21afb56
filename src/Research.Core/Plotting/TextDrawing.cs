using System.Text;

namespace Research.Plotting;

/// <summary>Draws a figure with block characters: a sparkline for each line, a bar for each bar.</summary>
internal static class TextDrawing
{
    private const string Levels = "▁▂▃▄▅▆▇█";
    private const string Eighths = " ▏▎▍▌▋▊▉";

    public static string Render(FigureContent figure, int width)
    {
        StringBuilder text = new();
        PlotModel model = new(figure);
        AppendLine(text, figure.Title, width);
        AppendLine(text, figure.Subtitle, width);
        AppendLine(text, Axes(model), width);
        int[] bars = [.. Indices(figure, isBars: true)];
        int[] lines = [.. Indices(figure, isBars: false)];
        if (!model.HasData)
        {
            AppendLine(text, "  no data", width);
        }

        if (bars.Length > 0)
        {
            AppendBars(text, model, bars, width);
        }

        if (lines.Length > 0)
        {
            AppendSparklines(text, model, lines, width);
        }

        foreach (ReferenceLine reference in figure.References)
        {
            AppendLine(text, $"  ╌╌ {NumberText.Value(reference.Y)}  {reference.Label}", width);
        }

        return text.ToString().TrimEnd('\n');
    }

    private static IEnumerable<int> Indices(FigureContent figure, bool isBars) =>
        Enumerable.Range(0, figure.Series.Length).Where(i => (figure.Series[i].Mark == Mark.Bars) == isBars);

    private static string Axes(PlotModel model)
    {
        FigureContent figure = model.Figure;
        string by = figure.XLabel.Length > 0 ? $" by {figure.XLabel}" : "";
        string range = model.IsCategorical || !model.HasData
            ? ""
            : $", {NumberText.Value(model.X.Low)} … {NumberText.Value(model.X.High)}";
        string log = figure.LogY || model.IsLogX ? ", logarithmic" : "";
        return figure.YLabel.Length + by.Length == 0 ? "" : $"{figure.YLabel}{by}{range}{log}".Trim();
    }

    private static void AppendSparklines(StringBuilder text, PlotModel model, int[] series, int width)
    {
        string[] summaries = [.. series.Select(i => Summary(model, i))];
        int nameWidth = Math.Min(width / 3, series.Max(i => Columns(model.Figure.Series[i].Name)));
        int room = Math.Clamp(width - nameWidth - summaries.Max(Columns) - 6, 8, 60);
        string[] sparklines = [.. series.Select(i => Sparkline(model, i, room))];
        int longest = sparklines.Max(line => line.Length);
        for (int k = 0; k < series.Length; k++)
        {
            string name = Pad(model.Figure.Series[series[k]].Name, nameWidth);
            AppendLine(text, $"  {name}  {sparklines[k].PadRight(longest)}  {summaries[k]}", width);
        }
    }

    private static string Summary(PlotModel model, int index)
    {
        double[] values =
            [.. model.Figure.Series[index].Y.Where(value => ValueRange.IsDrawable(value, model.Figure.LogY))];
        return values.Length switch
        {
            0 => "no data",
            1 => NumberText.Value(values[0]),
            _ => $"{NumberText.Value(values[0])} → {NumberText.Value(values[^1])}",
        };
    }

    /// <summary>Averages values over equal stretches of the common axis, so that sparklines line up.</summary>
    private static string Sparkline(PlotModel model, int index, int columns)
    {
        double[] positions = model.Positions[index];
        int used = model.IsCategorical
            ? Math.Min(columns, Math.Max(1, model.Categories.Count))
            : Math.Min(columns, Math.Max(1, positions.Length));
        double[] sums = new double[used];
        int[] counts = new int[used];
        Scale column = new(model.X, 0, used, model.IsLogX);
        Scale level = new(model.Y, 0, Levels.Length - 1, model.Figure.LogY);
        for (int i = 0; i < positions.Length; i++)
        {
            double value = model.Figure.Series[index].Y[i];
            if (model.CanDraw(positions[i], value))
            {
                int at = (int)Math.Min(used - 1, column[positions[i]]);
                sums[at] += level[value];
                counts[at]++;
            }
        }

        return string.Concat(sums.Select((sum, i) => counts[i] == 0 ? ' ' : Levels[(int)Math.Round(sum / counts[i])]));
    }

    private static void AppendBars(StringBuilder text, PlotModel model, int[] series, int width)
    {
        double largest = model.Bars.Select(bar => Math.Abs(bar.Value)).DefaultIfEmpty(0).Max();
        bool named = series.Length > 1;
        int categoryWidth = Math.Min(width / 4, model.Categories.Select(Columns).DefaultIfEmpty(0).Max());
        int nameWidth = named ? Math.Min(width / 4, series.Max(i => Columns(model.Figure.Series[i].Name))) : 0;
        int valueWidth = model.Bars.Select(bar => NumberText.Value(bar.Value).Length).DefaultIfEmpty(1).Max();
        int room = Math.Clamp(width - categoryWidth - nameWidth - valueWidth - 8, 4, 60);
        for (int c = 0; c < model.Categories.Count; c++)
        {
            string category = model.Categories[c];
            foreach (int s in series)
            {
                foreach (Bar bar in model.Bars.Where(bar => bar.Series == s && bar.X == c))
                {
                    string name = named ? "  " + Pad(model.Figure.Series[s].Name, nameWidth) : "";
                    string value = NumberText.Value(bar.Value).PadLeft(valueWidth);
                    AppendLine(
                        text,
                        $"  {Pad(category, categoryWidth)}{name}  {value} {Block(bar.Value, largest, room)}",
                        width);
                    category = "";
                }
            }
        }
    }

    private static string Block(double value, double largest, int room)
    {
        int eighths = largest == 0 ? 0 : (int)Math.Round(Math.Abs(value) / largest * room * 8);
        string bar = new string(value < 0 ? '░' : '█', eighths / 8)
            + (eighths % 8 == 0 || value < 0 ? "" : Eighths[eighths % 8]);
        return "│" + bar;
    }

    private static void AppendLine(StringBuilder text, string line, int width)
    {
        if (line.Length > 0)
        {
            text.Append(Cut(line, width).TrimEnd()).Append('\n');
        }
    }

    private static string Pad(string text, int columns)
    {
        string cut = Cut(text, columns);
        return cut + new string(' ', Math.Max(0, columns - Columns(cut)));
    }

    private static string Cut(string text, int columns)
    {
        string cut = text;
        for (int length = text.Length; Columns(cut) > columns && length > 0; length--)
        {
            cut = PlainText.Shorten(text, length);
        }

        return cut;
    }

    /// <summary>Counts terminal columns; East Asian characters and emoji take two.</summary>
    private static int Columns(string text) => text.EnumerateRunes().Sum(rune => rune.Value switch
    {
        0x200D or (>= 0x300 and < 0x370) or (>= 0xFE00 and < 0xFE10) => 0,
        (>= 0x1100 and < 0x1160) or (>= 0x2E80 and < 0xD7B0) or (>= 0xF900 and < 0xFB00)
            or (>= 0xFF00 and < 0xFF61) or >= 0x1F300 => 2,
        _ => 1,
    });
}
