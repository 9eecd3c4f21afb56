using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Research.Plotting;

/// <summary>Copies what a caller passes into a series, checking lengths.</summary>
internal static class SeriesReader
{
    public static Series Numeric<TX, TY>(
        Mark mark, string name, IEnumerable<TX> xs, IEnumerable<TY> ys, IEnumerable<TY>? lower, IEnumerable<TY>? upper)
        where TX : INumber<TX>
        where TY : INumber<TY>
    {
        ArgumentNullException.ThrowIfNull(xs);
        ImmutableArray<double> positions = Numbers(xs);
        return Values(mark, name, positions.Length, ys, lower, upper) with { X = positions };
    }

    public static Series Named<TY>(
        Mark mark,
        string name,
        IEnumerable<string> xs,
        IEnumerable<TY> ys,
        IEnumerable<TY>? lower,
        IEnumerable<TY>? upper)
        where TY : INumber<TY>
    {
        ArgumentNullException.ThrowIfNull(xs);
        ImmutableArray<string> categories = [.. xs.Select(PlainText.Clean)];
        return Values(mark, name, categories.Length, ys, lower, upper) with { Categories = categories };
    }

    public static IEnumerable<string> Names<T>(IEnumerable<T> numbers)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return numbers.Select(number => number.ToString(null, CultureInfo.InvariantCulture));
    }

    private static Series Values<TY>(
        Mark mark, string name, int count, IEnumerable<TY> ys, IEnumerable<TY>? lower, IEnumerable<TY>? upper)
        where TY : INumber<TY>
    {
        ArgumentNullException.ThrowIfNull(ys);
        if (lower is null != upper is null)
        {
            throw new ArgumentException("Expected both edges of the band or neither; got one.", nameof(lower));
        }

        return new Series
        {
            Mark = mark,
            Name = PlainText.Clean(name),
            Y = Checked(ys, count, name, nameof(ys)),
            Lower = lower is null ? [] : Checked(lower, count, name, nameof(lower)),
            Upper = upper is null ? [] : Checked(upper, count, name, nameof(upper)),
        };
    }

    private static ImmutableArray<double> Checked<T>(IEnumerable<T> values, int count, string name, string parameter)
        where T : INumber<T>
    {
        ImmutableArray<double> numbers = Numbers(values);
        return numbers.Length == count
            ? numbers
            : throw new ArgumentException(
                $"Series \"{PlainText.Clean(name)}\": expected {count} values, one a position; got {numbers.Length}.",
                parameter);
    }

    private static ImmutableArray<double> Numbers<T>(IEnumerable<T> values)
        where T : INumber<T> => [.. values.Select(double.CreateSaturating)];
}
