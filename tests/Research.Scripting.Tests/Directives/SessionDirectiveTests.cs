using Microsoft.CodeAnalysis.CSharp;
using Research.Scripting;
using Research.Scripting.Directives;

namespace Research.Tests.Directives;

public sealed class SessionDirectiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public SessionDirectiveTests() => _cells = new Cells(_folder.Path);

    public static TheoryData<string> Names { get; } = [.. DirectiveRunner.Known];

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_OfEveryDirective_IsShownAndNothingRuns(string name)
    {
        foreach (string option in (string[])["-h", "--help"])
        {
            await _cells.RunAsync($"{name} {option}");

            Assert.Contains(
                $"Usage: {name}", Assert.Single(_cells.Displays).Bundle.PlainText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lsmagic_EveryDirective_HasALine()
    {
        await _cells.RunAsync("#!lsmagic");

        string[] lines = Assert.Single(_cells.Displays).Bundle.PlainText.Split('\n');
        Assert.Equal(
            ["Directive", .. DirectiveRunner.Known.Order(StringComparer.Ordinal)],
            lines.Select(line => line.Split(' ')[0]));
        Assert.All(lines, line => Assert.Matches(@"^\S+ +\S", line));
    }

    [Fact]
    public async Task About_NamesTheVersions()
    {
        await _cells.RunAsync("#!about");

        string text = Assert.Single(_cells.Displays).Bundle.PlainText;
        Assert.Contains($".NET      {Environment.Version}", text, StringComparison.Ordinal);
        Assert.Matches(@"C#        \d+\.\d", text);
        Assert.Contains(
            typeof(CSharpCompilation).Assembly.GetName().Version!.ToString(2), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_AfterCode_SeesItsVariables()
    {
        await _cells.RunAsync("int b = 2; int a = 1;\n#!who");

        Assert.Equal("Variable\na\nb", Assert.Single(_cells.Displays).Bundle.PlainText);
    }

    [Fact]
    public async Task Whos_LargeLazyAndFailingValues_AreShortAndNotRun()
    {
        await _cells.RunAsync("""
            int[] large = new int[1_000_000];
            int ran = 0;
            var lazy = large.Where(x => { ran++; return true; });
            var text = new string('x', 100_000);
            class Bad { public override string ToString() => throw new Exception("no"); }
            var bad = new Bad();
            """);
        await _cells.RunAsync("#!whos");

        string[] lines = Assert.Single(_cells.Displays).Bundle.PlainText.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 120));
        Assert.Contains(
            lines, line => line.StartsWith("lazy      IEnumerable<int>  (not enumerated)", StringComparison.Ordinal));
        Assert.Contains(
            lines, line => line.StartsWith("bad       Bad               (Exception: no)", StringComparison.Ordinal));
        Assert.Equal(0, await _cells.RunAsync("ran"));
    }

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "#!fsharp: F# does not run here; only C#")]
    [InlineData("#!pwsh\nls", "PowerShell does not run here")]
    [InlineData("#!sql\nselect 1", "SQL does not run here")]
    [InlineData("#!kql\nT", "KQL does not run here")]
    [InlineData("#!connect jupyter --kernel-name python", "there are no other kernels here")]
    public async Task OtherLanguage_IsRefusedClearly(string code, string message)
    {
        CellError error = await _cells.FailAsync("int before = 1;\n" + code);

        Assert.Equal(("DirectiveError", 2), (error.Name, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!markdown\n# T", "text/markdown", "# T")]
    [InlineData("#!html\n<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("#!javascript\nalert(1)", "application/javascript", "alert(1)")]
    [InlineData("#!js\nalert(1)", "application/javascript", "alert(1)")]
    [InlineData("#!mermaid\ngraph TD; A-->B", "text/vnd.mermaid", "graph TD; A-->B")]
    public async Task ShownLanguage_IsItsMimeType(string code, string mimeType, string text)
    {
        await _cells.RunAsync(code);

        Assert.Equal(text, Assert.Single(_cells.Displays).Bundle.Text(mimeType));
    }

    [Fact]
    public async Task Import_FilesOfOtherKinds_AreShownOrRefused()
    {
        _folder.File("a.html", "<b>x</b>");
        _folder.File("b.md", "# T");
        _folder.File("c.fsx", "let x = 1");
        _folder.File("My Code.cs", "class Six { public int Value => 6; }");

        await _cells.RunAsync("#!import a.html\n#!import b.md\n#!import My Code.cs");
        Assert.Equal(
            ["text/html", "text/markdown"], _cells.Displays.Select(display => display.Bundle.MimeTypes.First()));
        Assert.Equal(6, await _cells.RunAsync("new Six().Value"));
        Assert.Contains(
            "F# does not run here", (await _cells.FailAsync("#!import c.fsx")).Message, StringComparison.Ordinal);
        Assert.Contains("Expected #!import", (await _cells.FailAsync("#!import")).Message, StringComparison.Ordinal);
    }
}
