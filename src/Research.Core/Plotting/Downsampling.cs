namespace Research.Plotting;

/// <summary>Thins points that would fall on the same pixels, keeping what the eye would see.</summary>
internal static class Downsampling
{
    /// <summary>Keeps the first, lowest, highest and last point of every pixel column of a run ordered by x.</summary>
    /// <param name="points">Pixels; the order is kept. A run that turns back is returned as it is.</param>
    /// <remarks>The M4 rule: Jugel et al. 2014, "M4: A Visualization-Oriented Time Series Data Aggregation".</remarks>
    public static List<(double X, double Y)> Columns(List<(double X, double Y)> points)
    {
        if (points.Count < 500 || !IsOrdered(points))
        {
            return points;
        }

        List<(double X, double Y)> kept = [];
        int start = 0;
        while (start < points.Count)
        {
            int end = start;
            double column = Math.Floor(points[start].X);
            (int low, int high) = (start, start);
            for (; end < points.Count && Math.Floor(points[end].X) == column; end++)
            {
                low = points[end].Y < points[low].Y ? end : low;
                high = points[end].Y > points[high].Y ? end : high;
            }

            foreach (int index in new SortedSet<int> { start, low, high, end - 1 })
            {
                kept.Add(points[index]);
            }

            start = end;
        }

        return kept;
    }

    /// <summary>Keeps one point for every square of 1.5 pixels.</summary>
    public static List<(double X, double Y)> Squares(List<(double X, double Y)> points) =>
        points.Count < 500 ? points : [.. points.DistinctBy(p => (Math.Floor(p.X / 1.5), Math.Floor(p.Y / 1.5)))];

    private static bool IsOrdered(List<(double X, double Y)> points)
    {
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].X < points[i - 1].X)
            {
                return false;
            }
        }

        return true;
    }
}
