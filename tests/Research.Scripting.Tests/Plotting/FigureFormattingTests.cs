using System.Text.Json;
using System.Xml.Linq;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Plotting;

namespace Research.Tests.Plotting;

/// <summary>The real formatting library of .NET Interactive finds a figure's forms by its convention.</summary>
public sealed class FigureFormattingTests
{
    private static readonly Figure Loss = Figure.Titled("Loss").Line("ada", [1, 2, 3], [2.3, 1.1, 0.7]);

    [Fact]
    public void PreferredMimeTypes_OfAFigureInASession_LeaveOutHtmlWhichCodeHostsEmpty()
    {
        using Cells cells = new();

        Assert.Equal(
            ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"],
            Formatter.GetPreferredMimeTypesFor(typeof(Figure)));
    }

    [Fact]
    public void PreferredMimeTypes_OfAFigureInAnotherHost_AreHtmlAndText()
    {
        Formatter.ResetToDefault();

        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Figure)).Order());
    }

    [Fact]
    public async Task Display_AFigure_IsABundleOfThoseForms()
    {
        using Cells cells = new();
        await cells.RunAsync("display(Figure.Titled(\"Loss\").Line(\"ada\", [1, 2, 3], [2.3, 1.1, 0.7]));");

        Assert.Equal(
            ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"],
            Assert.Single(cells.Displays).Bundle.MimeTypes);
    }

    [Fact]
    public void PreferredMimeTypes_OfATable_AreHtmlAndText() =>
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(ResultTable)));

    [Fact]
    public void ToDisplayString_OfATable_IsItsOwn()
    {
        ResultTable table = ResultTable.Of([new { Owner = "ada", Records = 12 }]);

        Assert.Equal(table.ToHtml(), table.ToDisplayString("text/html"));
        Assert.Equal(table.ToText(), table.ToDisplayString("text/plain"));
    }

    [Fact]
    public void ToDisplayString_Html_IsTheFragment() => Assert.Equal(Loss.ToHtml(), Loss.ToDisplayString("text/html"));

    [Fact]
    public void ToDisplayString_Plotly_IsJson()
    {
        using JsonDocument json = JsonDocument.Parse(Loss.ToDisplayString("application/vnd.plotly.v1+json"));
        Assert.Equal("ada", json.RootElement.GetProperty("data")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void ToDisplayString_Svg_IsADocument() =>
        Assert.Equal("svg", XDocument.Parse(Loss.ToDisplayString("image/svg+xml")).Root!.Name.LocalName);

    [Fact]
    public void ToDisplayString_Text_IsTheSparkline() =>
        Assert.Equal(Loss.ToText(), Loss.ToDisplayString("text/plain"));
}
