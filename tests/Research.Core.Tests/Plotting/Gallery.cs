using Research.Plotting;

namespace Research.Tests.Plotting;

/// <summary>Figures that cover what can go wrong, by name; every renderer must cope with all of them.</summary>
internal static class Gallery
{
    public const string Hostile = "</script><svg onload=alert(1)>\"'&<b>\u0000\u001b[31m\u202egpj\uD800";

    private static readonly string[] People = ["ada", "bob", "carol", "dan (shuffled labels)", "eve (copies bob)"];

    public static IReadOnlyDictionary<string, Figure> All { get; } = new Dictionary<string, Figure>
    {
        ["loss"] = LossCurves(5).Reference(0.42, "central, not private"),
        ["six"] = LossCurves(6),
        ["nine"] = LossCurves(9),
        ["logarithmic"] = LossCurves(3, scale: 100).WithLogY(),
        ["logarithmic both"] = Figure.Titled("ROC")
            .Line("attack", [0, 1e-4, 0.01, 1], [0, 0.002, 0.08, 1.0], markers: true)
            .Line("guessing", [-1, 1e-4, 1], [0, 1e-4, 1], Dash.Dashed)
            .WithAxes("false positives", "true positives").WithLogX().WithLogY(),
        ["band"] = Band(),
        ["accuracy"] = Figure.Titled("Accuracy by round")
            .Line("global model", [1, 2, 3], [0.62, 0.81, 0.874], markers: true)
            .Reference(0.956, "central, not private")
            .WithAxes("round", "accuracy").IncludingY(0, 1).WithValueLabels(),
        ["epsilon"] = Figure.Titled("Privacy spent by round")
            .WithSubtitle("ε at δ = 1e-5, add or remove one record; every round is charged before it is released.")
            .Line("ada", [1, 2, 3], [1.9, 2.7, 3.4], markers: true)
            .Line("bob", [1, 2, 3], [1.9, 2.7, 3.4], Dash.Dashed, markers: true)
            .Reference(8, "cap").WithAxes("round", "ε"),
        ["rewards"] = Figure.Titled("Rewards")
            .Bars("reward", People, [4.21, 3.02, 2.61, 0.0, 0.16])
            .WithAxes("participant", "reward (ETH)").WithValueLabels(),
        ["grouped"] = Grouped().WithValueLabels(),
        ["stacked"] = Grouped().Stacked().WithValueLabels(),
        ["negative"] = Figure.Titled("Score by participant").Bars("score", People, [0.12, 0.08, 0.051, -0.043, -0.011])
            .WithAxes("", "Shapley value").WithValueLabels(),
        ["mixed"] = Figure.Titled("Rounds").Bars("mean loss", [1, 2, 3, 4], [2.1, 1.3, 0.9, 0.7])
            .Line("best", [1, 2, 3, 4], [1.8, 1.1, 0.6, 0.5], markers: true).WithAxes("round", "loss"),
        ["categories"] = Figure.Titled("Forty participants")
            .Bars(
                "records",
                Enumerable.Range(1, 40).Select(i => $"participant number {i}"),
                Enumerable.Range(1, 40).Select(i => (i * 37) % 101)),
        ["points"] = Figure.Titled("Clipped norms")
            .Points("before", Noise(400, 1), Noise(400, 2)).Points("after", Noise(60, 3), Noise(60, 4)),
        ["ten thousand"] = Figure.Titled("Ten thousand steps")
            .Line(
                "loss",
                Enumerable.Range(0, 10_000),
                Enumerable.Range(0, 10_000).Select(i => Math.Exp(-i / 3000.0) + (0.2 * Math.Sin(i * i))))
            .WithAxes("step", "loss (nats)"),
        ["one point"] = Figure.Titled("One point").Line("alone", [3], [0.7]).WithAxes("step", "loss"),
        ["nothing"] = Figure.Titled("No series at all"),
        ["empty series"] = Figure.Titled("An empty series")
            .Line<double, double>("nobody", [], []).Bars<double>("none", [], []).WithAxes("x", "y"),
        ["constant"] = Figure.Titled("Constant").Line("c", [0, 1, 2, 3], [5.5, 5.5, 5.5, 5.5]),
        ["zeros"] = Figure.Titled("All zero").Bars("rewards", ["a", "b"], [0, 0]).WithValueLabels(),
        ["huge"] = Figure.Titled("Huge").Line("wei", [0.0, 1, 2], [1e299, -3e299, 2.5e299]).WithAxes("step", "wei"),
        ["tiny"] = Figure.Titled("Tiny")
            .Line("δ", [1e-9, 2e-9, 5e-9], [1e-12, 3e-12, 2e-12], markers: true).WithValueLabels(),
        ["offset"] = Figure.Titled("A large offset")
            .Line("block time", [0, 1, 2], [1700000000.0, 1700000003, 1700000012]),
        ["gaps"] = Figure.Titled("Gaps").Line(
            "broken",
            [0, 1, 2, 3, 4, 5, 6.0],
            [1, double.NaN, 2, 3, double.PositiveInfinity, -1, double.NegativeInfinity]),
        ["only gaps"] = Figure.Titled("Only gaps")
            .Line("lost", [1, 2], [double.NaN, double.NaN]).WithAxes("step", "loss"),
        ["logarithm of nothing"] = Figure.Titled("Log of nothing").Line("bad", [1, 2], [0.0, -4]).WithLogY(),
        ["logarithmic bars"] = Figure.Titled("Gas")
            .Bars("gas", ["commit", "reveal", "claim"], [52_000, 4_100_000, 91]).WithLogY().WithValueLabels(),
        ["long names"] = Figure
            .Titled(
                "A title that is long enough to need a second line on any screen, "
                + "and on a telephone perhaps even a third one")
            .Line("a series whose name goes on and on until nobody remembers how it began, nor why", [0, 1], [1, 2])
            .Line("第二の参加者のモデル", [0, 1], [2, 1])
            .WithAxes(
                "an axis name that is far too long for a telephone", "another axis name that is far too long"),
        ["hostile"] = Figure.Titled(Hostile).WithSubtitle(Hostile)
            .Line(Hostile, ["a", Hostile], [1, 2.5]).Bars(Hostile, [Hostile], [2])
            .Reference(1.5, Hostile).WithAxes(Hostile, Hostile).WithValueLabels(),
        ["hostile numbers"] = Figure.Titled("$<b>x</b>${y}%{z}")
            .Line("%{y}<extra></extra>", [double.NaN, 1, 2], [1, double.MaxValue, 3])
            .Reference(double.NaN, "nowhere"),
    };

    private static Figure LossCurves(int count, double scale = 1)
    {
        string[] names = ["ada", "bob", "carol", "dan", "eve", "frank", "grace", "heidi", "ivan"];
        Figure figure = Figure.Titled("Loss by step").WithAxes("step", "loss (nats)");
        for (int s = 0; s < count; s++)
        {
            double rate = 12 + (5 * s);
            int seed = s;
            figure = figure.Line(
                names[s],
                Enumerable.Range(0, 121),
                Enumerable.Range(0, 121).Select(i =>
                    ((2.3 * Math.Exp(-i / rate)) + 0.3 + (0.05 * Math.Sin((i * 1.7) + seed)))
                    * (1 + (scale * Math.Exp(-i / 9.0)))));
        }

        return figure;
    }

    private static Figure Band()
    {
        double[] mean = [.. Enumerable.Range(0, 30).Select(i => 0.9 - (0.7 * Math.Exp(-i / 8.0)))];
        mean[12] = double.NaN;
        return Figure.Titled("Accuracy, mean of five seeds")
            .WithSubtitle("The band is one standard deviation.")
            .Line(
                "private",
                Enumerable.Range(0, 30),
                mean,
                lower: mean.Select(v => v - 0.06),
                upper: mean.Select(v => v + 0.06))
            .Line("central", Enumerable.Range(0, 30), mean.Select(v => v + 0.05), Dash.Dashed)
            .WithAxes("step", "accuracy");
    }

    private static Figure Grouped() => Figure.Titled("Accuracy by shard")
        .Bars("round 1", ["ada", "bob", "carol"], [0.61, 0.55, 0.42])
        .Bars("round 2", ["ada", "bob", "carol"], [0.74, 0.7, 0.61])
        .Bars("round 3", ["ada", "bob", "carol"], [0.83, double.NaN, 0.79])
        .WithAxes("", "accuracy");

    private static IEnumerable<double> Noise(int count, int seed)
    {
        Random random = new(seed);
        return Enumerable.Range(0, count).Select(_ => random.NextDouble() + random.NextDouble() - 1);
    }
}
