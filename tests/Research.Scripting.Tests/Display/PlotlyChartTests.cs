using Research.Scripting.Notebooks;
using Research.Scripting.Notebooks.Html;

namespace Research.Tests.Display;

/// <summary>Plotly.NET's own charts, from the real package, in cells of this kernel.</summary>
public sealed class PlotlyChartTests
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    private const string Packages = """
        #r "nuget: Plotly.NET, 6.0.0"
        #r "nuget: Plotly.NET.CSharp, 0.14.0"
        using Plotly.NET.CSharp;
        Plotly.NET.GenericChart Titled(Plotly.NET.GenericChart chart, string title) =>
            Plotly.NET.Chart.withTitle(title, null).Invoke(chart);

        """;

    private const string Hostile = "</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task Show_ChartThatAFigureCanDraw_IsPlotlyAndSvgAndNoHtml()
    {
        using Cells cells = new();

        await cells.RunAsync(
            Packages + "Titled(Chart.Line<int, int, string>(x: new[] { 1, 2, 3 }, y: new[] { 4, 6, 5 }), \"tide\")");

        Assert.Equal([Plotly, "image/svg+xml", "text/plain"], cells.Result.MimeTypes);
        Assert.Contains("tide", cells.Result.Text("image/svg+xml"), StringComparison.Ordinal);
        Assert.Contains("tide", cells.Result.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ChartThatNoFigureCanDraw_IsNamedAndLoadsNothing()
    {
        using Cells cells = new();

        await cells.RunAsync(
            Packages + "Chart.Pie<int, string, string>(values: new[] { 1, 2 }, Labels: new[] { \"a\", \"b\" })");

        Assert.DoesNotContain("image/svg+xml", cells.Result.MimeTypes);
        Assert.Contains("pie", cells.Result.PlainText, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|link|img|iframe)\\b[^>]*(src|href)=", cells.Result.Text("text/html") ?? "");
    }

    // The host makes the chart of the notebook's own Plotly.NET: one type on both sides.
    [Fact]
    public async Task ToChart_AndBack_IsTheCellsOwnChart()
    {
        using Cells cells = new();

        Assert.Equal("True True", await cells.RunAsync(Packages + """
            Figure figure = Figure.Titled("loss").Line("a", new[] { 1, 2, 3 }, new[] { 3.0, 2.0, 1.0 });
            Plotly.NET.GenericChart chart = Titled(figure.ToChart(), "again");
            $"{chart.GetType().Assembly == typeof(Plotly.NET.GenericChart).Assembly} {chart.ToFigure().Title == "again"}"
            """));
    }

    [Fact]
    public async Task Convert_TitleWithMarkup_StaysText()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddCode(Packages +
            $"Titled(Chart.Line<int, int, string>(x: new[] {{ 1, 2 }}, y: new[] {{ 4, 6 }}), \"{Hostile}\")");
        Assert.True((await NotebookRunner.RunAsync(notebook)).Succeeded);

        string page = NotebookHtml.Write(notebook);

        Assert.Contains("onerror", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Hostile, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
    }
}
