using Research.Plotting;

namespace Research.Tests.Plotting.Reading;

public sealed class PlotlyReaderTests
{
    public static TheoryData<string> Names => [.. Gallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WhatAFigureWrote_WritesTheSame(string name)
    {
        string json = Gallery.All[name].ToPlotlyJson();

        Assert.Equal(json, Figure.FromPlotlyJson(json).ToPlotlyJson());
    }

    [Fact]
    public void Read_AnyFigure_WritesTheSame()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            string json = AnyFigure.Of(new Random(seed)).ToPlotlyJson();

            string again = Figure.FromPlotlyJson(json).ToPlotlyJson();

            Assert.True(json == again, $"seed {seed}:\n{json}\n{again}");
        }
    }

    [Theory]
    [InlineData("""{"data":[{"y":[1,null,"NaN",4]}]}""", "[0,1,2,3]", "[1,null,null,4]")] // x absent
    [InlineData("""{"data":[{"x0":5,"dx":2,"y":[1,2]}]}""", "[5,7]", "[1,2]")]
    [InlineData("""{"data":[{"x":[1,2,3],"y":[1,2]}]}""", "[1,2]", "[1,2]")] // plotly draws the shorter
    [InlineData(
        """{"data":[{"x":{"dtype":"i2","bdata":"AQACAA=="},"y":{"dtype":"f8","bdata":"AAAAAAAA8D8AAAAAAAAAQA=="}}]}""",
        "[1,2]",
        "[1,2]")]
    [InlineData(
        """{"data":[{"x":["2026-01-01","2026-02-01","2026-03-01T00:00:00"],"y":[1,2,3]}]}""",
        """["2026-01-01","2026-02-01","2026-03-01"]""",
        "[1,2,3]")]
    [InlineData("""{"data":[{"x":["1","2"],"y":[1,2]}]}""", "[1,2]", "[1,2]")]
    [InlineData(
        """{"data":[{"x":["1","2"],"y":[1,2]}],"layout":{"autotypenumbers":"strict"}}""", """["1","2"]""", "[1,2]")]
    [InlineData("""{"data":[{"type":"bar","x":[2,4,6],"y":[1,2,3]}]}""", """["2","4","6"]""", "[1,2,3]")]
    public void Read_ForeignCoordinates_AreThoseThatPlotlyDraws(string json, string x, string y)
    {
        string written = Figure.FromPlotlyJson(json).ToPlotlyJson();

        Assert.Contains($"\"x\":{x},\"y\":{y}", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"title":"A <b>bold</b> a &lt; b<br>c"}""")]
    [InlineData("""{"title":{"text":"A bold a &lt; b<br />c"}}""")]
    public void Read_Title_IsWhatAReaderSees(string layout) =>
        Assert.Equal("A bold a < b c", Figure.FromPlotlyJson($$"""{"data":[],"layout":{{layout}}}""").Title);

    [Fact]
    public void Read_Layout_KeepsScalesNamesAndReferences()
    {
        Figure figure = Figure.FromPlotlyJson(
            """
            {"data":[{"name":"a","mode":"lines","line":{"dash":"dot","color":"red"},"x":[1,10],"y":[1,100]}],
             "layout":{"xaxis":{"type":"log","title":"step"},"yaxis":{"type":"log","title":{"text":"loss"},"range":[-1,3]},
              "shapes":[{"type":"line","xref":"paper","x0":0,"x1":1,"y0":10,"y1":10,"label":{"text":"cap"}}],
              "template":{"layout":{"xaxis":{"gridcolor":"white"}},"data":{"scatter":[{"marker":{"colorbar":{}}}]}}}}
            """);

        Figure expected = Figure.Titled("").Line("a", [1, 10], [1, 100], Dash.Dotted).Reference(10, "cap")
            .WithAxes("step", "loss").WithLogX().WithLogY().IncludingY(0.1, 1000);
        Assert.Equal(expected.ToPlotlyJson(), figure.ToPlotlyJson());
    }

    [Fact]
    public void Read_RangeChart_IsALineWithABand()
    {
        Figure figure = Figure.FromPlotlyJson(
            """
            {"data":[
             {"legendgroup":"Range","name":"lower","mode":"lines","x":[1,2],"y":[0.5,1.5]},
             {"legendgroup":"Range","name":"upper","mode":"lines","fill":"tonexty","x":[1,2],"y":[1.5,2.5]},
             {"legendgroup":"Range","name":"mean","mode":"lines","x":[1,2],"y":[1,2]},
             {"name":"bars","mode":"lines","x":[1,2],"y":[3,4],"error_y":{"array":[1,1],"arrayminus":[0.5,0.5],"symmetric":false}}]}
            """);

        Figure expected = Figure.Titled("")
            .Line("mean", [1, 2], [1.0, 2], lower: [0.5, 1.5], upper: [1.5, 2.5])
            .Line("bars", [1, 2], [3.0, 4], lower: [2.5, 3.5], upper: [4.0, 5]);
        Assert.Equal(expected.ToPlotlyJson(), figure.ToPlotlyJson());
    }

    [Fact]
    public void Read_StackedBars_StackThem()
    {
        Figure figure = Figure.FromPlotlyJson(
            """
            {"data":[{"type":"bar","name":"a","x":["u","v"],"y":[1,2]},{"type":"bar","x":["u","v"],"y":[3,4]}],
             "layout":{"barmode":"stack"}}
            """);

        Figure expected = Figure.Titled("").Bars("a", ["u", "v"], [1, 2]).Bars("trace 1", ["u", "v"], [3, 4]).Stacked();
        Assert.Equal(expected.ToPlotlyJson(), figure.ToPlotlyJson());
    }

    [Fact]
    public void Read_HiddenTrace_IsNotDrawn() => Assert.Equal(
        Figure.Titled("").ToPlotlyJson(),
        Figure.FromPlotlyJson("""{"data":[{"visible":false,"y":[1,2]}],"layout":{}}""").ToPlotlyJson());
}
