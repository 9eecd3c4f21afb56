using System.Text.Json;
using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed class PlotlyJsonTests
{
    public static TheoryData<string> Names => [.. Gallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_EveryFigure_IsAPlotlyFigureWithPairedCoordinates(string name)
    {
        using JsonDocument json = JsonDocument.Parse(Gallery.All[name].ToPlotlyJson());

        Assert.Equal(
            ["data", "layout", "config"], json.RootElement.EnumerateObject().Select(property => property.Name));
        foreach (JsonElement trace in json.RootElement.GetProperty("data").EnumerateArray())
        {
            Assert.Contains(trace.GetProperty("type").GetString(), (string[])["scatter", "bar"]);
            Assert.Equal(trace.GetProperty("x").GetArrayLength(), trace.GetProperty("y").GetArrayLength());
        }

        double[] range =
            [.. Layout(json).GetProperty("yaxis").GetProperty("range").EnumerateArray().Select(end => end.GetDouble())];
        Assert.True(range.Length == 2 && range[0] < range[1]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_EveryFigure_HoldsNoMarkupAndNoUpload(string name)
    {
        string json = Gallery.All[name].ToPlotlyJson();

        Assert.DoesNotContain("<", json, StringComparison.Ordinal);
        Assert.Contains("\"showSendToCloud\":false,\"plotlyServerURL\":\"\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileName_PlotlySeesTextNotMarkup()
    {
        using JsonDocument json = JsonDocument.Parse(Gallery.All["hostile"].ToPlotlyJson());

        string? name = json.RootElement.GetProperty("data")[0].GetProperty("name").GetString();

        Assert.Equal(
            "&lt;/script&gt;&lt;svg onload=alert(1)&gt;\"'&amp;&lt;b&gt;\uFFFD\uFFFD[31m\uFFFDgpj\uFFFD", name);
    }

    [Fact]
    public void Write_GapsAndInfinities_AreNull()
    {
        using JsonDocument json = JsonDocument.Parse(Gallery.All["gaps"].ToPlotlyJson());

        Assert.Equal(
            "[1,null,2,3,null,-1,null]", json.RootElement.GetProperty("data")[0].GetProperty("y").GetRawText());
    }

    [Fact]
    public void Write_Numbers_RoundTripToTheLastBit()
    {
        double[] values = [Math.PI, 1.0 / 3, 1e-200, -2.5e250];
        using JsonDocument json = JsonDocument.Parse(Figure.Titled("t").Line("a", values, values).ToPlotlyJson());

        Assert.Equal(
            values,
            json.RootElement.GetProperty("data")[0].GetProperty("y").EnumerateArray().Select(y => y.GetDouble()));
    }

    [Fact]
    public void Write_Band_IsOneOutlineForEachUnbrokenStretch()
    {
        Figure figure = Figure.Titled("t").Line(
            "a", [0.0, 1, 2, 3], [1, 2, double.NaN, 4], lower: [0.5, 1.5, 2.5, 3.5], upper: [1.5, 2.5, 3.5, 4.5]);
        using JsonDocument json = JsonDocument.Parse(figure.ToPlotlyJson());
        JsonElement band = json.RootElement.GetProperty("data")[0];

        Assert.Equal("[0,1,1,0,null,3,3,null]", band.GetProperty("x").GetRawText());
        Assert.Equal("[1.5,2.5,1.5,0.5,null,4.5,3.5,null]", band.GetProperty("y").GetRawText());
        Assert.Equal("toself", band.GetProperty("fill").GetString());
    }

    [Fact]
    public void Write_Options_ReachTheLayout()
    {
        using JsonDocument stacked = JsonDocument.Parse(Gallery.All["stacked"].ToPlotlyJson());
        using JsonDocument grouped = JsonDocument.Parse(Gallery.All["grouped"].ToPlotlyJson());
        using JsonDocument log = JsonDocument.Parse(
            Gallery.All["logarithmic bars"].Reference(1000, "r").ToPlotlyJson());

        Assert.Equal("relative", Layout(stacked).GetProperty("barmode").GetString());
        Assert.Equal("group", Layout(grouped).GetProperty("barmode").GetString());
        Assert.Equal(
            """["ada","bob","carol"]""",
            Layout(grouped).GetProperty("xaxis").GetProperty("categoryarray").GetRawText());
        Assert.Equal("log", Layout(log).GetProperty("yaxis").GetProperty("type").GetString());
        Assert.Equal(3, Layout(log).GetProperty("annotations")[0].GetProperty("y").GetDouble(), 1e-12);
        Assert.Equal(1000, Layout(log).GetProperty("shapes")[0].GetProperty("y0").GetDouble());
    }

    [Fact]
    public void Write_LogarithmicPositions_LeavesOutWhatHasNoLogarithm()
    {
        using JsonDocument json = JsonDocument.Parse(Gallery.All["logarithmic both"].ToPlotlyJson());

        Assert.Equal("log", Layout(json).GetProperty("xaxis").GetProperty("type").GetString());
        Assert.Equal(
            "[null,0.0001,0.01,1]", json.RootElement.GetProperty("data")[0].GetProperty("x").GetRawText());
    }

    private static JsonElement Layout(JsonDocument json) => json.RootElement.GetProperty("layout");
}
