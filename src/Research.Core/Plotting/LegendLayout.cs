namespace Research.Plotting;

/// <summary>Legend entries wrapped into rows.</summary>
internal sealed class LegendLayout
{
    public const double RowHeight = 20;
    public const double SwatchWidth = 24;
    public const double FontSize = 12;
    private const double Gap = 18;

    private LegendLayout(IReadOnlyList<Entry> entries, int rows, string more)
    {
        Entries = entries;
        Rows = rows;
        More = more;
    }

    public IReadOnlyList<Entry> Entries { get; }

    public int Rows { get; }

    /// <summary>Gets what stands for entries that found no room, or nothing.</summary>
    public string More { get; }

    /// <summary>Lays out at most <paramref name="mostRows"/> rows in a width.</summary>
    public static LegendLayout Of(PlotModel model, double width, int mostRows)
    {
        FigureContent figure = model.Figure;
        IEnumerable<int> named = model.HasLegend
            ? Enumerable.Range(0, figure.Series.Length).Where(i => figure.Series[i].Name.Length > 0)
            : [];
        List<Entry> entries = [];
        double x = 0;
        int row = 0;
        foreach (int series in named)
        {
            string name = TextSize.Fit(figure.Series[series].Name, FontSize, Math.Min(320, width - SwatchWidth - 4));
            double size = SwatchWidth + TextSize.Width(name, FontSize);
            if (x > 0 && x + size > width)
            {
                (x, row) = (0, row + 1);
            }

            entries.Add(new Entry(series, name, x, row));
            x += size + Gap;
        }

        return row < mostRows
            ? new LegendLayout(entries, entries.Count == 0 ? 0 : row + 1, "")
            : Cut(entries, mostRows);
    }

    private static LegendLayout Cut(List<Entry> entries, int rows)
    {
        // The last row is given to the count of what is missing.
        List<Entry> kept = [.. entries.Where(entry => entry.Row < rows - 1)];
        return new LegendLayout(kept, rows, rows == 0 ? "" : $"and {entries.Count - kept.Count} more series");
    }

    public readonly record struct Entry(int Series, string Name, double X, int Row);
}
