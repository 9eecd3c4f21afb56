using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Research.Scripting.Outputs;
using Research.Tests.Tools;

namespace Research.Tests.Plotting;

/// <summary>Front ends that know no plotly must draw the figure all the same: nbconvert and the classic Notebook, as
/// Debian ships them.</summary>
public sealed class FrontEndTests
{
    private const string Nbconvert = "/usr/bin/jupyter-nbconvert";
    private const string OutputArea = "/usr/lib/python3/dist-packages/notebook/static/notebook/js/outputarea.js";

    private const string Cell = "Figure.Titled(\"Loss by step\").Line(\"ada\", [1, 2, 3], [2.3, 1.1, 0.7])";

    [RequiresTheory(Nbconvert)]
    [InlineData("lab")]
    [InlineData("classic")]
    public async Task NbconvertHtml_OfAFigure_HoldsItsDrawing(string template)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("figure.ipynb"), await NotebookAsync(
            Cell, "new[] { new { Owner = \"ada <b>\", Records = 12 } }"));

        string html = await ExportAsync(folder, template);

        Match image = Regex.Match(html, "src=\"data:image/svg\\+xml;base64,([^\"]+)\"");
        string drawing = Encoding.UTF8.GetString(Convert.FromBase64String(image.Groups[1].Value));
        Assert.Contains(">Loss by step</text>", drawing, StringComparison.Ordinal);
        Assert.Contains("<path d=\"M", drawing, StringComparison.Ordinal);
        Assert.Contains("<th>Records</th>", html, StringComparison.Ordinal);
        Assert.Contains("<pre>ada &lt;b&gt;</pre>", html, StringComparison.Ordinal);
    }

    [RequiresFact(OutputArea)]
    public async Task ClassicNotebook_OfAFigure_TakesADrawing()
    {
        string script = await File.ReadAllTextAsync(OutputArea);
        Dictionary<string, string> names = Regex.Matches(script, @"var (MIME_\w+) = '([^']+)'")
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        string[] order =
        [
            .. Regex.Match(script, @"display_order = \[([^\]]*)\]").Groups[1].Value.Split(',')
                .Select(name => names[name.Trim()]),
        ];
        using Cells cells = new();
        await cells.RunAsync(Cell);

        Assert.Equal("image/svg+xml", order.First(mimeType => cells.Result.MimeTypes.Contains(mimeType)));
        Assert.Equal("text/html", order.First(mimeType => cells.Result.ForFrontEnd().MimeTypes.Contains(mimeType)));
    }

    [Fact]
    public async Task Figure_OfACell_IsPlotlyAsAnObject()
    {
        using Cells cells = new();
        await cells.RunAsync(Cell);

        MimeBundle bundle = cells.Result;
        Assert.Equal(
            "Loss by step",
            (string?)bundle.ToJson()["application/vnd.plotly.v1+json"]!.AsObject()["layout"]!["title"]!["text"]);
        Assert.StartsWith("<svg ", bundle.Text("image/svg+xml")!, StringComparison.Ordinal);
        Assert.DoesNotContain("http", bundle.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public void ForFrontEnd_BundleWithHtmlOrWithoutSvg_IsTheSame()
    {
        MimeBundle html = MimeBundle.Of(("image/svg+xml", "<svg/>"), ("text/html", "<b/>"), ("text/plain", "x"));
        MimeBundle text = MimeBundle.Of(("text/plain", "x"));

        Assert.Same(html, html.ForFrontEnd());
        Assert.Same(text, text.ForFrontEnd());
    }

    // As a kernel's client stores it.
    private static async Task<string> NotebookAsync(params string[] codes)
    {
        using Cells cells = new();
        JsonArray notebookCells = [];
        foreach (string code in codes)
        {
            await cells.RunAsync(code);
            notebookCells.Add((JsonNode)new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = 1,
                ["metadata"] = new JsonObject(),
                ["source"] = code,
                ["outputs"] = new JsonArray(new JsonObject
                {
                    ["output_type"] = "execute_result",
                    ["execution_count"] = 1,
                    ["metadata"] = new JsonObject(),
                    ["data"] = cells.Result.ForFrontEnd().ToJson(),
                }),
            });
        }

        return new JsonObject
        {
            ["cells"] = notebookCells,
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        }.ToJsonString();
    }

    private static async Task<string> ExportAsync(TemporaryFolder folder, string template)
    {
        ProcessStartInfo start = new(Nbconvert) { RedirectStandardError = true, WorkingDirectory = folder.Path };
        foreach (string argument in (string[])
            ["--to", "html", "--template", template, "--output", "out.html", "figure.ipynb"])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return await File.ReadAllTextAsync(folder.File("out.html"));
    }
}
