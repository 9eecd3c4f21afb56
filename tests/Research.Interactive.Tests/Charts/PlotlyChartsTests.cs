using Microsoft.FSharp.Core;
using Plotly.NET;
using Research.Interactive;
using Figure = Research.Plotting.Figure;

namespace Research.Tests.Charts;

public sealed class PlotlyChartsTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>\u2028\"'";

    private static readonly string[] Keys = ["a", "b"];

    private static readonly Figure Losses = Figure.Titled("Loss").WithSubtitle("by step")
        .Line("ada", [0, 1, 2], [2.5, double.NaN, 0.7]).Line("bob", [0, 1, 2], [2.4, 1.1, 0.6], lower: [2.3, 1, 0.5], upper: [2.5, 1.2, 0.7])
        .Reference(0.5, "central").WithAxes("step", "loss (nats)").IncludingY(0);

    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Figure> All => new()
    {
        ["losses"] = Losses,
        ["bars"] = Figure.Titled("Rewards").Bars("a", ["u", "v"], [1, 2]).Bars("b", ["u", "v"], [3, -1]).Stacked().WithValueLabels(),
        ["log"] = Figure.Titled("Log").Points("p", [1, 10, 100], [1.0, 10, 1000]).WithLogX().WithLogY(),
        ["hostile"] = Figure.Titled(Hostile).Line(Hostile, [Hostile, "b"], [1, 2.0]).Reference(1.5, Hostile),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void ToChart_ThereAndBack_IsTheSameFigure(string name) =>
        Assert.Equal(All[name].ToPlotlyJson(), All[name].ToChart().ToFigure().ToPlotlyJson());

    [Fact]
    public void ToChart_PlotlysOwnFunctions_ChangeItAndKeepTheRest()
    {
        GenericChart chart = Chart.withTitle("Renamed", FSharpOption<Font>.None).Invoke(Losses.ToChart());
        chart = Plotly.NET.CSharp.GenericChartExtensions.WithXAxisStyle<int, int, string>(chart, TitleText: "round");
        chart = Plotly.NET.CSharp.GenericChartExtensions.WithYAxisStyle<int, int, string>(
            chart, AxisType: StyleParam.AxisType.Log);

        Figure changed = chart.ToFigure();

        Figure expected = Figure.Titled("Renamed")
            .Line("ada", [0, 1, 2], [2.5, double.NaN, 0.7])
            .Line("bob", [0, 1, 2], [2.4, 1.1, 0.6], lower: [2.3, 1, 0.5], upper: [2.5, 1.2, 0.7])
            .WithAxes("round", "loss (nats)").WithLogY();
        Assert.Equal("Renamed", changed.Title);
        Assert.Contains("\"type\":\"log\"", changed.ToPlotlyJson(), StringComparison.Ordinal);
        Assert.Contains("\"text\":\"round\"", changed.ToPlotlyJson(), StringComparison.Ordinal);
        Assert.Contains("\"text\":\"loss (nats)\"", changed.ToPlotlyJson(), StringComparison.Ordinal);
        Assert.Equal(Data(expected), Data(changed));
    }

    [Fact]
    public void ToChart_Combined_HasTheTracesOfBoth()
    {
        GenericChart chart = Chart.combine(
            [Figure.Titled("a").Line("a", [1, 2], [1.0, 2]).ToChart(), Figure.Titled("b").Line("b", [1, 2], [3.0, 4]).ToChart()]);

        Assert.Equal(
            Data(Figure.Titled("").Line("a", [1, 2], [1.0, 2]).Line("b", [1, 2], [3.0, 4])).Length, Data(chart.ToFigure()).Length);
    }

    [Fact]
    public void ToFigure_ChartsOfPlotlyNet_AreWhatTheyShow()
    {
        double[] y = [1, double.NaN, 5];
        GenericChart line = Plotly.NET.CSharp.Chart.Line<int, double, string>([1, 2, 3], y, Name: "ada</script>");
        GenericChart columns = Plotly.NET.CSharp.Chart.Column<double, string, string>([1.0, 2], Keys: Keys, Name: "c");

        Assert.Equal(Data(Figure.Titled("").Line("ada</script>", [1, 2, 3], y)), Data(line.ToFigure()));
        Assert.Equal(Data(Figure.Titled("").Bars("c", ["a", "b"], [1.0, 2])), Data(columns.ToFigure()));
        NotSupportedException refused = Assert.Throws<NotSupportedException>(
            () => Plotly.NET.CSharp.Chart.Pie<double, string, string>([1.0, 2]).ToFigure());
        Assert.Contains("data[0].type = pie", refused.Message, StringComparison.Ordinal);
    }

    private static string Data(Figure figure)
    {
        string json = figure.ToPlotlyJson();
        return json[..json.IndexOf("\"layout\"", StringComparison.Ordinal)];
    }
}
