using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>Reads how far the vertical axis reaches.</summary>
internal static class PlotlyRange
{
    /// <summary>Makes the figure reach as far as the axis does.</summary>
    /// <exception cref="NotSupportedException">The axis leaves out values, or runs downwards.</exception>
    public static FigureContent Apply(FigureContent figure, PlotlyAttributes axis)
    {
        axis.Allow("rangemode", "normal", "tozero", "nonnegative");
        if (axis.Text("rangemode") == "tozero" && !figure.LogY)
        {
            figure = figure with { IncludedY = [0] };
        }

        return Ends(axis) is not { } range ? figure : AllCandidates(figure, range).FirstOrDefault(
            candidate => Near(Written(candidate), range)) ?? Foreign(figure, axis, range);
    }

    /// <summary>Refuses a horizontal axis that leaves out positions, or runs backwards.</summary>
    public static void CheckHorizontal(FigureContent figure, PlotlyAttributes axis)
    {
        if (Ends(axis) is { } range)
        {
            PlotModel model = new(figure);
            (double low, double high) = model.IsLogX
                ? (Math.Log10(model.X.Low), Math.Log10(model.X.High))
                : model.IsCategorical ? (0, model.Categories.Count - 1) : (model.X.Low, model.X.High);
            if (model.HasData && !Covers(range, low, high))
            {
                throw axis.Refused("range");
            }
        }
    }

    // Where no series could have labels, only the room for them tells that a figure was asked for some.
    private static IEnumerable<FigureContent> AllCandidates(FigureContent figure, (double Low, double High) range) =>
        figure.Series.All(series => series.Mark == Mark.Line && !series.Markers)
            ? Candidates(figure, range).Concat(Candidates(figure with { ValueLabels = true }, range))
            : Candidates(figure, range);

    // Without more, with both ends, with either, as a figure would write them: with a little air.
    private static IEnumerable<FigureContent> Candidates(FigureContent figure, (double Low, double High) range)
    {
        yield return figure;
        double air = (range.High - range.Low) * (figure.ValueLabels ? 0.07 / 1.14 : 0.02 / 1.04);
        (double low, double high) = (range.Low + air, range.High - air);
        yield return Including(figure, low, high);
        double inside = (high - low) * 0.01; // Ends that lie on ticks are reached from just inside too.
        yield return Including(figure, low + inside, high - inside);
        yield return Including(figure, low + inside, low + inside);
        yield return Including(figure, high - inside, high - inside);
        double alone = (range.High - range.Low) * (figure.ValueLabels ? 0.07 / 1.07 : 0.02 / 1.02);
        yield return Including(figure, range.Low, range.High - alone);
        yield return Including(figure, range.Low + alone, range.High);
        yield return Including(figure, range.Low, range.High);
        yield return Including(figure, range.Low + inside, range.High - alone - inside);
        yield return Including(figure, range.Low + alone + inside, range.High - inside);
    }

    private static FigureContent Foreign(FigureContent figure, PlotlyAttributes axis, (double Low, double High) range)
    {
        PlotModel model = new(figure with { IncludedY = [] });
        (double low, double high) = figure.LogY
            ? (Math.Log10(model.Y.Low), Math.Log10(model.Y.High))
            : (model.Y.Low, model.Y.High);
        return !model.HasData || Covers(range, low, high)
            ? Including(figure, range.Low, range.High)
            : throw axis.Refused("range");
    }

    private static FigureContent Including(FigureContent figure, double low, double high)
    {
        ImmutableArray<double> ends = figure.LogY
            ? [Round(Math.Pow(10, low)), Round(Math.Pow(10, high))]
            : [Round(low), Round(high)];
        return figure with { IncludedY = ends };
    }

    // The arithmetic of the air leaves a few last bits, which would widen the axis by a whole tick.
    private static double Round(double value)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return double.IsFinite(value) ? double.Parse(value.ToString("E12", invariant), invariant) : value;
    }

    private static (double Low, double High)? Ends(PlotlyAttributes axis)
    {
        if (axis["autorange"].ValueKind == JsonValueKind.String)
        {
            throw axis.Refused("autorange"); // It runs backwards, or one end is free.
        }

        IReadOnlyList<JsonElement> ends = axis.Items("range");
        return axis["autorange"].ValueKind == JsonValueKind.True || ends.Count == 0 ? null
            : ends.Count == 2 && ends.All(end => end.ValueKind == JsonValueKind.Number)
                && ends[0].GetDouble() < ends[1].GetDouble()
                    ? (ends[0].GetDouble(), ends[1].GetDouble())
                    : throw axis.Refused("range");
    }

    private static (double Low, double High) Written(FigureContent figure) => PlotlyLayout.Range(new PlotModel(figure));

    private static bool Near((double Low, double High) one, (double Low, double High) other)
    {
        double size = Math.Max(other.High - other.Low, double.Epsilon) * 1e-9;
        return Math.Abs(one.Low - other.Low) <= size && Math.Abs(one.High - other.High) <= size;
    }

    private static bool Covers((double Low, double High) range, double low, double high)
    {
        double slack = Math.Max(range.High - range.Low, double.Epsilon) * 1e-9;
        return range.Low <= low + slack && range.High >= high - slack;
    }
}
