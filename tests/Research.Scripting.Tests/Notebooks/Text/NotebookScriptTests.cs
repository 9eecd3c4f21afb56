using System.Globalization;
using Research.Scripting.Notebooks;
using Research.Scripting.Notebooks.Text;
using Research.Scripting.Scripts;

namespace Research.Tests.Notebooks.Text;

public sealed class NotebookScriptTests
{
    [Fact]
    public void Write_Cells_PutsReferencesAndUsingsFirstAndProseInComments()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddMarkdown("# Title\n\ntext");
        notebook.AddCode("#!time\nusing System.Text;\nusing System.Linq;\n\nint x = 1; // one\nx + 1");
        notebook.AddCode("#r \"nuget: A, 1.0\"\nusing System.Linq;\nConsole.WriteLine(x)");

        string script = NotebookScript.Write(notebook, out IReadOnlyList<string> warnings);

        Assert.Equal(
            """
            #r "nuget: A, 1.0"

            using System.Text;
            using System.Linq;

            // # Title
            //
            // text

            // #!time
            int x = 1; // one
            display(x + 1);

            Console.WriteLine(x);

            """,
            script);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Write_NameDeclaredTwice_Warns()
    {
        NotebookDocument notebook = NotebookDocument.Create();
        notebook.AddCode("int x = 1, y = 2;\nclass C { }");
        notebook.AddCode("var x = 2;");

        NotebookScript.Write(notebook, out IReadOnlyList<string> warnings);

        Assert.Equal(["x is declared by cell 1 and by cell 2; a script cannot have both."], warnings);
    }

    [Fact]
    public async Task Write_Quickstart_RunsAsAScript()
    {
        using TemporaryFolder folder = new();
        string path = folder.File(
            "a.csx", NotebookScript.Write(NotebookDocument.Parse(Fixture.Bytes("quickstart")), out _));
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);

        int exitCode = await ScriptRunner.RunAsync(path, [], output, error);

        Assert.True(exitCode == 0, error.ToString());
        Assert.Contains("14", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-quickstart")]
    [InlineData("2-train-locally")]
    public void Write_RepositoryNotebook_DeclaresNothingTwice(string name)
    {
        NotebookScript.Write(RepositoryNotebook.Load(name), out IReadOnlyList<string> warnings);

        Assert.Empty(warnings);
    }
}
