namespace Research.Plotting;

/// <summary>Writes the labels inside the plot, those that find room.</summary>
internal sealed class SvgLabels(SvgWriter svg, PlotModel model, PlotFrame frame, Scale x, Scale y, LabelPlacer placer)
{
    private const double LabelSize = 11.5;

    public void Write()
    {
        WriteReferenceLabels();
        WriteValueLabels();
    }

    private void WriteReferenceLabels()
    {
        IEnumerable<ReferenceLine> labelled = model.Figure.References
            .Where(line => ValueRange.IsDrawable(line.Y, model.Figure.LogY) && line.Label.Length > 0);
        foreach (ReferenceLine reference in labelled)
        {
            string text = TextSize.Fit(reference.Label, LabelSize, frame.Area.Width - 4);
            double width = TextSize.Width(text, LabelSize);
            double at = y[reference.Y];
            double right = frame.Area.Right - 2;
            double left = frame.Area.Left + 2;
            double middle = (left + right - width) / 2;
            Box[] candidates =
            [
                new(right - width, at - 17, right, at - 3), new(right - width, at + 3, right, at + 17),
                new(left, at - 17, left + width, at - 3), new(left, at + 3, left + width, at + 17),
                new(middle, at - 17, middle + width, at - 3), new(middle, at + 3, middle + width, at + 17),
            ];
            if (placer.Place(candidates) is int chosen)
            {
                Box box = candidates[chosen];
                svg.Halo(box.Left, box.Bottom - 3, text, TextStyle.Ink(LabelSize));
            }
        }
    }

    private void WriteValueLabels()
    {
        if (!model.Figure.ValueLabels)
        {
            return;
        }

        foreach (Bar bar in model.Bars)
        {
            (double left, double width) = SvgSeries.BarSpan(model, x, bar);
            bool inside = model.Figure.Stacked;
            double at = inside ? ((y[bar.Start] + y[bar.End]) / 2) + 7 : y[bar.End];
            bool tooSmall = inside && Math.Abs(y[bar.Start] - y[bar.End]) < 15;
            if (!tooSmall)
            {
                TextStyle style = inside
                    ? new TextStyle(LabelSize, "rf-on-bar", Palette.TextOn(bar.Series), "middle")
                    : TextStyle.Ink(LabelSize, "middle");
                WriteValue(left + (width / 2), at, bar.Value, !inside && bar.Value < 0, style, hasHalo: !inside);
            }
        }

        for (int s = 0; s < model.Figure.Series.Length; s++)
        {
            Series series = model.Figure.Series[s];
            for (int i = 0; (series.Mark == Mark.Points || series.Markers) && i < series.Y.Length; i++)
            {
                if (model.CanDraw(model.Positions[s][i], series.Y[i]))
                {
                    WriteValue(
                        x[model.Positions[s][i]],
                        y[series.Y[i]] - 4,
                        series.Y[i],
                        false,
                        TextStyle.Ink(LabelSize, "middle"),
                        hasHalo: true);
                }
            }
        }
    }

    private void WriteValue(double middle, double at, double value, bool below, TextStyle style, bool hasHalo)
    {
        string text = NumberText.Value(value);
        double half = TextSize.Width(text, LabelSize) / 2;
        Box box = below
            ? new Box(middle - half, at + 2, middle + half, at + 15)
            : new Box(middle - half, at - 15, middle + half, at - 2);
        if (placer.Place([box]) is null)
        {
            return;
        }

        if (hasHalo)
        {
            svg.Halo(middle, box.Bottom - 2.5, text, style);
        }
        else
        {
            svg.Text(middle, box.Bottom - 2.5, text, style);
        }
    }
}
