namespace Research.Plotting.Reading;

/// <summary>Finds the bands around lines: the outline that a figure writes, and the two edges that Plotly.NET's range
/// charts write.</summary>
internal static class PlotlyBands
{
    /// <summary>Takes the traces that draw bands away, and gives their edges to the lines.</summary>
    /// <exception cref="NotSupportedException">A fill is no band around a line.</exception>
    public static List<PlotlyTrace> Fold(IReadOnlyList<PlotlyTrace> traces, bool logY)
    {
        List<PlotlyTrace> lines = [];
        for (int i = 0; i < traces.Count; i++)
        {
            PlotlyTrace trace = traces[i];
            if (IsOutline(trace) && i + 1 < traces.Count && IsLineOf(traces[i + 1], trace.Group))
            {
                lines.Add(WithOutline(traces[++i], trace, logY));
            }
            else if (i + 2 < traces.Count && IsEdge(trace) && traces[i + 1] is { Fill: "tonexty" } upper
                && upper.Group == trace.Group && IsLineOf(traces[i + 2], trace.Group))
            {
                lines.Add(WithEdges(traces[i += 2], trace, upper));
            }
            else
            {
                lines.Add(trace.Fill == "none" ? trace : throw trace.Attributes.Refused("fill"));
            }
        }

        return lines;
    }

    private static bool IsOutline(PlotlyTrace trace) =>
        trace is { Fill: "toself", IsBars: false, HasMarkers: false, Group.Length: > 0 };

    private static bool IsEdge(PlotlyTrace trace) =>
        trace is { Fill: "none", IsBars: false, HasLine: true, HasMarkers: false, Group.Length: > 0 };

    private static bool IsLineOf(PlotlyTrace trace, string group) =>
        trace is { Fill: "none", HasLine: true, IsBars: false } && trace.Group == group;

    private static PlotlyTrace WithEdges(PlotlyTrace line, PlotlyTrace lower, PlotlyTrace upper) =>
        line.X.SequenceEqual(lower.X) && line.X.SequenceEqual(upper.X) && line.Lower.Length == 0
            ? line with { Lower = lower.Y, Upper = upper.Y }
            : throw upper.Attributes.Refused("fill");

    /// <summary>Reads each closed stretch: there along the top, back along the bottom.</summary>
    private static PlotlyTrace WithOutline(PlotlyTrace line, PlotlyTrace outline, bool logY)
    {
        double[] lower = [.. Enumerable.Repeat(double.NaN, line.Y.Length)];
        double[] upper = [.. lower];
        int from = 0;
        int at = 0;
        while (at < outline.Y.Length)
        {
            int end = at;
            while (end < outline.Y.Length && !double.IsNaN(outline.Y[end]))
            {
                end++;
            }

            int length = (end - at) / 2;
            int start = (end - at) % 2 == 0 ? Find(line, outline, at, length, from, logY) : -1;
            if (start < 0)
            {
                throw outline.Attributes.Refused("fill");
            }

            for (int i = 0; i < length; i++)
            {
                upper[start + i] = outline.Y[at + i];
                lower[start + i] = outline.Y[end - 1 - i];
            }

            from = start + length + 1; // Neighbours would have been one stretch.
            at = end + 1;
        }

        return line with { Lower = lower, Upper = upper };
    }

    private static int Find(PlotlyTrace line, PlotlyTrace outline, int at, int length, int from, bool logY)
    {
        for (int start = from; start + length <= line.X.Length; start++)
        {
            int i = 0;
            while (i < length
                && ValueRange.IsDrawable(line.Y[start + i], logY)
                && Equals(line.X[start + i], outline.X[at + i])
                && Equals(line.X[start + i], outline.X[at + (2 * length) - 1 - i]))
            {
                i++;
            }

            if (i == length && length > 0)
            {
                return start;
            }
        }

        return -1;
    }
}
