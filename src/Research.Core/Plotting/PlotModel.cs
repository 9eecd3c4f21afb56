using System.Globalization;

namespace Research.Plotting;

/// <summary>A figure's numbers on its axes: positions, stacked bars and the ranges that hold them all.</summary>
internal sealed class PlotModel
{
    public PlotModel(FigureContent figure)
    {
        Figure = figure;
        IsCategorical = figure.Series.Any(series => series.IsCategorical);
        IsLogX = figure.LogX && !IsCategorical;
        Categories = IsCategorical ? [.. figure.Series.SelectMany(Names).Distinct(StringComparer.Ordinal)] : [];
        Positions = [.. figure.Series.Select(PositionsOf)];
        Bars = StackBars();
        BarSlots = figure.Stacked ? Math.Min(1, BarSeries.Count) : BarSeries.Count;
        X = IsCategorical
            ? new ValueRange(-0.5, Math.Max(1, Categories.Count) - 0.5)
            : ValueRange.Of(Drawable().SelectMany(point => new[] { point.X }), IsLogX);
        Y = ValueRange.Of(AllValues(), figure.LogY);
        HasData = Drawable().Any();
        IsWhole = Drawable().All(point => point.X == Math.Floor(point.X));
    }

    public FigureContent Figure { get; }

    public bool IsCategorical { get; }

    /// <summary>Gets whether positions are numbers on a logarithmic axis.</summary>
    public bool IsLogX { get; }

    public IReadOnlyList<string> Categories { get; }

    /// <summary>Gets positions by series: numbers, or indices into <see cref="Categories"/>.</summary>
    public double[][] Positions { get; }

    public IReadOnlyList<Bar> Bars { get; }

    /// <summary>Gets how many bars stand side by side in a category.</summary>
    public int BarSlots { get; }

    public ValueRange X { get; }

    public ValueRange Y { get; }

    public bool HasData { get; }

    /// <summary>Gets whether every position is a whole number, as steps and rounds are.</summary>
    public bool IsWhole { get; }

    /// <summary>
    /// Gets whether names need a legend: not when the only one is in the title or beside the axis already.
    /// </summary>
    public bool HasLegend
    {
        get
        {
            string[] names = [.. Figure.Series.Select(series => series.Name).Where(name => name.Length > 0)];
            return names.Length > 1
                || (names.Length == 1
                    && !Figure.Title.Contains(names[0], StringComparison.OrdinalIgnoreCase)
                    && !Figure.YLabel.Contains(names[0], StringComparison.OrdinalIgnoreCase));
        }
    }

    private List<int> BarSeries =>
        [.. Enumerable.Range(0, Figure.Series.Length).Where(i => Figure.Series[i].Mark == Mark.Bars)];

    /// <summary>Says whether a point has both coordinates on the axes.</summary>
    public bool CanDraw(double x, double y) =>
        ValueRange.IsDrawable(x, IsLogX) && ValueRange.IsDrawable(y, Figure.LogY);

    private static IEnumerable<string> Names(Series series) =>
        series.IsCategorical
            ? series.Categories
            : series.X.Select(x => x.ToString(CultureInfo.InvariantCulture));

    private double[] PositionsOf(Series series)
    {
        if (!IsCategorical)
        {
            return [.. series.X];
        }

        Dictionary<string, int> index =
            Categories.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        return [.. Names(series).Select(name => (double)index[name])];
    }

    private List<Bar> StackBars()
    {
        List<Bar> bars = [];
        Dictionary<(double Category, bool Negative), double> heights = [];
        List<int> series = BarSeries;
        for (int slot = 0; slot < series.Count; slot++)
        {
            int index = series[slot];
            for (int i = 0; i < Figure.Series[index].Y.Length; i++)
            {
                double value = Figure.Series[index].Y[i];
                double x = Positions[index][i];
                if (!CanDraw(x, value))
                {
                    continue;
                }

                double start = Figure.Stacked ? heights.GetValueOrDefault((x, value < 0)) : 0;
                heights[(x, value < 0)] = start + value;
                bars.Add(new Bar(index, Figure.Stacked ? 0 : slot, x, start, start + value, value));
            }
        }

        return bars;
    }

    private IEnumerable<(double X, double Y)> Drawable()
    {
        for (int s = 0; s < Figure.Series.Length; s++)
        {
            for (int i = 0; i < Positions[s].Length; i++)
            {
                if (CanDraw(Positions[s][i], Figure.Series[s].Y[i]))
                {
                    yield return (Positions[s][i], Figure.Series[s].Y[i]);
                }
            }
        }
    }

    private IEnumerable<double> AllValues()
    {
        IEnumerable<double> values = Drawable().Select(point => point.Y)
            .Concat(Figure.Series.SelectMany(series => series.Lower.Concat(series.Upper)))
            .Concat(Figure.References.Select(reference => reference.Y))
            .Concat(Figure.IncludedY)
            .Concat(Bars.Select(bar => bar.End));
        return Bars.Count > 0 && !Figure.LogY ? values.Append(0) : values;
    }
}
