using Research.Plotting;

namespace Research.Tests.Plotting.Reading;

/// <summary>Figures of every kind, gap, scale and combination, from a seed.</summary>
internal static class AnyFigure
{
    private static readonly string[] Words = ["ada", "", "a<b>&amp;", "</script>", "ε = 2.5", "第二", "\"'", "1", "2026-01-02"];

    public static Figure Of(Random random)
    {
        Figure figure = Figure.Titled(Word(random));
        int count = random.Next(0, 10);
        for (int i = 0; i < count; i++)
        {
            figure = Add(figure, random);
        }

        if (random.Next(3) == 0)
        {
            figure = figure.WithSubtitle(Word(random));
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            figure = figure.Reference(Value(random), Word(random));
        }

        figure = random.Next(2) == 0 ? figure : figure.WithAxes(Word(random), Word(random));
        figure = random.Next(4) > 0 ? figure : figure.WithLogY();
        figure = random.Next(4) > 0 ? figure : figure.WithLogX();
        figure = random.Next(3) > 0 ? figure : figure.Stacked();
        figure = random.Next(3) > 0 ? figure : figure.WithValueLabels();
        return random.Next(3) > 0 ? figure : figure.IncludingY(Value(random), 0);
    }

    private static Figure Add(Figure figure, Random random)
    {
        int count = random.Next(0, 12);
        string name = Word(random);
        double[] y = [.. Enumerable.Range(0, count).Select(_ => Value(random))];
        double[] x = [.. Enumerable.Range(0, count).Select(i => random.Next(8) == 0 ? Value(random) : i)];
        Dash dash = (Dash)random.Next(4);
        bool isBanded = random.Next(3) == 0;
        double[]? lower = isBanded ? [.. y.Select(value => random.Next(9) == 0 ? double.NaN : value - 1)] : null;
        double[]? upper = isBanded ? [.. y.Select(value => value + 0.5)] : null;
        return random.Next(4) switch
        {
            0 => figure.Line(name, x, y, dash, random.Next(2) == 0, lower, upper),
            1 => figure.Points(name, x, y),
            2 => figure.Bars(name, x.Select(_ => Word(random)), y),
            _ => figure.Line(name, x.Select(value => $"{value:F1}"), y, dash, random.Next(2) == 0, lower, upper),
        };
    }

    private static double Value(Random random) => random.Next(12) switch
    {
        0 => double.NaN,
        1 => 0,
        2 => -random.NextDouble(),
        3 => random.Next(-5, 100),
        4 => Math.Pow(10, random.Next(-12, 13)),
        _ => random.NextDouble() * 7,
    };

    private static string Word(Random random) => Words[random.Next(Words.Length)];
}
