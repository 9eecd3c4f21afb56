using Research.Scripting.Outputs;

namespace Research.Tests.Display;

/// <summary>The predecessor left consoles blank: a bundle without text/plain, or an empty one.</summary>
public sealed class ReadableTextTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("display(new { A = 1 });")]
    [InlineData("new { A = 1 }.Display(\"text/html\");")]
    [InlineData("display(HTML(\"<b>x</b>\"));")]
    [InlineData("display(HTML(\"<img src='a.png'>\"));")]
    [InlineData("\"<img src='a.png'>\".DisplayAs(\"text/html\");")]
    [InlineData("\"<svg/>\".DisplayAs(\"image/svg+xml\");")]
    [InlineData("\"a,b\".DisplayAs(\"text/csv\");")]
    [InlineData("\"{}\".DisplayAs(\"application/vnd.plotly.v1+json\");")]
    [InlineData("Javascript(\"1\");")]
    [InlineData("CSS(\"b { color: red }\");")]
    [InlineData("new[] { 1 }.DisplayTable();")]
    [InlineData("display(Figure.Titled(\"t\"));")]
    [InlineData("display((LaTeXString)@\"\\alpha\");")]
    [InlineData("display((MathString)@\"\\alpha\");")]
    [InlineData("display(img[src: \"x\"]);")]
    [InlineData("display(null);")]
    [InlineData("display(System.Text.Json.JsonDocument.Parse(\"{}\"));")]
    [InlineData("new { A = 1 }.Display(\"application/json\");")]
    [InlineData("new object()")]
    [InlineData("new { }")]
    [InlineData("new int[0]")]
    [InlineData("Task.CompletedTask")]
    [InlineData("span()")]
    [InlineData("#!html\n<hr/>")]
    [InlineData("#!mermaid\ngraph TD; A-->B")]
    [InlineData("#!javascript\n1")]
    public async Task Output_OfAnyKind_HasReadableText(string code)
    {
        await _cells.RunAsync(code);

        MimeBundle bundle = Assert.Single(_cells.Outputs) switch
        {
            DisplayOutput display => display.Bundle,
            ResultOutput result => result.Bundle,
            CellOutput other => throw new InvalidOperationException($"{other}"),
        };
        Assert.False(string.IsNullOrWhiteSpace(bundle.PlainText));
    }

    [Theory]
    [InlineData("(LaTeXString)@\"\\begin{align}a&=b\\end{align}\"", "\\begin{align}a&=b\\end{align}")]
    [InlineData("(MathString)@\"\\frac{1}{n}\"", "$$\\frac{1}{n}$$")]
    public async Task Latex_AsDocumented_IsLatex(string code, string expected)
    {
        await _cells.RunAsync(code);

        Assert.Equal(expected, _cells.Result.Text("text/latex"));
    }
}
