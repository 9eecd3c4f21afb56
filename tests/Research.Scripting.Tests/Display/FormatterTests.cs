using Research.Scripting;

namespace Research.Tests.Display;

/// <summary>The formatting package's API as its documentation has it, seen through cells.</summary>
public sealed class FormatterTests : IDisposable
{
    private const string Declare = "public record Ether(decimal Amount); Ether e = new(2);\n";

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("Formatter.Register<Ether>(e => $\"{e.Amount} ETH\", \"text/plain\");")]
    [InlineData("Formatter.Register<Ether>((e, writer) => writer.Write($\"{e.Amount} ETH\"), \"text/plain\");")]
    [InlineData(
        "Formatter.Register<Ether>((e, writer) => writer.Write($\"{e.Amount} ETH\"), mimeType: \"text/plain\");")]
    [InlineData(
        "Formatter.Register<Ether>((e, context) => { context.Writer.Write($\"{e.Amount} ETH\"); return true; " +
        "}, \"text/plain\");")]
    [InlineData(
        "Formatter.Register(typeof(Ether), (e, writer) => writer.Write($\"{((Ether)e).Amount} ETH\"), " +
        "\"text/plain\");")]
    [InlineData(
        "Formatter.Register(typeof(Ether), (e, context) => { context.Writer.Write($\"{((Ether)e).Amount} " +
        "ETH\"); return true; }, \"text/plain\");")]
    [InlineData("Formatter.Register(new PlainTextFormatter<Ether>(e => $\"{e.Amount} ETH\"));")]
    [InlineData(
        "Formatter.Register(new PlainTextFormatter<Ether>((e, context) => context.Writer.Write($\"{e.Amount} " +
        "ETH\")));")]
    public async Task Register_EveryOverload_IsUsedAloneInSequencesAndInMembers(string registration)
    {
        await _cells.RunAsync(Declare + registration);

        await _cells.RunAsync("e");
        Assert.Equal("2 ETH", _cells.Result.PlainText);
        await _cells.RunAsync("new[] { e, e }");
        Assert.Equal("[ 2 ETH, 2 ETH ]", _cells.Result.PlainText);
        Assert.Contains("2 ETH", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
        await _cells.RunAsync("new { Price = e }");
        Assert.Equal("Price: 2 ETH", _cells.Result.PlainText);
    }

    // Of the library's values only what the formatters of all hosts show may be seen: their defaults show every property.
    [Fact]
    public async Task ResetToDefault_InACellBefore_LeavesTheLibrarysOwnForms()
    {
        await _cells.RunAsync("Formatter.ResetToDefault();");

        await _cells.RunAsync("Wei.FromEther(\"1.5\")");
        Assert.Contains("1500000000000000000 wei", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
        await _cells.RunAsync("Figure.Titled(\"t\").Line(\"a\", new[] { 1, 2 }, new[] { 1, 2 })");
        Assert.Contains("image/svg+xml", _cells.Result.MimeTypes);
    }

    [Fact]
    public async Task ResetToDefault_ThenAFormatterOfOnesOwn_KeepsThat()
    {
        await _cells.RunAsync(
            "Formatter.ResetToDefault();\nFormatter.Register<Wei>(wei => \"mine\", \"text/html\");");

        await _cells.RunAsync("Wei.Zero");

        Assert.Equal("mine", _cells.Result.Text("text/html"));
    }

    [Fact]
    public async Task Register_Html_IsUsedInTablesAndTreesWithItsTextBeside()
    {
        await _cells.RunAsync(Declare + "Formatter.Register<Ether>(e => $\"<b>{e.Amount}</b> ETH\", \"text/html\");");

        await _cells.RunAsync("new Dictionary<string, Ether> { [\"price\"] = e }");

        Assert.Contains(
            "<td>price</td><td><b>2</b> ETH</td>", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
        Assert.Equal("key    value\nprice  2 ETH", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Register_OpenGeneric_IsForEveryInstance()
    {
        await _cells.RunAsync(
            "Formatter.Register(typeof(List<>), (list, writer) => writer.Write(\"quack\"), \"text/html\");");

        await _cells.RunAsync("new List<int> { 1 }");
        Assert.Equal("quack", _cells.Result.Text("text/html"));
        Assert.Equal("[ 1 ]", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Register_MoreSpecificType_Wins()
    {
        await _cells.RunAsync("Formatter.Register(typeof(List<>), (o, w) => w.Write(\"any\"), \"text/plain\");" +
            "Formatter.Register<List<int>>(o => \"ints\", \"text/plain\");");

        await _cells.RunAsync("new List<int>()");
        Assert.Equal("ints", _cells.Result.PlainText);
        await _cells.RunAsync("new List<string>()");
        Assert.Equal("any", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Register_Again_TheLaterWins()
    {
        await _cells.RunAsync("Formatter.Register<int>(i => \"first\", \"text/plain\");\n1");
        Assert.Equal("first", _cells.Result.PlainText);
        await _cells.RunAsync("Formatter.Register<int>(i => \"second\", \"text/plain\");\n1");
        Assert.Equal("second", _cells.Result.PlainText);
        await _cells.RunAsync("Formatter.ResetToDefault();\n1");
        Assert.Equal("1", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Register_OtherMimeType_IsWrittenWhenAsked()
    {
        await _cells.RunAsync(Declare + "Formatter.Register<Ether>(e => $\"{e.Amount},ETH\", \"text/csv\");");
        await _cells.RunAsync("e.Display(\"text/csv\");");

        Assert.Equal("2,ETH", Assert.Single(_cells.Displays).Bundle.Text("text/csv"));
        Assert.Contains("Amount: 2", Assert.Single(_cells.Displays).Bundle.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_FormatterThatThrows_NamesItAndItsReason()
    {
        await _cells.RunAsync(Declare +
            "Formatter.Register<Ether>((e, w) => throw new InvalidOperationException(\"no price\"), \"text/html\");");

        CellError error = await _cells.FailAsync("e");
        Assert.Equal("The text/html formatter of Ether failed: no price", error.Message);
        await _cells.RunAsync("new { Price = e }");
        Assert.Contains(
            "The text/html formatter of Ether failed: no price", _cells.Result.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetPreferredMimeTypesFor_Several_AreAllInTheBundle()
    {
        await _cells.RunAsync(Declare +
            "Formatter.SetPreferredMimeTypesFor(typeof(Ether), \"application/json\", \"text/html\");\ne");

        Assert.Equal(["application/json", "text/html", "text/plain"], _cells.Result.MimeTypes);
        Assert.Equal("{\"Amount\":2}", _cells.Result.Text("application/json"));
    }

    [Fact]
    public async Task ListExpansionLimit_OfAllAndOfOneType_IsHeeded()
    {
        await _cells.RunAsync("Formatter.ListExpansionLimit = 3; Formatter<double>.ListExpansionLimit = 1;");

        await _cells.RunAsync("Enumerable.Range(0, 5)");
        Assert.Equal("[ 0, 1, 2 ... (2 more) ]", _cells.Result.PlainText);
        await _cells.RunAsync("new[] { 1.5, 2.5 }");
        Assert.Equal("[ 1.5 ... (1 more) ]", _cells.Result.PlainText);
        await _cells.RunAsync("Formatter.ListExpansionLimit = 0;\nnew[] { 1 }");
        Assert.Equal("[  ... (1 more) ]", _cells.Result.PlainText);
    }

    [Fact]
    public async Task RecursionLimit_Two_ShowsTwoLevels()
    {
        await _cells.RunAsync(
            "Formatter.RecursionLimit = 2;\nnew { A = new { B = new { C = 1 } }, D = new List<List<int>> { " +
            "new() { 1 } } }");

        Assert.Equal("A:\n  B: { ... }\nD: [ List<int> ]", _cells.Result.PlainText);
    }

    [Fact]
    public async Task NullString_Changed_IsShown()
    {
        await _cells.RunAsync("Formatter.NullString = \"nothing\";\nnew { A = (object)null }");

        Assert.Equal("A: nothing", _cells.Result.PlainText);
    }

    [Fact]
    public async Task DefaultMimeType_PlainText_TurnsHtmlOff()
    {
        await _cells.RunAsync("Formatter.DefaultMimeType = \"text/plain\";");
        try
        {
            await _cells.RunAsync("new { A = 1 }");

            Assert.Equal(["text/plain"], _cells.Result.MimeTypes);
        }
        finally
        {
            await _cells.RunAsync("Formatter.DefaultMimeType = \"text/html\";");
        }
    }

    [Theory]
    [InlineData("b(\"bold\")", "<b>bold</b>", "bold")]
    [InlineData(
        "span[style: \"color:green\", @class: \"x\"](\"a\")", "<span style=\"color:green\" class=\"x\">a</span>", "a")]
    [InlineData("p(\"<b>\")", "<p>&lt;b&gt;</p>", "<b>")]
    [InlineData("p(HTML(\"<i>x</i>\"))", "<p><i>x</i></p>", "x")]
    [InlineData("ul(new[] { \"a\", \"b\" }.Select(x => li(x)))", "<ul><li>a</li><li>b</li></ul>", "a\nb")]
    [InlineData("table(tr(td(\"a\"), td(\"b\")), tr(td(\"c\"), td(\"d\")))",
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td")]
    [InlineData(
        "span(img[src: \"https://e.org/f.ico\", style: \"height:1.5em\"], a[href: @\"https://e.org\"](i(\"E\")))",
        "<span><img src=\"https://e.org/f.ico\" style=\"height:1.5em\"></img><a " +
        "href=\"https://e.org\"><i>E</i></a></span>",
        "E")]
    [InlineData("_.mycustomtag(\"x\")", "<mycustomtag>x</mycustomtag>", "x")]
    public async Task PocketView_AsDocumented_HasHtmlAndText(string code, string html, string text)
    {
        await _cells.RunAsync(code);

        Assert.Equal((html, text), (_cells.Result.Text("text/html"), _cells.Result.PlainText));
    }

    [Fact]
    public async Task PocketView_AsString_IsItsMarkup()
    {
        await _cells.RunAsync("PocketView view = span(\"x\");\nview.ToString()");

        Assert.Equal("<span>x</span>", _cells.Result.PlainText);
    }

    [Fact]
    public async Task PocketView_WithAnObject_HasNoLineNoiseInItsText()
    {
        await _cells.RunAsync("b(new { Fruit = \"apple\", Texture = \"smooth\" })");

        Assert.Contains("Fruit\tapple\nTexture\tsmooth", _cells.Result.PlainText, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
    }
}
