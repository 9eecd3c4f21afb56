using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed class FigureTests
{
    [Fact]
    public void Line_OnAFigure_LeavesTheFirstUnchanged()
    {
        Figure empty = Figure.Titled("t");
        string before = empty.ToPlotlyJson();

        Figure full = empty.Line("a", [1, 2], [3.0, 4.0]).Reference(3, "r").WithLogY().WithAxes("x", "y");

        Assert.Equal(before, empty.ToPlotlyJson());
        Assert.NotEqual(before, full.ToPlotlyJson());
    }

    [Fact]
    public void Line_ArrayChangedAfterwards_FigureKeepsWhatItWasGiven()
    {
        double[] ys = [1, 2, 3];
        Figure figure = Figure.Titled("t").Line("a", [0, 1, 2], ys);
        string before = figure.ToSvg();

        ys[1] = 99;

        Assert.Equal(before, figure.ToSvg());
    }

    [Fact]
    public void Line_LengthsDiffer_SaysWhichSeriesExpectedAndGot()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Figure.Titled("t").Line("ada", [1, 2, 3], [1.0, 2.0]));
        Assert.Contains(
            "Series \"ada\": expected 3 values, one a position; got 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_OneEdgeOfABand_Throws() =>
        Assert.Throws<ArgumentException>(() => Figure.Titled("t").Line("a", [1.0], [1.0], lower: [0.5]));

    [Fact]
    public void Line_AnyNumberType_DrawsTheSame()
    {
        float[] floats = [3, 4];
        decimal[] decimals = [3, 4];
        string doubles = Figure.Titled("t").Line("a", [1.0, 2.0], [3.0, 4.0]).ToSvg();

        Assert.Equal(doubles, Figure.Titled("t").Line("a", new List<long> { 1, 2 }, floats).ToSvg());
        Assert.Equal(doubles, Figure.Titled("t").Line("a", Enumerable.Range(1, 2), decimals).ToSvg());
    }

    [Theory]
    [InlineData(159, 400)]
    [InlineData(400, 119)]
    [InlineData(10_001, 400)]
    public void ToSvg_SizeOutOfRange_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Figure.Titled("t").ToSvg(width, height));

    [Fact]
    public void Titled_Null_Throws() => Assert.Throws<ArgumentNullException>(() => Figure.Titled(null!));
}
