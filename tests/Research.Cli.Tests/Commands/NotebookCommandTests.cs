using System.CommandLine;
using System.Diagnostics;
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

    [Theory]
    [InlineData("people.csv", "name,diagnosis\nAda,positive\n", "expected an end of .ipynb or .dib")]
    [InlineData("people.dib", "name,diagnosis\nAda,positive\n", "got what looks like data")]
    [InlineData("people.ipynb", "name,diagnosis\nAda,positive\n", "expected JSON, got something else at line 1, byte 2")]
    [InlineData("python.ipynb", """{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":"python3","language":"python"}},"cells":[]}""",
        "Expected a C# notebook, got one of python.")]
    public async Task Run_FileThatIsNoNotebookOfOurs_IsRefusedInOneLineThatQuotesNothing(
        string name, string content, string expected)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);

        Assert.Equal(1, await InvokeAsync("notebook", "run", path));

        string line = Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", line, StringComparison.Ordinal);
        Assert.DoesNotContain("diagnosis", line, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public async Task Convert_GivenAFileOfData_QuotesNothingOfIt()
    {
        string path = Path.Combine(_folder, "people.csv");
        File.WriteAllText(path, "name,diagnosis\nAda,positive\n");

        Assert.Equal(1, await InvokeAsync("notebook", "convert", "--to", "html", path));

        Assert.DoesNotContain("Ada", _output.ToString() + _error, StringComparison.Ordinal);
        Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
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

    [Fact]
    public async Task Run_ToHtml_WritesThePageOnly()
    {
        string source = Copy("quickstart");
        byte[] before = File.ReadAllBytes(source);
        string page = Path.Combine(_folder, "out.html");

        Assert.Equal(0, await InvokeAsync("notebook", "run", source, "-o", page));

        Assert.Equal(before, File.ReadAllBytes(source));
        Assert.Contains("<div class=\"box\"><h3>Title</h3>", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithHtml_WritesNotebookAndPage()
    {
        string source = Copy("quickstart");
        string page = Path.Combine(_folder, "out.html");

        Assert.Equal(0, await InvokeAsync("notebook", "run", source, "--html", page));

        Assert.NotEmpty(NotebookDocument.Load(source).Cells[1].Outputs);
        Assert.Contains("<title>Quickstart</title>", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Several_RunsEachOnAFreshSession()
    {
        foreach (string name in (string[])["a", "b"])
        {
            NotebookDocument document = NotebookDocument.Create();
            document.AddCode(name == "a" ? "int onlyInA = 1; onlyInA" : "onlyInA");
            document.Save(Path.Combine(_folder, $"{name}.ipynb"));
        }

        string target = Directory.CreateDirectory(Path.Combine(_folder, "out")).FullName;
        int exit = await InvokeAsync(
            "notebook", "run", Path.Combine(_folder, "a.ipynb"), Path.Combine(_folder, "b.ipynb"), "-o", target, "--json");

        Assert.Equal(1, exit);
        JsonNode report = JsonNode.Parse(_output.ToString())!;
        Assert.Equal([true, false], report["notebooks"]!.AsArray().Select(entry => (bool)entry!["succeeded"]!));
        Assert.Contains("CS0103", (string?)report["notebooks"]![1]!["failure"]!["message"], StringComparison.Ordinal);
        Assert.Equal(["a.ipynb", "b.ipynb"], Directory.GetFiles(target).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Run_AllowErrors_GoesOnAndSucceeds()
    {
        string source = Copy("failing");

        Assert.Equal(0, await InvokeAsync("notebook", "run", source, "--allow-errors"));

        Assert.Contains("cell 3 failed", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("never\n", (string?)NotebookDocument.Load(source).Cells[4].Outputs[0]!["text"]![0]);
    }

    [Fact]
    public async Task Run_Dib_KeepsTheFileAndWritesWhereItIsTold()
    {
        string source = Path.Combine(_folder, "a.dib");
        File.WriteAllText(source, "#!csharp\n\n// parameters\nint n = 1;\n\n#!csharp\n\nn + 1\n");

        Assert.Equal(0, await InvokeAsync("notebook", "run", source));
        Assert.Contains("a .dib holds no outputs", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await InvokeAsync("notebook", "run", source, "-p", "n=4", "-o", Path.Combine(_folder, "a.ipynb")));

        Assert.Equal(
            "5", (string?)NotebookDocument.Load(Path.Combine(_folder, "a.ipynb")).Cells[^1].Outputs[0]!["data"]!["text/plain"]![0]);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Theory]
    [InlineData("-o", "out.dib")]
    [InlineData("-o", "out.txt")]
    [InlineData("--html", "out.ipynb")]
    [InlineData("-o", "gone/out.ipynb")]
    public async Task Run_TargetThatCannotBe_IsWrongUsageBeforeAnythingRuns(string option, string target)
    {
        Assert.Equal(2, await InvokeAsync(
            "notebook", "run", Path.Combine(_folder, "no.ipynb"), option, Path.Combine(_folder, target)));
        Assert.DoesNotContain("no.ipynb", _error.ToString().Replace(option, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InterruptedProcess_KeepsTheOutputsSoFar()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("Console.WriteLine(\"before\");");
        string running = Path.Combine(_folder, "running");
        document.AddCode(
            $"Console.WriteLine(\"running\");\nSystem.IO.File.WriteAllText(@\"{running}\", \"\");\nwhile (true) {{ }}");
        string path = Path.Combine(_folder, "long.ipynb");
        document.Save(path);
        using Process process = CommandLine.Start(_folder, "notebook", "run", path);
        while (!File.Exists(running) && !process.HasExited)
        {
            await Task.Delay(20);
        }

        using Process interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Interrupted; the outputs so far are in", result.Error, StringComparison.Ordinal);
        NotebookDocument saved = NotebookDocument.Load(path);
        Assert.Equal("before\n", (string?)saved.Cells[0].Outputs[0]!["text"]![0]);
        Assert.Equal(["stream", "error"], saved.Cells[1].Outputs.Select(output => (string?)output!["output_type"]));
    }

    [Theory]
    [InlineData("dib", "#!csharp\n\nusing System.Globalization;")]
    [InlineData("csx", "// # Quickstart")]
    [InlineData("html", "<title>Quickstart</title>")]
    [InlineData("md", "```csharp\nusing System.Globalization;")]
    public async Task Convert_ByExtension_WritesThatForm(string extension, string expected)
    {
        string source = Copy("quickstart");
        string target = Path.Combine(_folder, $"out.{extension}");

        Assert.Equal(0, await InvokeAsync("notebook", "convert", source, "-o", target));
        Assert.Contains(expected, File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_DibToIpynbAndBack_IsByteForByte()
    {
        string source = Path.Combine(_folder, "a.dib");
        string text = "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[]}}\n\n#!csharp\n\n1\n";
        File.WriteAllText(source, text);

        Assert.Equal(0, await InvokeAsync("notebook", "convert", source, "--to", "ipynb"));
        Assert.Equal(0, await InvokeAsync(
            "notebook", "convert", Path.Combine(_folder, "a.ipynb"), "-o", Path.Combine(_folder, "b.dib")));

        Assert.Equal(text, File.ReadAllText(Path.Combine(_folder, "b.dib")));
    }

    [Fact]
    public async Task Convert_OntoItself_IsWrongUsage()
    {
        string source = Copy("quickstart");

        Assert.Equal(2, await InvokeAsync("notebook", "convert", source, "--to", "ipynb"));
        Assert.Equal(2, await InvokeAsync("notebook", "convert", source, "-o", source));
    }

    [Theory]
    [InlineData("convert", "a.ipynb")]
    [InlineData("convert", "a.ipynb", "-o", "a.pdf")]
    [InlineData("convert", "a.ipynb", "--to", "pdf")]
    [InlineData("run")]
    [InlineData("run", "a.ipynb", "-p", "novalue")]
    [InlineData("run", "a.ipynb", "--timeout", "-1")]
    [InlineData("run", "a.ipynb", "--timeout", "soon")]
    public void Notebook_WrongUsage_IsAParseError(params string[] arguments) =>
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
