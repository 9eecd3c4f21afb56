namespace Research.Plotting;

/// <summary>Where everything of a drawing goes: header, plot area, axis labels.</summary>
internal sealed class PlotFrame
{
    public const double TickSize = 12;
    public const double TitleSize = 16;
    private const double Padding = 6;

    public PlotFrame(PlotModel model, double width, double height, bool hasTitle)
    {
        FigureContent figure = model.Figure;
        Width = width;
        Height = height;
        double inner = width - (2 * Padding);

        // Room for header lines, taken in order of worth: the plot itself always keeps a third of the height.
        double bottom = TickSize + 12 + (figure.XLabel.Length > 0 ? 18 : 0);
        double room = (height * 0.67) - bottom;
        Title = hasTitle ? Take(figure.Title, TitleSize, 21, 2) : [];
        Legend = LegendLayout.Of(model, inner, Math.Max(0, (int)((room - 20) / LegendLayout.RowHeight)));
        room -= Legend.Rows * LegendLayout.RowHeight;
        HasYLabel = figure.YLabel.Length > 0 && room >= 20;
        room -= HasYLabel ? 20 : 0;
        Subtitle = hasTitle ? Take(figure.Subtitle, TickSize, 17, 3) : [];

        HeaderTop = Padding;
        double y = Padding + (Title.Count * 21) + (Subtitle.Count * 17) + (Title.Count > 0 ? 6 : 0);
        LegendTop = y;
        y += (Legend.Rows * LegendLayout.RowHeight) + (Legend.Rows > 0 ? 4 : 0);
        YLabelTop = y;
        double top = y + (HasYLabel ? 20 : 0) + (TickSize * 0.7);

        MostYTicks = Math.Max(2, (int)((height - top - bottom) / 42));
        (Y, YTicks, YTickText) = YAxis(model, MostYTicks);
        double left = Math.Clamp(
            YTickText.Select(text => TextSize.Width(text, TickSize)).DefaultIfEmpty(0).Max() + 12, 24, width * 0.45);
        Area = new Box(left, top, width - 14, height - bottom);
        if (model.IsCategorical)
        {
            CategoryLabels labels = CategoryLabels.Of(model.Categories, Area, height);
            Labels = labels;
            Area = Area with { Bottom = Math.Max(top + 20, height - bottom + TickSize + 4 - labels.Height) };
        }

        List<string> Take(string text, double size, double lineHeight, int most)
        {
            List<string> lines = TextSize.Wrap(
                text, size * (size > 14 ? 1.06 : 1), inner, Math.Clamp((int)(room / lineHeight), 0, most));
            room -= lines.Count * lineHeight;
            return lines;
        }
    }

    public double Width { get; }

    public double Height { get; }

    public List<string> Title { get; }

    public List<string> Subtitle { get; }

    public LegendLayout Legend { get; }

    public bool HasYLabel { get; }

    public double HeaderTop { get; }

    public double LegendTop { get; }

    public double YLabelTop { get; }

    /// <summary>Gets where data is drawn.</summary>
    public Box Area { get; }

    public int MostYTicks { get; }

    /// <summary>Gets the vertical axis's range, which ends on round numbers.</summary>
    public ValueRange Y { get; }

    public double[] YTicks { get; }

    public string[] YTickText { get; }

    public CategoryLabels? Labels { get; }

    public static double Inset => Padding;

    /// <summary>Gives the vertical axis: its range, ticks and their text.</summary>
    public static (ValueRange Range, double[] Ticks, string[] Text) YAxis(PlotModel model, int most)
    {
        ValueRange y = model.Y;
        if (model.Figure.LogY)
        {
            (double least, double greatest) =
                AxisTicks.WidenLogarithmic(y.Low, y.High, wholeDecadeBelow: model.Bars.Count > 0);
            double[] decades = AxisTicks.Logarithmic(least, greatest, most);
            return (new ValueRange(least, greatest), decades, [.. decades.Select(NumberText.LogTick)]);
        }

        (double low, double high) = AxisTicks.Widen(y.Low, y.High, most);
        double[] ticks = AxisTicks.Linear(low, high, most);
        return (new ValueRange(low, high), ticks, NumberText.Ticks(ticks));
    }
}
