using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed class TextDrawingTests
{
    public static TheoryData<string> Names => [.. Gallery.All.Keys];

    [Fact]
    public void Render_Lines_GivesASparklineEach()
    {
        string text = Figure.Titled("Loss by step").WithAxes("step", "loss (nats)")
            .Line("ada", Enumerable.Range(0, 8), [8.0, 7, 6, 5, 4, 3, 2, 1])
            .Line("bob", Enumerable.Range(0, 8), [1.0, 2, 4, double.NaN, 8, 4, 2, 1])
            .Reference(0.5, "central").ToText();

        Assert.Equal(
            """
            Loss by step
            loss (nats) by step, 0 … 7
              ada  █▇▆▅▄▃▂▁  8 → 1
              bob  ▁▂▄ █▄▂▁  1 → 1
              ╌╌ 0.5  central
            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void Render_Bars_GivesABlockEach()
    {
        string text = Figure.Titled("Rewards").Bars("reward", ["ada", "bob", "dan"], [4.0, 2.0, -0.5]).ToText(40);

        Assert.Equal(
            "Rewards\n  ada     4 │" + new string('█', 25)
            + "\n  bob     2 │" + new string('█', 12) + "▌\n  dan  −0.5 │░░░",
            text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_EveryFigure_FitsAndCannotSteerTheTerminal(string name)
    {
        foreach (int width in (int[])[40, 80, 200])
        {
            string[] lines = Gallery.All[name].ToText(width).Split('\n');

            Assert.All(lines, line => Assert.InRange(line.EnumerateRunes().Count(), 0, width));
            Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
            Assert.True(lines.Length > 1);
        }
    }

    [Fact]
    public void ToText_LogarithmicPositions_SpreadsDecadesEvenly()
    {
        Figure figure = Figure.Titled("t").Line("a", [1e-4, 1e-2, 1], [1.0, 2, 3]);

        Assert.Matches("▁[▄▅]█", figure.WithLogX().ToText());
        Assert.DoesNotMatch("▁[▄▅]█", figure.ToText());
    }
}
