using Research.Scripting.Notebooks;

namespace Research.Tests.Notebooks.Interactive;

/// <summary>Notebooks written for .NET Interactive run unchanged, and each cell shows what its documentation says.</summary>
public sealed class InteractiveNotebooksTests
{
    public static TheoryData<string> All { get; } = [.. InteractiveNotebook.Names];

    [Fact]
    public void Folder_HoldsSevenNotebooks() => Assert.Equal(7, InteractiveNotebook.Names.Count);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_Notebook_NoCellFails(string name)
    {
        (NotebookDocument document, NotebookRunResult result) = await InteractiveNotebook.RunAsync(name);

        Assert.Equal([], result.Failures.Select(failure => string.Join('\n', failure.Error.Traceback)));
        Assert.Equal(document.Cells.Count(cell => cell.Kind == NotebookCellKind.Code), result.CellsRun);
    }

    // Notebook, cell, kind of output, and what one output of that kind must contain.
    [Theory]
    [InlineData("1-displaying-output", "return-value", "text/plain", "Hello!")]
    [InlineData("1-displaying-output", "console", "stdout", "hello world\n")]
    [InlineData("1-displaying-output", "console", "stderr", "careful\n")]
    [InlineData("1-displaying-output", "several", "text/plain", "one")]
    [InlineData("1-displaying-output", "several", "text/plain", "two")]
    [InlineData("1-displaying-output", "several", "text/plain", "three")]
    [InlineData("1-displaying-output", "update", "text/plain", "coconut")]
    [InlineData("1-displaying-output", "update", "text/html", "peach")]
    [InlineData("1-displaying-output", "progress", "text/plain", "3 of 3")]
    [InlineData("1-displaying-output", "display-as", "text/html", "<b>bold</b>")]
    [InlineData("1-displaying-output", "display-as", "text/markdown", "**bold**")]
    [InlineData("1-displaying-output", "display-as", "application/json", "{\"a\":1}")]
    [InlineData("1-displaying-output", "mime-types", "application/json", "{\"Count\":3,\"Fruit\":\"apple\"}")]
    [InlineData("1-displaying-output", "mime-types", "text/plain", "[ 1, 2, 3 ]")]
    [InlineData("1-displaying-output", "null", "text/plain", "<null>")]
    [InlineData("1-displaying-output", "caught", "stdout", "caught: FormatException")]
    [InlineData("1-displaying-output", "caught", "text/plain", "twelve")]
    [InlineData("2-formatting-outputs", "enumerable", "text/html", "hello")]
    [InlineData("2-formatting-outputs", "enumerable", "text/plain", "[ 1, 2, 3, 4, 5 ]")]
    [InlineData("2-formatting-outputs", "dictionary", "text/html", "zero")]
    [InlineData("2-formatting-outputs", "dictionary", "text/plain", "two")]
    [InlineData("2-formatting-outputs", "object", "text/html", "FirstName")]
    [InlineData("2-formatting-outputs", "object", "text/html", "Buchannon")]
    [InlineData("2-formatting-outputs", "objects", "text/html", "<th>LastName</th>")]
    [InlineData("2-formatting-outputs", "objects", "text/html", "Quinn")]
    [InlineData("2-formatting-outputs", "objects", "text/plain", "Parker")]
    [InlineData("2-formatting-outputs", "by-key", "text/html", "C.J.")]
    [InlineData("2-formatting-outputs", "graph", "text/html", "Friends")]
    [InlineData("2-formatting-outputs", "graph", "text/html", "Mitch")]
    [InlineData("2-formatting-outputs", "plain-formatter", "text/plain", "Mitch")]
    [InlineData("2-formatting-outputs", "html-formatter", "text/html", "<span><b>Mitch</b> <i>(42 years old and has 1 friends)</i><br")]
    [InlineData("2-formatting-outputs", "open-generic", "text/html", "quack")]
    [InlineData("2-formatting-outputs", "preferred", "text/html", "<i>v1.2.3</i>")]
    [InlineData("2-formatting-outputs", "preferred-plain", "text/plain", "Hobie Buchannon")]
    [InlineData("2-formatting-outputs", "limit", "text/plain", "104")]
    [InlineData("2-formatting-outputs", "limit", "text/html", "more")]
    [InlineData("3-html-and-pocketview", "html", "text/html", "<b style=\"color:blue\">Hello!</b>")]
    [InlineData("3-html-and-pocketview", "html", "text/plain", "Hello!")]
    [InlineData("3-html-and-pocketview", "string", "text/plain", "<b style=\"color:blue\">Hello!</b>")]
    [InlineData("3-html-and-pocketview", "html-string", "stdout", "True")]
    [InlineData("3-html-and-pocketview", "script", "text/html", "console.log(\"Hello!\");")]
    [InlineData("3-html-and-pocketview", "pocketview", "text/html", "<a href=\"https://en.wikipedia.org\"")]
    [InlineData("3-html-and-pocketview", "pocketview", "text/html", "><b>Wikipedia</b></a></span>")]
    [InlineData("3-html-and-pocketview", "pocketview", "text/html", "<img src=\"https://en.wikipedia.org/favicon.ico\" style=\"height:1.5em\">")]
    [InlineData("3-html-and-pocketview", "pocketview", "text/plain", "Wikipedia")]
    [InlineData("3-html-and-pocketview", "to-string", "text/plain", "<span><img src=")]
    [InlineData("3-html-and-pocketview", "tags", "text/html", "area")]
    [InlineData("3-html-and-pocketview", "attribute", "text/html", "<span style=\"font-style:italic\">Hello!</span>")]
    [InlineData("3-html-and-pocketview", "encoded", "text/html", "<span>&lt;div&gt;This string looks like HTML but it will be HTML encoded.&lt;/div&gt;</span>")]
    [InlineData("3-html-and-pocketview", "not-encoded", "text/html", "<span><i>This won't be HTML encoded.</i></span>")]
    [InlineData("3-html-and-pocketview", "nested-object", "text/html", "apple")]
    [InlineData("3-html-and-pocketview", "nested-object", "text/html", "Texture")]
    [InlineData("3-html-and-pocketview", "list", "text/html", "<ul><li>apple</li><li>orange</li></ul>")]
    [InlineData("3-html-and-pocketview", "magic-html", "text/html", "<b>Hello!</b>")]
    [InlineData("3-html-and-pocketview", "cell-html", "text/html", "<p>No magic: the cell's own kernel.</p>")]
    [InlineData("3-html-and-pocketview", "magic-markdown", "text/markdown", "Write a **list** ...")]
    [InlineData("3-html-and-pocketview", "svg", "image/svg+xml", "<circle")]
    [InlineData("4-packages-and-imports", "package", "text/plain", "Newtonsoft.Json")]
    [InlineData("4-packages-and-imports", "package", "text/html", "13.0.4")]
    [InlineData("4-packages-and-imports", "use-package", "stdout", "apple\n")]
    [InlineData("4-packages-and-imports", "use-package", "text/plain", "3")]
    [InlineData("4-packages-and-imports", "package-without-space", "stdout", "2.5\n")]
    [InlineData("4-packages-and-imports", "package-and-code", "text/html", "<b>3 apples</b>")]
    [InlineData("4-packages-and-imports", "assembly", "text/plain", "text")]
    [InlineData("4-packages-and-imports", "use-load", "text/plain", "42")]
    [InlineData("4-packages-and-imports", "use-import-script", "text/plain", "Hello, Ada!")]
    [InlineData("4-packages-and-imports", "use-import-dib", "text/plain", "42")]
    [InlineData("4-packages-and-imports", "use-import-notebook", "text/plain", "from the notebook")]
    [InlineData("4-packages-and-imports", "json", "text/plain", "{\"Fruit\":\"apple\"}")]
    [InlineData("5-variables-and-magics", "who", "text/plain", "number")]
    [InlineData("5-variables-and-magics", "whos", "text/html", "Ada")]
    [InlineData("5-variables-and-magics", "whos", "text/html", "42")]
    [InlineData("5-variables-and-magics", "time", "text/plain", "Wall time: ")]
    [InlineData("5-variables-and-magics", "time", "text/plain", "done")]
    [InlineData("5-variables-and-magics", "lsmagic", "text/plain", "#!whos")]
    [InlineData("5-variables-and-magics", "about", "text/plain", ".NET")]
    [InlineData("5-variables-and-magics", "use-set", "text/plain", "https://example.com")]
    [InlineData("5-variables-and-magics", "use-words", "text/plain", "3")]
    [InlineData("5-variables-and-magics", "use-shared", "text/plain", "42")]
    [InlineData("5-variables-and-magics", "share", "text/plain", "some JSON")]
    [InlineData("5-variables-and-magics", "use-file", "text/plain", "apple")]
    [InlineData("5-variables-and-magics", "value-shown", "application/json", "{\"what\":\"a tree\"}")]
    [InlineData("5-variables-and-magics", "use-renamed", "text/plain", "True")]
    [InlineData("5-variables-and-magics", "switch", "text/plain", "43")]
    [InlineData("5-variables-and-magics", "two-languages", "text/html", "<i>then HTML</i>")]
    [InlineData("5-variables-and-magics", "two-languages", "text/plain", "C# first, C# last")]
    [InlineData("6-data-and-async", "records", "text/html", "<th>Station</th>")]
    [InlineData("6-data-and-async", "records", "text/html", "Rome")]
    [InlineData("6-data-and-async", "linq", "text/html", "-3.25")]
    [InlineData("6-data-and-async", "linq", "text/plain", "Oslo")]
    [InlineData("6-data-and-async", "table", "text/html", "Rome")]
    [InlineData("6-data-and-async", "await", "text/plain", "30")]
    [InlineData("6-data-and-async", "stream", "stdout", "5 makes 15\n")]
    [InlineData("6-data-and-async", "threads", "stdout", "worker 7 line 49\n")]
    [InlineData("6-data-and-async", "threads", "text/plain", "400")]
    [InlineData("6-data-and-async", "live", "text/html", "value=\"100\"")]
    [InlineData("6-data-and-async", "patterns", "text/plain", "large")]
    [InlineData("6-data-and-async", "exception", "text/plain", "too hot")]
    [InlineData("6-data-and-async", "exception", "stdout", "cleaned up\n")]
    [InlineData("6-data-and-async", "multiline", "stdout", "Days: \"two\"\n")]
    [InlineData("6-data-and-async", "span", "text/plain", "2026")]
    [InlineData("6-data-and-async", "redefine", "text/plain", "redefined as text")]
    [InlineData("6-data-and-async", "disposable", "stdout", "3\n")]
    public async Task Run_Cell_ShowsWhatIsDocumented(string name, string cell, string kind, string expected)
    {
        (NotebookDocument document, _) = await InteractiveNotebook.RunAsync(name);

        IReadOnlyList<string> shown = InteractiveNotebook.Shown(document, cell, kind);
        Assert.True(
            shown.Any(text => text.Contains(expected, StringComparison.Ordinal)),
            $"Expected {kind} with '{expected}', got:\n{string.Join("\n---\n", shown)}\nof {document.Cells
                .Single(candidate => candidate.Id == cell).Outputs.ToJsonString()}");
    }

    // What must not be seen, by the same documents.
    [Theory]
    [InlineData("1-displaying-output", "update", "text/plain", "fruit")] // Updated: the former text is gone.
    [InlineData("1-displaying-output", "progress", "text/plain", "0 of 3")]
    [InlineData("1-displaying-output", "later", "text/plain", "of 3")] // It updates where it was shown.
    [InlineData("2-formatting-outputs", "limit", "text/plain", "105")]
    [InlineData("2-formatting-outputs", "open-generic", "text/html", "<table")]
    [InlineData("3-html-and-pocketview", "string", "text/html", "<b style")] // A string is no HTML.
    [InlineData("3-html-and-pocketview", "encoded", "text/html", "<div>This")]
    [InlineData("6-data-and-async", "live", "text/html", "value=\"25\"")]
    [InlineData("6-data-and-async", "live", "text/plain", "starting")]
    public async Task Run_Cell_DoesNotShowTheRest(string name, string cell, string kind, string unexpected)
    {
        (NotebookDocument document, _) = await InteractiveNotebook.RunAsync(name);

        Assert.DoesNotContain(
            InteractiveNotebook.Shown(document, cell, kind), text => text.Contains(unexpected, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_Notebook_EveryOutputHasReadableText(string name)
    {
        (NotebookDocument document, _) = await InteractiveNotebook.RunAsync(name);

        foreach (NotebookCell cell in document.Cells)
        {
            Assert.All(
                cell.Outputs.Where(output => output!["data"] is not null),
                output => Assert.False(
                    string.IsNullOrWhiteSpace(string.Concat(output!["data"]!["text/plain"]!.AsArray().Select(line => (string?)line))),
                    $"{cell.Id}: {output!.ToJsonString()}"));
        }
    }

    // Threads interleave and #!time measures: those two cells may differ, nothing else.
    [Theory]
    [InlineData("1-displaying-output")]
    [InlineData("2-formatting-outputs")]
    [InlineData("3-html-and-pocketview")]
    [InlineData("6-data-and-async")]
    public async Task Run_NotebookTwice_GivesTheSameBytes(string name)
    {
        (NotebookDocument first, _) = await InteractiveNotebook.RunAsync(name);
        (NotebookDocument second, _) = await InteractiveNotebook.RunAfreshAsync(name);
        foreach (NotebookCell cell in first.Cells.Concat(second.Cells).Where(cell => cell.Id == "threads"))
        {
            cell.ClearOutputs();
        }

        Assert.Equal(InteractiveNotebook.Utf8(first), InteractiveNotebook.Utf8(second));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ThroughDib_Notebook_KeepsItsCells(string name)
    {
        NotebookDocument document = InteractiveNotebook.Load(name);
        NotebookDocument again = NotebookDocument.Parse(document.ToBytes(NotebookFormat.Dib), NotebookFormat.Dib);

        Assert.Equal(
            document.ToBytes(NotebookFormat.Dib),
            NotebookDocument.Parse(again.ToBytes()).ToBytes(NotebookFormat.Dib));
        Assert.InRange(again.Cells.Count, document.Cells.Count, document.Cells.Count + 4); // Language switches part cells.
    }

    [NbformatFact]
    public async Task Files_AreWhatNbformatWrites()
    {
        foreach (string name in InteractiveNotebook.Names)
        {
            byte[] bytes = InteractiveNotebook.Load(name).ToBytes();
            Assert.Equal(bytes, await NbformatOracle.RewriteAsync(bytes));
        }
    }
}
