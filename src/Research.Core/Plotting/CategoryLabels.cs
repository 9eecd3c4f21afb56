namespace Research.Plotting;

/// <summary>Names under a categorical axis: in one line, in two, or slanted, whichever fits first.</summary>
internal sealed class CategoryLabels
{
    public const double Slant = -40;
    private const double LineHeight = 14;

    private CategoryLabels(IReadOnlyList<List<string>> lines, bool isSlanted, int stride, double height)
    {
        Lines = lines;
        IsSlanted = isSlanted;
        Stride = stride;
        Height = height;
    }

    /// <summary>Gets the lines of each label.</summary>
    public IReadOnlyList<List<string>> Lines { get; }

    public bool IsSlanted { get; }

    /// <summary>Gets how far apart labelled categories lie: 1 labels all.</summary>
    public int Stride { get; }

    public double Height { get; }

    public static CategoryLabels Of(IReadOnlyList<string> names, Box area, double height)
    {
        double band = area.Width / Math.Max(1, names.Count);
        for (int lines = 1; lines <= 2; lines++)
        {
            List<List<string>> wrapped =
                [.. names.Select(name => TextSize.Wrap(name, PlotFrame.TickSize, band - 6, lines))];
            bool fits = wrapped.Zip(names).All(pair =>
                string.Join(" ", pair.First) == pair.Second.Trim()
                && pair.First.TrueForAll(line => TextSize.Width(line, PlotFrame.TickSize) <= band - 6));
            if (fits || names.Count == 1)
            {
                return new CategoryLabels(wrapped, isSlanted: false, 1, (lines * LineHeight) + 4);
            }
        }

        return Slanted(names, area, height, band);
    }

    private static CategoryLabels Slanted(IReadOnlyList<string> names, Box area, double height, double band)
    {
        double radians = -Slant * Math.PI / 180;
        double most = Math.Min(130, 0.25 * height / Math.Sin(radians));
        int stride = Math.Max(1, (int)Math.Ceiling(22 / band));
        List<List<string>> labels = [];
        double deepest = 0;
        for (int i = 0; i < names.Count; i++)
        {
            double toEdge = (area.Left + (band * (i + 0.5)) - 4) / Math.Cos(radians);
            string label = TextSize.FitMiddle(names[i], PlotFrame.TickSize, Math.Min(most, toEdge));
            labels.Add([label]);
            double depth = i % stride == 0 ? TextSize.Width(label, PlotFrame.TickSize) * Math.Sin(radians) : 0;
            deepest = Math.Max(deepest, depth);
        }

        return new CategoryLabels(labels, isSlanted: true, stride, deepest + LineHeight + 4);
    }
}
