using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Research.Scripting;
using Research.Tests.Tools;

namespace Research.Tests.Directives;

public sealed class DirectiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public DirectiveTests() => _cells = new Cells(_folder.Path);

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Unknown_Directive_NamesTheNearOnes()
    {
        CellError error = await _cells.FailAsync("int x = 1;\n#!tmie\nx");

        Assert.Equal(("DirectiveError", 2), (error.Name, error.Line));
        Assert.Contains("Unknown directive #!tmie. Did you mean #!time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csharp_Magic_IsAccepted() =>
        Assert.Equal(3, await _cells.RunAsync("#!csharp\nint a = 1;\na + 2"));

    [Fact]
    public async Task Html_Magic_ShowsTheRestAsHtml()
    {
        await _cells.RunAsync("int a = 1;\n#!html\n<b>it's</b>\n#!csharp\na.Display();");

        Assert.Equal("<b>it's</b>", _cells.Displays[0].Bundle.Text("text/html"));
        Assert.Equal("1", _cells.Displays[1].Bundle.PlainText);
    }

    [Fact]
    public async Task CompileError_AfterHtmlPart_KeepsItsLine() =>
        Assert.Equal(4, (await _cells.FailAsync("#!html\n<b></b>\n#!csharp\nint x = nope;")).Line);

    [Fact]
    public async Task Time_Magic_ReportsWallTime()
    {
        await _cells.RunAsync("#!time\nawait Task.Delay(30);");

        string text = Assert.Single(_cells.Displays).Bundle.PlainText;
        Assert.Matches(@"^Wall time: \d+\.\dms$", text);
    }

    [Fact]
    public async Task Whos_ListsVariables()
    {
        await _cells.RunAsync("int b = 2; string a = \"x\";");
        await _cells.RunAsync("#!whos");

        Assert.Equal(
            "Variable  Type    Value\na         string  x\nb         int     2",
            Assert.Single(_cells.Displays).Bundle.PlainText);
    }

    [Fact]
    public async Task Lsmagic_ListsWhatTheSessionKnows()
    {
        await _cells.RunAsync("#!lsmagic");

        Assert.Contains("#!whos", Assert.Single(_cells.Displays).Bundle.PlainText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../src/Research.Core/bin/Release/net10.0/Research.Core.dll")]
    [InlineData("Research.Core.dll")]
    [InlineData("Research.Core")]
    public async Task Reference_ToHostAssemblyThatIsNotThere_UsesTheHostsCopy(string reference)
    {
        await _cells.RunAsync($"#r \"{reference}\"");

        object? assembly = await _cells.RunAsync("System.Reflection.Assembly.Load(\"Research.Core\")");
        Assert.Same(Assembly.Load("Research.Core"), assembly);
    }

    [Fact]
    public async Task Reference_ToCopyOfHostAssembly_GivesOneTypeIdentity()
    {
        string copy = _folder.File("copy/Research.Scripting.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(typeof(ScriptSession).Assembly.Location, copy);

        Assert.Same(
            typeof(CellSource),
            await _cells.RunAsync("#r \"copy/Research.Scripting.dll\"\ntypeof(Research.Scripting.CellSource)"));
    }

    [Fact]
    public async Task Reference_ToDllBesideTheNotebook_IsCompiledAgainstAndLoaded()
    {
        // A dll that no one has loaded: compiled here by the session's own compiler.
        CSharpCompilation library = CSharpCompilation.Create(
            "Besides",
            [CSharpSyntaxTree.ParseText("namespace Besides; public class Thing { public int Answer => 42; }")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using (FileStream file = File.Create(_folder.File("lib/Besides.dll")))
        {
            Assert.True(library.Emit(file).Success);
        }

        Assert.Equal(42, await _cells.RunAsync("#r \"lib/Besides.dll\"\nnew Besides.Thing().Answer"));
        Assert.Equal(42, await _cells.RunAsync("using Besides;\nnew Thing().Answer"));
    }

    [Fact]
    public async Task Reference_ToMissingDll_SaysWhereItLooked()
    {
        CellError error = await _cells.FailAsync("\n#r \"nowhere/Missing.dll\"");

        Assert.Equal(2, error.Line);
        Assert.Contains(Path.Combine(_folder.Path, "nowhere/Missing.dll"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_ToFileThatIsNoAssembly_SaysSo()
    {
        _folder.File("text.dll", "not a dll");

        Assert.Contains(
            "not a .NET assembly", (await _cells.FailAsync("#r \"text.dll\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_Script_SharesItsStateOnce()
    {
        _folder.File("lib/a.csx", "#load \"b.csx\"\nint a = counter; 99");
        _folder.File("lib/b.csx", "int counter = 1;");

        Assert.Equal(2, await _cells.RunAsync("#load \"lib/a.csx\"\n#load \"lib/b.csx\"\na + counter"));
        Assert.Single(_cells.Outputs);
    }

    [Fact]
    public async Task Load_ErrorInLoadedFile_NamesThatFile()
    {
        _folder.File("bad.csx", "int ok = 1;\nint bad = nope;");

        CellError error = await _cells.FailAsync("#load \"bad.csx\"");
        Assert.Equal(("bad.csx", 2, 11), (error.Source, error.Line, error.Column));
    }

    [Fact]
    public async Task Load_ExceptionInLoadedFunction_NamesFileAndLine()
    {
        _folder.File("f.csx", "int F()\n{\n    throw new Exception(\"inside\");\n}");

        CellError error = await _cells.FailAsync("#load \"f.csx\"\nF()");
        Assert.Equal(("f.csx", 3, "throw new Exception(\"inside\");"), (error.Source, error.Line, error.LineText));
    }

    [Fact]
    public async Task Load_Notebook_RunsItsCodeCells()
    {
        File.Copy(
            Path.Combine(ExternalTool.RepositoryRoot, "tests/Fixtures/notebooks/quickstart.ipynb"),
            _folder.File("other.ipynb"));

        Assert.Equal(6, await _cells.RunAsync("#!import \"other.ipynb\"\nvalues.Sum()"));
    }

    [Fact]
    public async Task Load_MissingFile_SaysWhereItLooked() => Assert.Contains(
        Path.Combine(_folder.Path, "gone.csx"),
        (await _cells.FailAsync("#load \"gone.csx\"")).Message,
        StringComparison.Ordinal);
}
