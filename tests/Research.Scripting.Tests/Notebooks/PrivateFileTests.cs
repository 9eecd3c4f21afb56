using System.Text;
using Research.Scripting;
using Research.Scripting.Notebooks;
using Research.Scripting.Scripts;

namespace Research.Tests.Notebooks;

/// <summary>A file of records that is taken for a notebook or a script is refused, and no error quotes it.</summary>
public sealed class PrivateFileTests : IDisposable
{
    private static readonly string[] Secrets = ["Ada", "Lovelace", "4711", "Grace", "diagnosis", "positive", "ada@example", "grace@"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Contents { get; } =
    [
        "name,diagnosis,id\nAda,positive,4711\nGrace,negative,4712\n",
        "Ada;positive;4711\nGrace;negative;4712\n",
        "Ada\tpositive\t4711\nGrace\tnegative\t4712\n",
        "4711,1.5,2.5\n4712,3.5,4.5\n",
        "ada@example.com\ngrace@example.com\n",
        "{\"diagnosis\": \"positive\", \"name\": \"Ada\"}",
        "[{\"name\": \"Ada\"}, {\"name\": \"Grace\"}]",
        "{\"Ada\": 4711, \"Ada\": 4711}",
        "{\"name\": \"Ada\"}\n{\"name\": \"Grace\"}\n",
        "{\"diagnosis\": positive, Ada",
        "{\"nbformat\": \"4711\"}",
        "{\"nbformat\": 4711}",
        "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"Ada\"}]}",
        "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {\"Ada\": \"\\ud800\"}, \"cells\": []}",
        "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": " +
            "[{\"cell_type\": \"raw\", \"id\": \"Ada Lovelace\", \"metadata\": {}, \"source\": \"\"}]}",
        "<people><person name=\"Ada\">4711</person></people>",
        "Ada\0\u0001\u0002positive\n4711",
        "Ada Lovelace\nGrace Hopper\n",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task File_OfRecords_IsRefusedWithoutAWordOfIt(string content)
    {
        foreach (string ending in (string[])["csv", "json", "txt", "ipynb", "dib", "csx", "cs"])
        {
            string path = _folder.File($"file.{ending}", content);
            AssertQuotesNothing(Record.Exception(() => NotebookDocument.Load(path))?.Message);
            AssertQuotesNothing(await ScriptErrorAsync(path));
            AssertQuotesNothing(await CellErrorAsync($"#load \"{path}\""));
            AssertQuotesNothing(await CellErrorAsync($"#!import {path}"));
        }
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Value_FromAFileThatIsNoJson_IsRefusedWithoutAWordOfIt(string content)
    {
        string path = _folder.File("file.txt", content);

        AssertQuotesNothing(await CellErrorAsync($"#!value --name v --from-file {path} --mime-type application/json"));
    }

    [Fact]
    public void Notebook_OfRecords_IsNotCode()
    {
        string path = _folder.File("people.dib", "name,diagnosis\nAda,positive\n");

        Assert.Equal(
            "Not a notebook: line 1: expected cells of code, got what looks like data.",
            Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(path)).Message);
    }

    [Theory]
    [InlineData("int a = 1;\nint b = c;", "int b = c;")]
    [InlineData("var a = new[] { 1, 2 };\nConsole.WriteLine(a, b);", "Console.WriteLine(a, b);")]
    [InlineData("f(1, 2)", "f(1, 2)")]
    public async Task Error_OfCode_StillQuotesIt(string code, string line) =>
        Assert.Contains(line, await ScriptErrorAsync(_folder.File("main.csx", code)), StringComparison.Ordinal);

    [Theory]
    [InlineData("python", "python3", "python")]
    [InlineData("R", "ir", "R")]
    [InlineData("Ada Lovelace, diagnosis positive", "x", "another language")]
    public async Task Run_NotebookOfAnotherLanguage_IsRefused(string language, string kernel, string named)
    {
        NotebookDocument document = NotebookDocument.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":"{{{kernel}}}","language":"{{{language}}}"}},
            "cells":[{"cell_type":"code","execution_count":null,"id":"a","metadata":{},"outputs":[],"source":"print(1)"}]}
            """));

        NotebookLanguageException exception = await Assert.ThrowsAsync<NotebookLanguageException>(
            () => NotebookRunner.RunAsync(document));

        Assert.Equal($"Expected a C# notebook, got one of {named}.", exception.Message);
    }

    private static void AssertQuotesNothing(string? message) => Assert.All(
        Secrets, secret => Assert.DoesNotContain(secret, message ?? "", StringComparison.Ordinal));

    private static async Task<string> ScriptErrorAsync(string path)
    {
        using StringWriter error = new();
        await ScriptRunner.RunAsync(path, [], TextWriter.Null, error);
        return error.ToString();
    }

    private static async Task<string> CellErrorAsync(string code)
    {
        using Cells cells = new();
        CellResult result = await cells.TryAsync(code);
        return result.Error is null
            ? ""
            : string.Join('\n', [result.Error.Message, result.Error.LineText ?? "", .. result.Error.Traceback]);
    }
}
