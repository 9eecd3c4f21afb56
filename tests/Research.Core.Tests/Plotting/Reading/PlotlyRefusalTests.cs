using System.Text;
using Research.Plotting;

namespace Research.Tests.Plotting.Reading;

/// <summary>What a figure cannot draw is refused, by the name of the first reason.</summary>
public sealed class PlotlyRefusalTests
{
    [Theory]
    [InlineData("""{"type":"pie","values":[1]}""", "data[0].type = pie")]
    [InlineData("""{"type":"scatter3d","x":[1],"y":[1],"z":[1]}""", "data[0].type = scatter3d")]
    [InlineData("""{"type":"bar","orientation":"h","x":[1],"y":["a"]}""", "data[0].orientation = h")]
    [InlineData("""{"yaxis":"y2","y":[1]}""", "data[0].yaxis = y2")]
    [InlineData("""{"fill":"tozeroy","y":[1]}""", "data[0].fill = tozeroy")]
    [InlineData("""{"stackgroup":"one","y":[1]}""", "data[0].stackgroup = one")]
    [InlineData("""{"connectgaps":true,"y":[1]}""", "data[0].connectgaps")]
    [InlineData("""{"mode":"markers+text","text":["ada"],"y":[1]}""", "data[0].text")]
    [InlineData("""{"mode":"none","y":[1]}""", "data[0].mode = none")]
    [InlineData("""{"line":{"shape":"hv"},"y":[1]}""", "data[0].line.shape = hv")]
    [InlineData("""{"marker":{"size":[3]},"y":[1]}""", "data[0].marker.size")]
    [InlineData("""{"mode":"markers","error_y":{"array":[1]},"y":[1]}""", "data[0].error_y")]
    [InlineData("""{"error_x":{"array":[1]},"y":[1]}""", "data[0].error_x")]
    [InlineData("""{"visible":"legendonly","y":[1]}""", "data[0].visible = legendonly")]
    [InlineData("""{"type":"bar","base":[1],"y":[1]}""", "data[0].base")]
    [InlineData("""{"x":[[1],[2]],"y":[1]}""", "data[0].x")]
    [InlineData("""{"y":["low"]}""", "data[0].y")]
    [InlineData("""{"x":["2026-01-01","2026-01-02","2026-01-09"],"y":[1,2,3]}""", "equal steps")]
    [InlineData("""{"type":"bar","x":[1,2,9],"y":[1,2,3]}""", "equal steps")]
    [InlineData("""{"surprise":1,"y":[1]}""", "data[0].surprise = 1")]
    public void Read_Trace_IsRefused(string trace, string reason) => Refuses($$"""{"data":[{{trace}}]}""", reason);

    [Theory]
    [InlineData("""{"yaxis2":{"overlaying":"y"}}""", "layout.yaxis2")]
    [InlineData("""{"grid":{"rows":2}}""", "layout.grid")]
    [InlineData("""{"images":[{"source":"https://example.org/x.png"}]}""", "layout.images")]
    [InlineData("""{"xaxis":{"domain":[0,0.5]}}""", "layout.xaxis.domain")]
    [InlineData("""{"xaxis":{"autorange":"reversed"}}""", "layout.xaxis.autorange")]
    [InlineData("""{"xaxis":{"range":[0.5,3]}}""", "layout.xaxis.range")]
    [InlineData("""{"yaxis":{"range":[1.5,3]}}""", "layout.yaxis.range")]
    [InlineData("""{"yaxis":{"type":"date"}}""", "layout.yaxis.type = date")]
    [InlineData("""{"yaxis":{"ticktext":["low"],"tickvals":[1]}}""", "layout.yaxis.ticktext")]
    [InlineData("""{"yaxis":{"ticksuffix":"k"}}""", "layout.yaxis.ticksuffix = k")]
    [InlineData("""{"shapes":[{"type":"rect","x0":0,"x1":1,"y0":0,"y1":1}]}""", "layout.shapes[0].type = rect")]
    [InlineData("""{"shapes":[{"type":"line","xref":"paper","x0":0,"x1":1,"y0":0,"y1":1}]}""", "layout.shapes")]
    [InlineData("""{"annotations":[{"text":"look","x":1,"y":1}]}""", "layout.annotations")]
    [InlineData("""{"template":{"layout":{"yaxis":{"type":"log"}}}}""", "layout.template.layout.yaxis.type")]
    [InlineData("""{"template":{"data":{"scatter":[{"fill":"tozeroy"}]}}}""", "layout.template.data.scatter.fill")]
    public void Read_Layout_IsRefused(string layout, string reason) =>
        Refuses($$"""{"data":[{"x":[0,1,2],"y":[1,2,3]}],"layout":{{layout}}}""", reason);

    [Fact]
    public void Read_OverlaidBars_AreRefused() => Refuses(
        """{"data":[{"type":"bar","y":[1]},{"type":"bar","y":[2]}],"layout":{"barmode":"overlay"}}""", "layout.barmode");

    [Fact]
    public void Read_Frames_AreRefused() => Refuses("""{"data":[],"frames":[{"data":[]}]}""", "figure.frames");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"data":7}""")]
    [InlineData("""{"data":[7]}""")]
    [InlineData("""{"data":[{"name":7}]}""")]
    [InlineData("""{"data":[{"y":{"dtype":"f8","bdata":"AAA"}}]}""")]
    [InlineData("""{"data":[{"y":{"dtype":"f8","bdata":"AAAA"}}]}""")]
    [InlineData("""{"data":[{"name":"\uD800"}]}""")]
    public void Read_WhatIsNoFigure_IsAFormatError(string json)
    {
        Assert.Throws<FormatException>(() => Figure.FromPlotlyJson(json));
        Assert.False(Figure.TryFromPlotlyJson(json, out _, out _));
    }

    [Fact]
    public void Read_TooMuch_IsRefusedBeforeItIsDrawn()
    {
        string deep = new StringBuilder().Insert(0, "[", 100_000).ToString();
        string wide = $$"""{"data":[{{string.Join(',', Enumerable.Repeat("{}", 1001))}}]}""";
        string typed = """{"data":[{"y":{"dtype":"u1","bdata":"AAAA"}}]}""".Replace(
            "AAAA", new string('A', 1_400_000), StringComparison.Ordinal);

        Assert.All((string[])[deep, wide, typed], json => Assert.Throws<FormatException>(() => Figure.FromPlotlyJson(json)));
    }

    [Fact]
    public void Read_HostileTexts_ComeOutClean()
    {
        Figure figure = Figure.FromPlotlyJson(
            """{"data":[{"name":"</script>\u2028\u202e","y":[1]}],"layout":{"title":"&lt;/script&gt;<img src=x onerror=alert(1)>"}}""");

        Assert.Equal("</script><img src=x onerror=alert(1)>", figure.Title);
        Assert.DoesNotContain("<img", figure.ToSvg() + figure.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u2028', figure.ToSvg() + figure.ToPlotlyJson());
    }

    private static void Refuses(string json, string reason)
    {
        Assert.False(Figure.TryFromPlotlyJson(json, out Figure? figure, out string? refusal));
        Assert.Null(figure);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
    }
}
