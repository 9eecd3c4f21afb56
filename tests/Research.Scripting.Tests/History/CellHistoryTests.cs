using Research.Scripting.History;

namespace Research.Tests.History;

public sealed class CellHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string Stored => Path.Combine(_folder.Path, "research", "history.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tail_AcrossSessions_IsOldestFirstWithNumbers()
    {
        CellHistory first = Open();
        first.Add(1, "a");
        first.Add(2, "b");
        CellHistory second = Open();
        second.Add(1, "c");

        Assert.Equal([(1, 2, "b"), (2, 1, "c")], second.Tail(2).Select(Parts));
        Assert.Equal(2, second.Session);
    }

    [Fact]
    public void Range_OfSession_IsHalfOpenAndRelative()
    {
        CellHistory first = Open();
        first.Add(1, "a");
        first.Add(2, "b");
        first.Add(3, "c");
        CellHistory second = Open();
        second.Add(1, "d");

        Assert.Equal(["b"], second.Range(1, 2, 3).Select(entry => entry.Code));
        Assert.Equal(["b", "c"], second.Range(-1, 2, null).Select(entry => entry.Code));
        Assert.Equal(["d"], second.Range(0, 1, null).Select(entry => entry.Code));
    }

    [Theory]
    [InlineData("*x*", null, false, "x1,x2,x1")]
    [InlineData("*x*", 2, false, "x2,x1")]
    [InlineData("*x*", null, true, "x2,x1")]
    [InlineData("y?", null, false, "yy")]
    [InlineData("x1", null, true, "x1")]
    [InlineData("[x]1", null, false, "")]
    public void Search_Pattern_FindsWholeCode(string pattern, int? count, bool unique, string expected)
    {
        CellHistory history = Open();
        string[] codes = ["x1", "x2", "yy", "x1"];
        for (int i = 0; i < codes.Length; i++)
        {
            history.Add(i + 1, codes[i]);
        }

        Assert.Equal(expected, string.Join(',', history.Search(pattern, count, unique).Select(entry => entry.Code)));
    }

    [Fact]
    public void Search_PatternOfManyStars_TakesNoTime()
    {
        CellHistory history = Open();
        history.Add(1, new string('a', 20_000));

        Assert.Empty(history.Search(string.Concat(Enumerable.Repeat("*a", 50)) + "b", null, false));
    }

    [Fact]
    public void SetOutput_OfThisSession_IsKept()
    {
        CellHistory history = Open();
        history.Add(1, "6*7");
        history.SetOutput(1, "42");

        Assert.Equal("42", Assert.Single(history.Tail(1)).Output);
    }

    [Fact]
    public void Read_ForeignAndTornLines_AreSkipped()
    {
        _folder.File("research/history.jsonl", "{\"session\":3,\"line\":1,\"code\":\"ok\"}\nnonsense\n[]\n{\"session\":\"x\"}\n{\"session\":4,\"li");

        CellHistory history = Open();
        Assert.Equal([(3, 1, "ok")], history.Tail(9).Select(Parts));
        Assert.Equal(4, history.Session);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Read_FileBeyondTheBound_KeepsTheNewest()
    {
        _folder.File("research/history.jsonl");
        string filler = new('x', 1000);
        File.WriteAllLines(
            Stored, Enumerable.Range(1, 20_000).Select(i => $$"""{"session":1,"line":{{i}},"code":"{{filler}}"}"""));

        CellHistory history = Open();
        Assert.Equal(20_000, Assert.Single(history.Tail(1)).Line);
        Assert.InRange(new FileInfo(Stored).Length, 1, 10 << 20);
        Assert.Equal(20_000, Assert.Single(Open().Tail(1)).Line);
    }

    [Fact]
    public void Add_WhereNothingCanBeWritten_WarnsOnceAndGoesOn()
    {
        _folder.File("research", "a file where the folder should be");
        CellHistory history = Open();
        history.Add(1, "a");
        history.Add(2, "b");

        Assert.Equal(2, history.Tail(9).Count);
        Assert.Single(_warnings);
    }

    [Fact]
    public void Add_FreshFile_IsForItsUserAlone()
    {
        Open().Add(1, "secret");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Stored));
        }
    }

    [Fact]
    public void Add_FromManySessionsAtOnce_LosesNothing()
    {
        CellHistory[] sessions = [.. Enumerable.Range(0, 4).Select(_ => Open())];
        Parallel.ForEach(sessions, session =>
        {
            for (int i = 1; i <= 50; i++)
            {
                session.Add(i, $"line {i}");
            }
        });

        Assert.Equal(200, Open().Tail(1000).Count);
        Assert.Empty(_warnings);
    }

    private CellHistory Open() => new(Stored, _warnings.Add);

    private static (int Session, int Line, string Code) Parts(HistoryEntry entry) =>
        (entry.Session, entry.Line, entry.Code);
}
