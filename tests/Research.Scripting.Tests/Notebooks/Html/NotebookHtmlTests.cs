using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Research.Scripting.Notebooks;
using Research.Scripting.Notebooks.Html;
using Research.Tests.Tools;

namespace Research.Tests.Notebooks.Html;

public sealed partial class NotebookHtmlTests
{
    [RequiresTheory("chromium")]
    [MemberData(nameof(RepositoryNotebooksTests.All), MemberType = typeof(RepositoryNotebooksTests))]
    public async Task Write_RepositoryNotebook_EveryFigureAndFormulaIsDrawnOffline(string name)
    {
        NotebookDocument notebook = RepositoryNotebook.Load(name);
        int figures = notebook.Cells.SelectMany(cell => cell.Outputs)
            .Count(output => output!["data"]?["application/vnd.plotly.v1+json"] is not null);
        string page = NotebookHtml.Write(notebook);

        string document = WithoutScripts(await Chromium.DumpAsync(page));

        Assert.Equal(figures, Regex.Count(document, "data-live=\"drawn\""));
        Assert.True(Regex.Count(document, "class=\"main-svg\"") >= figures);
        Assert.Equal(Formula().Count(WithoutScripts(page)), Regex.Count(document, "<math "));
        Assert.DoesNotContain("<merror", document, StringComparison.Ordinal);
        Assert.DoesNotContain("katex-error", document, StringComparison.Ordinal);
    }

    [RequiresFact("chromium")]
    public async Task Write_PlotThatThisPlotlyCannotDraw_KeepsItsPicture()
    {
        string page = Page(Output(new JsonObject
        {
            ["application/vnd.plotly.v1+json"] = JsonNode.Parse("""{"data":[{"type":"heatmap","z":[[1,2],[3,4]]}]}"""),
            ["text/plain"] = "2x2 heat map",
        }));

        string document = WithoutScripts(await Chromium.DumpAsync(page));

        Assert.Contains("data-live=\"still\"", document, StringComparison.Ordinal);
        Assert.Contains("2x2 heat map", document, StringComparison.Ordinal);
        Assert.DoesNotContain("main-svg", document, StringComparison.Ordinal);
    }

    // The predecessor's failure: plotly's figure as a string of JSON.
    [RequiresFact("chromium")]
    public async Task Write_PlotStoredAsAString_IsDrawn()
    {
        string page = Page(Output(new JsonObject
        {
            ["application/vnd.plotly.v1+json"] =
                """{"data":[{"type":"bar","x":["</script><script>document.title='run'</script>"],"y":[1]}],"layout":{"title":{"text":"<b onclick=a()>t"}}}""",
        }));

        string document = await Chromium.DumpAsync(page);

        Assert.Contains("data-live=\"drawn\"", document, StringComparison.Ordinal);
        Assert.Contains("<title>Notebook</title>", document, StringComparison.Ordinal);
    }

    [RequiresFact("chromium")]
    public async Task Write_ScriptsOfStrangers_DoNotRunUnlessTrusted()
    {
        NotebookDocument notebook = Notebook(Output(new JsonObject
        {
            ["text/html"] = "<p id=p>still</p><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">",
        }));
        notebook.AddMarkdown("<script>document.title='run'</script><a href=\"javascript:document.title='run'\">x</a>\n\n[y](javascript:a)");

        string safe = await Chromium.DumpAsync(NotebookHtml.Write(notebook));
        string trusted = await Chromium.DumpAsync(
            NotebookHtml.Write(notebook, new NotebookHtmlOptions { TrustScripts = true }));

        Assert.Contains("<title>Notebook</title>", safe, StringComparison.Ordinal);
        Assert.Contains("A script of this output was left out", safe, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", safe, StringComparison.Ordinal);
        Assert.Contains("<title>run</title>", trusted, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyNotebook_LoadsNothingFromOutside()
    {
        foreach (string name in RepositoryNotebook.Names)
        {
            string page = NotebookHtml.Write(RepositoryNotebook.Load(name));

            Assert.Contains("default-src 'none'; base-uri 'none'; form-action 'none'", page, StringComparison.Ordinal);
            Assert.DoesNotMatch("<(script|img|link|iframe)[^>]*(src|href)=\"(https?:)?//", page);
        }
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes() => Assert.Equal(
        NotebookHtml.Write(RepositoryNotebook.Load("0-quickstart")),
        NotebookHtml.Write(RepositoryNotebook.Load("0-quickstart")));

    [Fact]
    public void Write_WithoutFiguresOrFormulas_CarriesNoScript()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddMarkdown("# Short");
        string page = NotebookHtml.Write(notebook);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("script-src 'none'", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 1, 40_000);
    }

    [Theory]
    [InlineData("""{"text/plain":"x <b>"}""", "<pre class=\"text\" tabindex=\"0\">x &lt;b&gt;</pre>")]
    [InlineData("""{"text/html":"<i>x</i>","text/plain":"x"}""", "<div class=\"html\"><i>x</i></div>")]
    [InlineData("""{"text/html":["<i>","x"],"image/png":"AAAA"}""", "<div class=\"html\"><i>x</i></div>")]
    [InlineData("""{"text/html":"<script>a()</script>","image/png":"AA\nAA","text/plain":"alt\nmore"}""", "<img alt=\"alt\" src=\"data:image/png;base64,AAAA\">")]
    [InlineData("""{"image/png":"\" onerror=\"a()","text/plain":"x"}""", "<pre class=\"text\" tabindex=\"0\">x</pre>")]
    [InlineData("""{"image/svg+xml":"<svg/>","text/plain":""}""", "<img class=\"drawing\" alt=\"Figure\" src=\"data:image/svg+xml;base64,PHN2Zy8+\">")]
    [InlineData("""{"text/markdown":"**x**"}""", "<div class=\"prose\"><p><strong>x</strong></p>\n</div>")]
    [InlineData("""{"text/latex":"$$x < y$$"}""", "<div class=\"math\">$$x &lt; y$$</div>")]
    [InlineData("""{"application/json":{"a":[1]}}""", "<pre class=\"text\" tabindex=\"0\">{\n  &quot;a&quot;: [\n    1\n  ]\n}</pre>")]
    [InlineData("""{"application/vnd.plotly.v1+json":"no json","text/plain":"x"}""", "<pre class=\"text\" tabindex=\"0\">x</pre>")]
    [InlineData("""{"text/html":3,"text/plain":["x",4]}""", "<pre class=\"text\" tabindex=\"0\">x</pre>")]
    [InlineData("""{"application/javascript":"a('</script>')"}""", "<p class=\"note\">A script of this output was left out; export with --trust to keep it.</p>")]
    public void Write_Bundle_ShowsItsBestRepresentation(string data, string expected) =>
        Assert.Contains(expected, Page(Output((JsonObject)JsonNode.Parse(data)!)), StringComparison.Ordinal);

    [Fact]
    public void Write_Streams_ShowColoursAndTheLastProgress()
    {
        string page = Page(new JsonObject
        {
            ["name"] = "stdout",
            ["output_type"] = "stream",
            ["text"] = "10%\r100%\n\e[31mred\e[0m\n",
        });

        Assert.Contains("<pre class=\"stream stdout\" tabindex=\"0\">100%\n<span class=\"ansi-fg1\">red</span></pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Error_ShowsItsTraceback()
    {
        string page = Page((JsonObject)JsonNode.Parse(
            """{"ename":"E","evalue":"v","output_type":"error","traceback":["E: <v>","   at cell 1"]}""")!);

        Assert.Contains("<pre class=\"error\" tabindex=\"0\">E: &lt;v&gt;\n   at cell 1</pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Headings_AreListedAndLinked()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddMarkdown("# The *title*\n\n## Part `one`\n\n#### Too deep");
        notebook.AddMarkdown("## Part `one`\n\n[back](#Part-one)");
        string page = NotebookHtml.Write(notebook);

        Assert.Contains("<title>The title</title>", page, StringComparison.Ordinal);
        Assert.Contains("<li class=\"level-2\"><a href=\"#Part-one\">Part one</a></li>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#Part-one-2\">", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"Part-one-2\">", page, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(page, "<li class=\"level"));
    }

    [Fact]
    public void Write_Pictures_ComeFromAttachmentsAndTheNotebooksFolderOnly()
    {
        using TemporaryFolder folder = new();
        folder.File("book/figs/a.png", "png");
        folder.File("secret.png", "secret");
        File.CreateSymbolicLink(folder.File("book/link.png"), folder.File("secret.png"));
        Directory.CreateSymbolicLink(folder.File("book/up"), folder.Path);
        NotebookDocument notebook = NotebookDocument.Parse(Encoding.UTF8.GetBytes(
            """
            {"cells":[{"attachments":{"b c.png":{"image/png":"QUJD"}},"cell_type":"markdown","id":"a","metadata":{},
            "source":"![one](figs/a.png) ![two](attachment:b%20c.png) ![three](../secret.png) ![four](link.png) ![five](up/secret.png) ![six](https://x.org/y.png)"}],
            "metadata":{},"nbformat":4,"nbformat_minor":5}
            """));

        string page = NotebookHtml.Write(notebook, new NotebookHtmlOptions { Folder = folder.File("book/") });

        Assert.Contains("<img src=\"data:image/png;base64,cG5n\" alt=\"one\">", page, StringComparison.Ordinal);
        Assert.Contains("<img src=\"data:image/png;base64,QUJD\" alt=\"two\">", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<img "));
        Assert.Contains("<a class=\"elsewhere\" href=\"https://x.org/y.png\">six</a>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove-cell", false, false)]
    [InlineData("remove-input", false, true)]
    [InlineData("hide-input", false, true)]
    [InlineData("remove-output", true, false)]
    public void Write_Tags_LeavePartsOut(string tag, bool code, bool output)
    {
        NotebookDocument notebook = Notebook(Output(new JsonObject { ["text/plain"] = "shown" }), tag);
        string page = NotebookHtml.Write(notebook);

        Assert.Equal(code, page.Contains("class=\"source\"", StringComparison.Ordinal));
        Assert.Equal(output, page.Contains(">shown</pre>", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_ProseNestedTooDeep_IsShownPlain()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddMarkdown(new string('>', 100_000));

        Assert.Contains("<pre>&gt;&gt;", NotebookHtml.Write(notebook), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EveryValueOfWrongType_GivesAPage()
    {
        JsonNode whole = JsonNode.Parse(Fixture.Bytes("foreign"))!;
        foreach (string replacement in (string[])["3", "\"<script>\"", "[[]]", "{\"a\":{}}"])
        {
            foreach (string name in (string[])["text/plain", "application/json", "image/png", "text/html"])
            {
                JsonNode root = whole.DeepClone();
                root["cells"]![2]!["outputs"]![1]!["data"]![name] = JsonNode.Parse(replacement);
                string page = NotebookHtml.Write(NotebookDocument.Parse(Encoding.UTF8.GetBytes(root.ToJsonString())));

                Assert.EndsWith("</body>\n</html>\n", page, StringComparison.Ordinal);
                Assert.DoesNotContain("<script>\"", page, StringComparison.Ordinal);
            }
        }
    }

    // npm katex 0.19.1, dist/katex.min.js.
    [Fact]
    public void Katex_EmbeddedCopy_IsThePinnedRelease() => Assert.Equal(
        "fa140498b8cfc8302cbe5e7cb1bdbc1f952bc38b3fa258ede09e73edbf9a74bc",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(HtmlAsset.Katex))));

    private static string WithoutScripts(string page) => Script().Replace(page, "");

    private static JsonObject Output(JsonObject data) =>
        new() { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };

    private static string Page(JsonObject output) => NotebookHtml.Write(Notebook(output));

    private static NotebookDocument Notebook(JsonObject output, params string[] tags) => NotebookDocument.Parse(
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["cells"] = new JsonArray(new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = 1,
                ["id"] = "a",
                ["metadata"] = new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) },
                ["outputs"] = new JsonArray(output),
                ["source"] = "1",
            }),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString()));

    [GeneratedRegex("class=\"math\"")]
    private static partial Regex Formula();

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
