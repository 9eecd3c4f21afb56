using Microsoft.DotNet.Interactive.Events;
using Microsoft.FSharp.Core;
using Plotly.NET;
using Research.Interactive.Charts;
using Research.Plotting;

namespace Research.Tests.Charts;

public sealed class ChartDisplayTests
{
    private const string Hostile = "</script><script>alert(1)</script>\u2028";

    [Theory]
    [InlineData("1")]
    [InlineData("Microsoft.DotNet.Interactive.Formatting.Formatter.ResetToDefault();")]
    public async Task Chart_InDotnetInteractive_IsDrawnOfflineAndItsTitleStaysText(string cellBefore)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(string.Concat(
            ((Type[])[typeof(GenericChart), typeof(FSharpOption<int>), typeof(DynamicObj.DynamicObj)])
                .Select(type => $"#r \"{type.Assembly.Location}\"\n")));
        await kernel.MustRunAsync("Figure.Titled(\"t\").Line(\"a\", [1, 2], [1.0, 2.0]).ToChart();");
        await kernel.MustRunAsync(cellBefore);

        DisplayEvent shown = Assert.Single(await kernel.MustRunAsync(
            """
            Plotly.NET.Chart.withTitle("</script><script>alert(1)</script>", null).Invoke(
                Figure.Titled("t").Line("a", [1, 2], [1.0, 2.0]).ToChart())
            """));

        string html = NotebookKernel.Html(shown);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("cdn", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("requirejs", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Read_AChartThatNoFigureDraws_EmbedsPlotlyAndItsTextsStayText()
    {
        PlotlyFigure pie = GenericCharts.Read(Chart.withTitle(Hostile, FSharpOption<Font>.None).Invoke(
            Plotly.NET.CSharp.Chart.Pie<double, string, string>([1.0, 2])));

        string html = pie.ToHtml();

        Assert.Null(pie.Figure);
        Assert.Contains("Plotly.newPlot", html.Replace("plotly.newPlot", "Plotly.newPlot", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u2028', pie.Json);
        Assert.DoesNotContain("<script src", html, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("Plotly.NET chart \"</script>", pie.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TracesOutsideTheBundle_AreSaidInWords()
    {
        PlotlyFigure heat = PlotlyFigure.Parse("""{"data":[{"type":"heatmap","z":[[1]]}]}""", "Plotly.NET");

        Assert.Contains("draws scatter, bar and pie only", heat.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", heat.ToHtml(), StringComparison.Ordinal);
        Assert.Equal(
            "Plotly.NET chart: 1 trace (heatmap); the plotly.js that works offline draws scatter, bar and pie only", heat.ToText());
    }

    [Fact]
    public void Read_PicturesAndServers_StayOffline()
    {
        PlotlyFigure figure = PlotlyFigure.Parse(
            """
            {"data":[],"layout":{"images":[{"source":"https://example.org/x.png"},{"source":"data:image/png;base64,AA=="}]},
             "config":{"plotlyServerURL":"https://example.org"}}
            """,
            "Plotly.NET");

        Assert.DoesNotContain("example.org", figure.Json, StringComparison.Ordinal);
        Assert.Contains("data:image/png", figure.Json, StringComparison.Ordinal);
    }
}
