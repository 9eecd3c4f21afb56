using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Cli.Commands;
using Research.Scripting.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Commands;

public sealed class NotebookCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("research-cli-").FullName;
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Run_Notebook_WritesOutputsToOutputOnly()
    {
        string source = Copy("parameters");
        string target = Path.Combine(_folder, "out.ipynb");
        byte[] before = File.ReadAllBytes(source);

        int exit = await InvokeAsync("notebook", "run", source, "-o", target, "-p", "epochs=3", "-p", "name=x=y");

        Assert.Equal(0, exit);
        Assert.Equal(before, File.ReadAllBytes(source));
        NotebookCell last = NotebookDocument.Load(target).Cells[^1];
        Assert.Equal("3 0.5 0.25 x=y False Double", (string?)last.Outputs[0]!["data"]!["text/plain"]![0]);
        Assert.Contains("[3/3] done", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FailingNotebook_NamesCellFirstLineUserLineAndError()
    {
        string source = Copy("failing");

        Assert.Equal(1, await InvokeAsync("notebook", "run", source));

        string error = _error.ToString();
        Assert.Contains("cell 3 failed: // The failing cell", error, StringComparison.Ordinal);
        Assert.Contains("at cell 1, line 3: return a / b;", error, StringComparison.Ordinal);
        Assert.Contains("System.DivideByZeroException: Attempted to divide by zero.", error, StringComparison.Ordinal);
        Assert.Equal("error", (string?)NotebookDocument.Load(source).Cells[3].Outputs[0]!["output_type"]);
    }

    [Fact]
    public async Task Run_Json_PrintsOneDocumentAndNothingElse()
    {
        Assert.Equal(1, await InvokeAsync("notebook", "run", Copy("failing"), "--json"));

        JsonNode report = JsonNode.Parse(_output.ToString())!;
        Assert.False((bool)report["succeeded"]!);
        Assert.Equal(3, (int)report["failure"]!["cell"]!);
        Assert.Equal("System.DivideByZeroException", (string?)report["failure"]!["error"]);
    }

    [Fact]
    public async Task Run_TimeLimit_Fails()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("while (true) { }");
        string path = Path.Combine(_folder, "endless.ipynb");
        document.Save(path);

        Assert.Equal(1, await InvokeAsync("notebook", "run", path, "--timeout", "0.5"));
        Assert.Contains("longer than 0.5 s", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "a.ipynb", "-p", "novalue")]
    [InlineData("run", "a.ipynb", "--timeout", "-1")]
    [InlineData("run", "a.ipynb", "--timeout", "soon")]
    public void Run_WrongUsage_IsAParseError(params string[] arguments) =>
        Assert.NotEmpty(Root().Parse(["notebook", .. arguments]).Errors);

    [Fact]
    public async Task Run_UnknownParameter_IsWrongUsage()
    {
        Assert.Equal(2, await InvokeAsync("notebook", "run", Copy("parameters"), "-p", "epoch=3"));
        Assert.Contains("Did you mean epochs", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NotANotebook_SaysWhy()
    {
        string path = Path.Combine(_folder, "bad.ipynb");
        File.WriteAllText(path, "{\"nbformat\": 3}");

        Assert.Equal(1, await InvokeAsync("notebook", "run", path));
        Assert.Contains("$.nbformat: expected 4, got 3", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await InvokeAsync("notebook", "run", Path.Combine(_folder, "gone.ipynb")));
    }

    private string Copy(string fixture)
    {
        string path = Path.Combine(_folder, $"{fixture}.ipynb");
        File.Copy(Path.Combine(ExternalTool.RepositoryRoot, "tests/Fixtures/notebooks", $"{fixture}.ipynb"), path);
        return path;
    }

    private static RootCommand Root() => new("research") { NotebookCommand.Create() };

    private Task<int> InvokeAsync(params string[] arguments) => Root().Parse(arguments)
        .InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
}
