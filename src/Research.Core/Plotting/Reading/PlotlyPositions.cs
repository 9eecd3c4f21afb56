using System.Globalization;

namespace Research.Plotting.Reading;

/// <summary>Where the points of all traces lie along the horizontal axis: at numbers, or at names in a row.</summary>
/// <remarks>
/// A figure sets names, and bars, in a row of equal steps, in order of first appearance. So dates, and numbers under
/// bars, are read as names where they ascend by equal steps, and refused where they do not.
/// </remarks>
internal sealed class PlotlyPositions
{
    private const double LongestMonth = 31.0 / 28 + 0.001; // Months and years are equal steps to a reader.

    private readonly PlotlyAttributes _axis;
    private readonly Func<object?, string>? _name;

    private PlotlyPositions(PlotlyAttributes axis, Func<object?, string>? name)
    {
        _axis = axis;
        _name = name;
    }

    /// <summary>Decides as plotly does: by the axis's type, else by what the values are.</summary>
    /// <param name="traces">All traces.</param>
    /// <param name="axis">The horizontal axis.</param>
    /// <param name="isStrict">Whether texts that are numbers stay texts.</param>
    /// <exception cref="NotSupportedException">A figure cannot set the points where they belong.</exception>
    public static PlotlyPositions Of(IReadOnlyList<PlotlyTrace> traces, PlotlyAttributes axis, bool isStrict)
    {
        axis.Allow("type", "-", "linear", "log", "category", "date");
        object[] values = [.. traces.SelectMany(trace => trace.X).OfType<object>().Distinct()];
        string type = axis.Text("type") is { } said && said != "-" ? said
            : values.All(value => value is double or "NaN") ? "linear"
            : values.All(value => Date(value) is not null) ? "date"
            : !isStrict && values.All(value => PlotlyArray.Number(value) is not null) ? "linear"
            : values.All(value => value is string) ? "category"
            : throw axis.Refused("type");
        PlotlyPositions positions = type switch
        {
            "category" => new PlotlyPositions(axis, Name),
            "date" => Rows(axis, values, value => Date(value)?.Ticks, DateName),
            _ when traces.Any(trace => trace.IsBars && trace.X.Length > 0) =>
                type == "log" ? throw axis.Refused("type") : Rows(axis, values, PlotlyArray.Number, Name),
            _ => new PlotlyPositions(axis, null),
        };
        positions.CheckOrder(values);
        return positions;
    }

    /// <summary>Places a trace's points.</summary>
    public Series Place(PlotlyTrace trace, Series series)
    {
        if (_name is null)
        {
            return series with
            {
                X = [.. trace.X.Select(x => PlotlyArray.Number(x) ?? throw trace.Attributes.Refused("x"))],
            };
        }

        return series with
        {
            Categories = [.. trace.X.Select(x => x is null ? throw trace.Attributes.Refused("x") : _name(x))],
        };
    }

    private static string Name(object? value) =>
        value is double number ? number.ToString(CultureInfo.InvariantCulture) : PlotlyText.Read((string)value!);

    private static string DateName(object? value)
    {
        string text = (string)value!;
        return PlainText.Clean(text.EndsWith("T00:00:00", StringComparison.Ordinal) ? text[..^9] : text.Replace('T', ' '));
    }

    private static DateTime? Date(object value) =>
        value is string { Length: >= 7 and < 40 } text && text[4] == '-' && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime date) ? date : null;

    private static PlotlyPositions Rows(
        PlotlyAttributes axis, object[] values, Func<object, double?> position, Func<object?, string> name)
    {
        double[] at = [.. values.Select(value => position(value) ?? throw axis.Refused("type"))];
        double[] steps = [.. at.Zip(at.Skip(1), (left, right) => right - left)];
        if (steps.Length > 0 && !(steps.Min() > 0 && steps.Max() <= steps.Min() * LongestMonth))
        {
            throw new NotSupportedException(
                $"A figure cannot draw {axis.Place}: dates, and numbers under bars, that do not ascend by equal steps.");
        }

        return new PlotlyPositions(axis, name);
    }

    private void CheckOrder(object[] values)
    {
        _axis.Allow("categoryorder", "trace", "array", "category ascending", "category descending");
        if (_name is null)
        {
            return;
        }

        string[] names = [.. values.Select(_name).Distinct()];
        string[] ordered = _axis.Text("categoryorder") switch
        {
            "array" => [.. _axis.Items("categoryarray").Select(item => PlotlyText.Read(item.ToString())).Union(names)],
            "category ascending" => [.. names.Order(StringComparer.Ordinal)],
            "category descending" => [.. names.OrderDescending(StringComparer.Ordinal)],
            _ => names,
        };
        if (!ordered.Intersect(names).SequenceEqual(names))
        {
            throw _axis.Refused("categoryorder");
        }
    }
}
