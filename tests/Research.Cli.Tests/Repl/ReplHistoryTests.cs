using Research.Cli.Repl;

namespace Research.Tests.Repl;

public sealed class ReplHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_EntriesOfSeveralLines_ComeBack()
    {
        string path = Path.Combine(_folder.Path, "new", "history.jsonl");
        new ReplHistory(path).Add("int x = 1;");
        new ReplHistory(path).Add("void F()\n{\n    \"😀\";\n}");

        Assert.Equal(["int x = 1;", "void F()\n{\n    \"😀\";\n}"], new ReplHistory(path).Load());
    }

    [Fact]
    public void Load_Garbage_IsSkipped()
    {
        string path = Path.Combine(_folder.Path, "history.jsonl");
        File.WriteAllText(path, "\"good\"\n{\"cut of\n\0\0\n12\n\"also\"\n");

        Assert.Equal(["good", "also"], new ReplHistory(path).Load());
    }

    [Fact]
    public void Add_WhereNothingCanBeWritten_IsNotFatal()
    {
        ReplHistory history = new(Path.Combine(_folder.Path, "file", "history.jsonl"));
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");

        history.Add("x");

        Assert.Empty(history.Load());
    }
}
