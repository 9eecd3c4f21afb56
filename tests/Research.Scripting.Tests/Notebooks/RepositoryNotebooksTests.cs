using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Research.Scripting.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Notebooks;

/// <summary>Each notebook runs alone, gives the outputs stored in it, and is fit to be read on a code host.</summary>
public sealed partial class RepositoryNotebooksTests
{
    private const int LargestFile = 128 * 1024;

    public static TheoryData<string> All { get; } = [.. RepositoryNotebook.Names];

    [Fact]
    public void Folder_HoldsTheCourse() => Assert.Equal(
        [
            "0-quickstart", "1-publish-spec", "2-train-locally", "3-submit-on-chain", "4-score-and-reward",
            "5-privacy-and-accuracy", "6-what-does-epsilon-buy", "7-adversaries",
            "8-bring-your-own-module",
        ],
        RepositoryNotebook.Names);

    // Not 8: libtorch's bits are a processor's own, and its package comes from the feed of a release build. CI runs it
    // in every host (hosts.py).
    [Theory]
    [InlineData("0-quickstart")]
    [InlineData("2-train-locally")]
    [InlineData("5-privacy-and-accuracy")]
    [InlineData("6-what-does-epsilon-buy")]
    [InlineData("7-adversaries")]
    public async Task Run_Again_GivesTheStoredBytes(string name) =>
        Assert.Equal(Text(RepositoryNotebook.Bytes(name)), Text(await RepositoryNotebook.RunAsync(name)));

    [RequiresTheory("node", "npm")]
    [InlineData("1-publish-spec")]
    [InlineData("3-submit-on-chain")]
    [InlineData("4-score-and-reward")]
    public async Task RunOnAChain_Again_GivesTheStoredBytes(string name)
    {
        NodeTools.EnsureInstalled();

        Assert.Equal(Text(RepositoryNotebook.Bytes(name)), Text(await RepositoryNotebook.RunAsync(name)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Metadata_IsWhatVsCodeAndJupyterExpect(string name)
    {
        JsonNode root = JsonNode.Parse(RepositoryNotebook.Bytes(name))!;
        JsonNode expected = JsonNode.Parse(NotebookDocument.Create().ToBytes())!["metadata"]!;

        Assert.True(JsonNode.DeepEquals(expected, root["metadata"]), root["metadata"]!.ToJsonString());
        Assert.Equal((4, 5), ((int)root["nbformat"]!, (int)root["nbformat_minor"]!));
        foreach (JsonNode? cell in root["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code"))
        {
            Assert.Equal("csharp", (string?)cell!["metadata"]!["dotnet_interactive"]!["language"]);
            Assert.Equal("csharp", (string?)cell["metadata"]!["polyglot_notebook"]!["kernelName"]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Cells_AlternateProseAndShortCode(string name)
    {
        NotebookDocument notebook = RepositoryNotebook.Load(name);

        Assert.Equal(notebook.Cells.Count, notebook.Cells.Select(cell => cell.Id).Distinct().Count());
        Assert.StartsWith("# ", notebook.Cells[0].Source, StringComparison.Ordinal);
        Assert.StartsWith(
            "#r \"nuget: Research.Interactive\"\n",
            notebook.Cells[1].Source,
            StringComparison.Ordinal);
        Assert.All(
            notebook.Cells.Where(cell => cell.Kind == NotebookCellKind.Code),
            cell => Assert.All(cell.Source.Split('\n'), line => Assert.InRange(line.Length, 0, 110)));
        Assert.InRange(
            notebook.Cells.Count(cell => cell.Kind == NotebookCellKind.Markdown), notebook.Cells.Count / 3, 99);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Outputs_AreSmallAndHoldNothingThatHostsStripOrChanges(string name)
    {
        byte[] bytes = RepositoryNotebook.Bytes(name);
        string outputs = string.Join('\n', RepositoryNotebook.Load(name).Cells.SelectMany(cell => cell.Outputs)
            .Select(output => output!.ToJsonString()));

        Assert.InRange(bytes.Length, 1, LargestFile);
        Assert.DoesNotContain("<script", outputs, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"error\"", outputs, StringComparison.Ordinal);
        Assert.DoesNotMatch(AbsolutePath(), outputs);
        Assert.DoesNotMatch(Clock(), outputs);
    }

    [Theory]
    [InlineData("0-quickstart", 1)]
    [InlineData("1-publish-spec", 1)]
    [InlineData("2-train-locally", 3)]
    [InlineData("4-score-and-reward", 1)]
    [InlineData("6-what-does-epsilon-buy", 1)]
    [InlineData("7-adversaries", 3)]
    [InlineData("8-bring-your-own-module", 1)]
    public void Figures_AreStoredAsSvgAndTextAndNoHtml(string name, int figures)
    {
        JsonNode[] bundles = [.. RepositoryNotebook.Load(name).Cells.SelectMany(cell => cell.Outputs)
            .Select(output => output!["data"]!).Where(data => data?["image/svg+xml"] is not null)];

        Assert.Equal(figures, bundles.Length);
        foreach (JsonNode bundle in bundles)
        {
            string svg = string.Concat(bundle["image/svg+xml"]!.AsArray().Select(line => (string?)line));
            Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName);
            Assert.NotNull(bundle["text/plain"]);
            Assert.Null(bundle["text/html"]); // A code host would take it, and strip the drawing out of it.
        }
    }

    [Fact]
    public void LivePlot_StoredState_IsItsLast()
    {
        NotebookCell cell = RepositoryNotebook.Load("2-train-locally").Cells.Single(cell => cell.Id == "train");

        string text = string.Concat(
            Assert.Single(cell.Outputs)!["data"]!["text/plain"]!.AsArray().Select(line => (string?)line));
        Assert.Contains("by step, 1 … 500", text, StringComparison.Ordinal);
    }

    [NbformatFact]
    public async Task Files_AreWhatNbformatWrites()
    {
        foreach (string name in RepositoryNotebook.Names)
        {
            byte[] bytes = RepositoryNotebook.Bytes(name);
            Assert.Equal(Text(bytes), Text(await NbformatOracle.RewriteAsync(bytes)));
        }
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    [GeneratedRegex(@"/tmp/|/home/|/work/|/root/|[A-Z]:\\\\|127\.0\.0\.1|localhost")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d|\b\d+(\.\d+)? ?(ms|seconds)\b")]
    private static partial Regex Clock();
}
