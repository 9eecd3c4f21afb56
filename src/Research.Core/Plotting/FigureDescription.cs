using System.Text;

namespace Research.Plotting;

/// <summary>Says in words what a figure shows, for readers who hear it.</summary>
internal static class FigureDescription
{
    private const int MostSeries = 12;

    public static string Of(FigureContent figure)
    {
        StringBuilder text = new();
        if (figure.XLabel.Length > 0 || figure.YLabel.Length > 0)
        {
            string vertical = figure.YLabel.Length > 0 ? figure.YLabel : "value";
            string horizontal = figure.XLabel.Length > 0 ? figure.XLabel : "position";
            text.Append($"{vertical} by {horizontal}. ");
        }

        foreach (Series series in figure.Series.Take(MostSeries))
        {
            text.Append($"{(series.Name.Length > 0 ? series.Name : "Series")}: {Summary(series, figure.LogY)}. ");
        }

        if (figure.Series.Length > MostSeries)
        {
            text.Append($"And {figure.Series.Length - MostSeries} more series. ");
        }

        foreach (ReferenceLine reference in figure.References)
        {
            text.Append($"Reference line {reference.Label} at {NumberText.Value(reference.Y)}. ");
        }

        return text.Length == 0 ? "No data." : text.ToString().TrimEnd();
    }

    private static string Summary(Series series, bool log)
    {
        double[] values = [.. series.Y.Where(value => ValueRange.IsDrawable(value, log))];
        if (values.Length == 0)
        {
            return "no data";
        }

        if (series.IsCategorical && series.Y.Length <= MostSeries)
        {
            return string.Join(
                ", ", series.Categories.Zip(series.Y, (name, value) => $"{name} {NumberText.Value(value)}"));
        }

        return values.Length == 1
            ? $"one value, {NumberText.Value(values[0])}"
            : $"{values.Length} values from {NumberText.Value(values[0])} to {NumberText.Value(values[^1])}, "
                + $"least {NumberText.Value(values.Min())}, greatest {NumberText.Value(values.Max())}";
    }
}
