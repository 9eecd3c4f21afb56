namespace Research.Plotting;

/// <summary>Draws grid lines, ticks and axis names.</summary>
internal static class SvgAxes
{
    /// <summary>Leaves room inside the area for markers at the edge.</summary>
    public static Scale XScale(PlotModel model, PlotFrame frame)
    {
        double inset = model.IsCategorical ? 0 : 8;
        return new Scale(model.X, frame.Area.Left + inset, frame.Area.Right - inset, model.IsLogX);
    }

    /// <summary>Leaves room above the highest value for its label.</summary>
    public static Scale YScale(PlotModel model, PlotFrame frame)
    {
        double room = Math.Min(model.Figure.ValueLabels ? 16 : 0, frame.Area.Height / 4);
        double below = model.Figure.ValueLabels && frame.Y.Low < 0 ? room : 0;
        return new Scale(frame.Y, frame.Area.Bottom - below, frame.Area.Top + room, model.Figure.LogY);
    }

    public static void Write(SvgWriter svg, PlotModel model, PlotFrame frame, Scale x, Scale y)
    {
        for (int i = 0; i < frame.YTicks.Length; i++)
        {
            double at = y[frame.YTicks[i]];
            svg.Rule(frame.Area.Left, at, frame.Area.Right, at, "rf-grid", SvgWriter.Grid);
            string text = TextSize.Fit(frame.YTickText[i], PlotFrame.TickSize, frame.Area.Left - 10);
            svg.Text(frame.Area.Left - 8, at + 4, text, TextStyle.Muted(PlotFrame.TickSize, "end"));
        }

        bool hasZero = !model.Figure.LogY && frame.Y.Low <= 0 && frame.Y.High >= 0;
        double baseline = hasZero ? y[0] : frame.Area.Bottom;
        svg.Rule(frame.Area.Left, baseline, frame.Area.Right, baseline, "rf-axis", SvgWriter.Axis);
        if (frame.Labels is CategoryLabels labels)
        {
            WriteCategories(svg, model, frame, labels, x);
        }
        else if (model.HasData)
        {
            WriteNumbers(svg, model, frame, x);
        }

        if (model.Figure.XLabel.Length > 0)
        {
            string label = TextSize.Fit(
                model.Figure.XLabel + " →", PlotFrame.TickSize, frame.Width - (2 * PlotFrame.Inset));
            svg.Text(
                frame.Width - PlotFrame.Inset - 8, frame.Height - 6, label, TextStyle.Muted(PlotFrame.TickSize, "end"));
        }
    }

    private static void WriteNumbers(SvgWriter svg, PlotModel model, PlotFrame frame, Scale x)
    {
        for (int most = Math.Max(1, (int)(frame.Area.Width / 70)); most >= 1; most--)
        {
            double[] ticks = model.IsLogX
                ? AxisTicks.Logarithmic(model.X.Low, model.X.High, most)
                : AxisTicks.Linear(model.X.Low, model.X.High, most, model.IsWhole);
            string[] text = model.IsLogX ? [.. ticks.Select(NumberText.LogTick)] : NumberText.Ticks(ticks);
            Box[] boxes = [.. ticks.Select((tick, i) => LabelBox(x[tick], text[i], frame))];
            if (most > 1 && boxes.Zip(boxes.Skip(1)).Any(pair => pair.First.Right + 8 > pair.Second.Left))
            {
                continue;
            }

            for (int i = 0; i < ticks.Length; i++)
            {
                svg.Rule(x[ticks[i]], frame.Area.Bottom, x[ticks[i]], frame.Area.Bottom + 4, "rf-axis", SvgWriter.Axis);
                string fitted = TextSize.Fit(text[i], PlotFrame.TickSize, frame.Width - 4);
                svg.Text(
                    (boxes[i].Left + boxes[i].Right) / 2,
                    frame.Area.Bottom + 17,
                    fitted,
                    TextStyle.Muted(PlotFrame.TickSize, "middle"));
            }

            return;
        }
    }

    /// <summary>Gives where a tick's text stands: under its tick, moved inwards at the edges.</summary>
    private static Box LabelBox(double at, string text, PlotFrame frame)
    {
        double width = Math.Min(TextSize.Width(text, PlotFrame.TickSize), frame.Width - 4);
        double left = Math.Clamp(at - (width / 2), 2, Math.Max(2, frame.Width - 2 - width));
        return new Box(left, frame.Area.Bottom + 4, left + width, frame.Area.Bottom + 20);
    }

    private static void WriteCategories(SvgWriter svg, PlotModel model, PlotFrame frame, CategoryLabels labels, Scale x)
    {
        for (int i = 0; i < model.Categories.Count; i += labels.Stride)
        {
            double y = frame.Area.Bottom + 16;
            if (labels.IsSlanted)
            {
                TextStyle slanted = TextStyle.Ink(PlotFrame.TickSize, "end") with { Angle = CategoryLabels.Slant };
                svg.Text(x[i] + 4, y - 2, labels.Lines[i][0], slanted);
                continue;
            }

            foreach (string line in labels.Lines[i])
            {
                svg.Text(x[i], y, line, TextStyle.Ink(PlotFrame.TickSize, "middle"));
                y += 14;
            }
        }
    }
}
