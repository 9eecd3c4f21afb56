using System.Text;

namespace Research.Plotting;

/// <summary>Draws the data: bands, bars, reference lines, lines, points, and the labels that find room.</summary>
internal sealed class SvgSeries(SvgWriter svg, PlotModel model, PlotFrame frame, Scale x, Scale y)
{
    private readonly LabelPlacer _labels = new(new Box(2, frame.Area.Top - 10, frame.Width - 2, frame.Area.Bottom));

    public void Write()
    {
        for (int s = 0; s < model.Figure.Series.Length; s++)
        {
            WriteBand(s);
        }

        foreach (Bar bar in model.Bars)
        {
            WriteBar(bar);
        }

        foreach (ReferenceLine reference in model.Figure.References.Where(line => CanDraw(line.Y)))
        {
            svg.Rule(
                frame.Area.Left,
                y[reference.Y],
                frame.Area.Right,
                y[reference.Y],
                "rf-axis",
                SvgWriter.Muted,
                "5 4",
                1.25);
        }

        for (int s = 0; s < model.Figure.Series.Length; s++)
        {
            WritePoints(s);
        }

        new SvgLabels(svg, model, frame, x, y, _labels).Write();
    }

    /// <summary>Gives where a bar stands among its neighbours, in pixels.</summary>
    public static (double Left, double Width) BarSpan(PlotModel model, Scale x, Bar bar)
    {
        double band = x[1 - 0.5] - x[-0.5];
        double slot = Math.Min(band * 0.78 / model.BarSlots, 72);
        double left = x[bar.X] - (slot * model.BarSlots / 2) + (slot * bar.Slot);
        double gap = slot > 6 ? 1 : 0;
        return (left + (gap / 2), slot - gap);
    }

    private bool CanDraw(double value) => ValueRange.IsDrawable(value, model.Figure.LogY);

    private void WriteBand(int index)
    {
        Series series = model.Figure.Series[index];
        if (!series.HasBand)
        {
            return;
        }

        foreach ((int start, int end) in Runs(index, i => CanDraw(series.Lower[i]) && CanDraw(series.Upper[i])))
        {
            IEnumerable<int> run = Enumerable.Range(start, end - start);
            List<(double X, double Y)> upper = Downsampling.Columns(
                [.. run.Select(i => (x[model.Positions[index][i]], y[series.Upper[i]]))]);
            List<(double X, double Y)> lower = Downsampling.Columns(
                [.. run.Select(i => (x[model.Positions[index][i]], y[series.Lower[i]]))]);
            lower.Reverse();
            svg.Area(Path([.. upper, .. lower]) + "Z", Palette.Faint(index));
        }
    }

    private void WriteBar(Bar bar)
    {
        (double left, double width) = BarSpan(model, x, bar);
        double from = y[model.Figure.LogY ? frame.Y.Low : bar.Start];
        double to = y[bar.End];
        Series series = model.Figure.Series[bar.Series];
        string tip = $"{series.Name} {model.Categories[(int)bar.X]}: {NumberText.Value(bar.Value)}".Trim();
        svg.Rectangle(
            left,
            Math.Min(from, to),
            width,
            Math.Abs(to - from),
            Palette.Colour(bar.Series),
            Palette.BarOpacity(bar.Series),
            tip);
        _labels.Avoid(left, to, left + width, to);
    }

    private void WritePoints(int index)
    {
        Series series = model.Figure.Series[index];
        if (series.Mark == Mark.Bars)
        {
            return;
        }

        string colour = Palette.Colour(index);
        List<(double X, double Y)> marked = [];
        foreach ((int start, int end) in Runs(index, _ => true))
        {
            List<(double X, double Y)> pixels =
                [.. Enumerable.Range(start, end - start).Select(i => (x[model.Positions[index][i]], y[series.Y[i]]))];
            bool isLine = series.Mark == Mark.Line && pixels.Count > 1;
            if (isLine)
            {
                List<(double X, double Y)> thin = Downsampling.Columns(pixels);
                svg.Curve(Path(thin), colour, Palette.DashOf(series, index));
                for (int i = 1; i < thin.Count; i++)
                {
                    _labels.Avoid(thin[i - 1].X, thin[i - 1].Y, thin[i].X, thin[i].Y);
                }
            }

            // A point between two gaps has no line to show it.
            if (!isLine || series.Markers)
            {
                marked.AddRange(pixels);
            }
        }

        foreach ((double px, double py) in Downsampling.Squares(marked))
        {
            svg.Marker(px, py, index, colour);
            _labels.Avoid(px, py, px, py);
        }
    }

    /// <summary>Lists stretches without a gap, as half-open ranges.</summary>
    private IEnumerable<(int Start, int End)> Runs(int index, Func<int, bool> isPresent)
    {
        Series series = model.Figure.Series[index];
        int start = -1;
        for (int i = 0; i <= series.Y.Length; i++)
        {
            bool drawn = i < series.Y.Length && model.CanDraw(model.Positions[index][i], series.Y[i]) && isPresent(i);
            if (drawn && start < 0)
            {
                start = i;
            }
            else if (!drawn && start >= 0)
            {
                yield return (start, i);
                start = -1;
            }
        }
    }

    private static string Path(List<(double X, double Y)> points)
    {
        StringBuilder path = new();
        foreach ((double px, double py) in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(SvgWriter.N(px)).Append(' ').Append(SvgWriter.N(py));
        }

        return path.ToString();
    }
}
