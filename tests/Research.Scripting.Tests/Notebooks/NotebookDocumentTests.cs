using System.Text;
using System.Text.Json.Nodes;
using Research.Scripting.Notebooks;

namespace Research.Tests.Notebooks;

public sealed class NotebookDocumentTests
{
    [Theory]
    [InlineData("quickstart")]
    [InlineData("parameters")]
    [InlineData("failing")]
    [InlineData("foreign")]
    public void ToBytes_Unchanged_IsByteForByteTheFile(string name) =>
        Assert.Equal(Fixture.Bytes(name), NotebookDocument.Parse(Fixture.Bytes(name)).ToBytes());

    [Fact]
    public void ToBytes_UnchangedInAnotherStyle_IsByteForByteTheFile()
    {
        string text = Encoding.UTF8.GetString(Fixture.Bytes("foreign"));
        byte[] styled = Encoding.UTF8.GetBytes(
            JsonNode.Parse(text)!.ToJsonString().Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(styled, NotebookDocument.Parse(styled).ToBytes());
    }

    // The fixtures were written by nbformat: writing them afresh, without the original at hand, must give its bytes.
    [Theory]
    [InlineData("quickstart")]
    [InlineData("foreign")]
    public void Write_Canonical_EqualsNbformatsBytes(string name) =>
        Assert.Equal(Fixture.Bytes(name), JupyterJson.Write(JsonNode.Parse(Fixture.Bytes(name))!));

    [Fact]
    public void ToBytes_OneCellChanged_ChangesThatCellsLinesOnly()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("foreign"));
        document.Cells[2].Source = "print('y')\n\n1.0e-7";

        string[] before = Encoding.UTF8.GetString(Fixture.Bytes("foreign")).Split('\n');
        string[] after = Encoding.UTF8.GetString(document.ToBytes()).Split('\n');
        Assert.Equal(["    \"print('y')\\n\","], after.Except(before));
        Assert.Equal(before.Length, after.Length);
    }

    [Fact]
    public void Source_SetToTheSameText_KeepsItsForm()
    {
        byte[] bytes = """
            {"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":"one\ntwo"}],"metadata":{},"nbformat":4,"nbformat_minor":5}
            """u8.ToArray();
        NotebookDocument document = NotebookDocument.Parse(bytes);
        document.Cells[0].Source = "one\ntwo";

        Assert.Equal(bytes, document.ToBytes());
    }

    [NbformatFact]
    public async Task Create_WithCells_IsValidAndExactlyWhatNbformatWrites()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddMarkdown("# Title\n\ntext");
        document.AddCode("int x = 1;\nx", "start", "parameters");
        document.AddCode("");

        Assert.Equal(await NbformatOracle.RewriteAsync(document.ToBytes()), document.ToBytes());
    }

    [Fact]
    public void Create_Metadata_IsWhatVsCodeAndJupyterExpect()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("1");
        JsonNode root = JsonNode.Parse(document.ToBytes())!;

        Assert.Equal(".net-csharp", (string?)root["metadata"]!["kernelspec"]!["name"]);
        Assert.Equal(".NET (C#)", (string?)root["metadata"]!["kernelspec"]!["display_name"]);
        Assert.Equal("C#", (string?)root["metadata"]!["kernelspec"]!["language"]);
        Assert.Equal("csharp", (string?)root["cells"]![0]!["metadata"]!["dotnet_interactive"]!["language"]);
        Assert.Equal("csharp", (string?)root["cells"]![0]!["metadata"]!["polyglot_notebook"]!["kernelName"]);
        Assert.Equal((4, 5), ((int)root["nbformat"]!, (int)root["nbformat_minor"]!));
    }

    [Fact]
    public void Save_SameBytes_DoesNotTouchTheFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.ipynb");
        File.WriteAllBytes(path, Fixture.Bytes("foreign"));
        DateTime before = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, before);

        NotebookDocument.Load(path).Save(path);

        Assert.Equal(before, File.GetLastWriteTimeUtc(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Language_OfCells_ComesFromCellThenDocument()
    {
        Assert.All(
            NotebookDocument.Parse(Fixture.Bytes("quickstart")).Cells, cell => Assert.Equal("csharp", cell.Language));
        Assert.Equal("python", NotebookDocument.Parse(Fixture.Bytes("foreign")).Cells[2].Language);
    }
}
