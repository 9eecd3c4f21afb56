namespace Research.Plotting;

/// <summary>Draws a figure as SVG.</summary>
internal static class SvgDrawing
{
    private const string Fonts = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

    public static string Render(FigureContent figure, double width, double height, SvgOptions options)
    {
        PlotModel model = new(figure);
        PlotFrame frame = new(model, width, height, options.IsDocument);
        SvgWriter svg = new();
        Open(svg, model, frame, options);
        WriteHeader(svg, figure, frame);
        Scale x = SvgAxes.XScale(model, frame);
        Scale y = SvgAxes.YScale(model, frame);
        SvgAxes.Write(svg, model, frame, x, y);
        if (model.HasData)
        {
            new SvgSeries(svg, model, frame, x, y).Write();
        }
        else
        {
            svg.Text(
                (frame.Area.Left + frame.Area.Right) / 2,
                ((frame.Area.Top + frame.Area.Bottom) / 2) + 4,
                "No data",
                TextStyle.Muted(13, "middle"));
        }

        svg.Raw("</svg>");
        return svg.ToString();
    }

    private static void Open(SvgWriter svg, PlotModel model, PlotFrame frame, SvgOptions options)
    {
        string size = $"{SvgWriter.N(frame.Width)} {SvgWriter.N(frame.Height)}";
        string id = options.Id;
        svg.Raw($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size}\"");
        svg.Raw(options.IsDocument
            ? $" width=\"{SvgWriter.N(frame.Width)}\" height=\"{SvgWriter.N(frame.Height)}\""
            : " width=\"100%\"");
        svg.Raw($" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{Fonts}\">");
        string title = model.Figure.Title.Length > 0 ? model.Figure.Title : "Plot";
        svg.Raw($"<title id=\"{id}-title\">{PlainText.Escape(title)}</title>");
        svg.Raw($"<desc id=\"{id}-desc\">{PlainText.Escape(FigureDescription.Of(model.Figure))}</desc>");
        if (options.IsDocument)
        {
            svg.Raw($"<style>{SvgWriter.DarkStyle}</style>");
        }

        svg.Raw(
            $"<rect class=\"rf-back\" width=\"{SvgWriter.N(frame.Width)}\" height=\"{SvgWriter.N(frame.Height)}\" "
            + "fill=\"#fff\"/>");
    }

    private static void WriteHeader(SvgWriter svg, FigureContent figure, PlotFrame frame)
    {
        double y = frame.HeaderTop;
        foreach (string line in frame.Title)
        {
            svg.Text(PlotFrame.Inset, y += 21 - 5, line, TextStyle.Ink(PlotFrame.TitleSize) with { IsBold = true });
            y += 5;
        }

        foreach (string line in frame.Subtitle)
        {
            svg.Text(PlotFrame.Inset, y += 17 - 4, line, TextStyle.Muted(PlotFrame.TickSize));
            y += 4;
        }

        foreach (LegendLayout.Entry entry in frame.Legend.Entries)
        {
            double middle = frame.LegendTop + (entry.Row * LegendLayout.RowHeight) + (LegendLayout.RowHeight / 2);
            double left = PlotFrame.Inset + entry.X;
            WriteSwatch(svg, figure.Series[entry.Series], entry.Series, left, middle);
            svg.Text(left + LegendLayout.SwatchWidth, middle + 4, entry.Name, TextStyle.Ink(LegendLayout.FontSize));
        }

        if (frame.Legend.More.Length > 0)
        {
            double middle = frame.LegendTop + ((frame.Legend.Rows - 0.5) * LegendLayout.RowHeight);
            svg.Text(PlotFrame.Inset, middle + 4, frame.Legend.More, TextStyle.Muted(LegendLayout.FontSize));
        }

        if (frame.HasYLabel)
        {
            string label = TextSize.Fit("↑ " + figure.YLabel, PlotFrame.TickSize, frame.Width - (2 * PlotFrame.Inset));
            svg.Text(PlotFrame.Inset, frame.YLabelTop + 12, label, TextStyle.Muted(PlotFrame.TickSize));
        }
    }

    private static void WriteSwatch(SvgWriter svg, Series series, int index, double left, double middle)
    {
        string colour = Palette.Colour(index);
        switch (series.Mark)
        {
            case Mark.Bars:
                svg.Rectangle(left + 3, middle - 6, 12, 12, colour, Palette.BarOpacity(index));
                break;
            case Mark.Points:
                svg.Marker(left + 9, middle, index, colour);
                break;
            default:
                svg.Curve($"M{SvgWriter.N(left)} {SvgWriter.N(middle)}h18", colour, Palette.DashOf(series, index));
                if (series.Markers)
                {
                    svg.Marker(left + 9, middle, index, colour);
                }

                break;
        }
    }
}
