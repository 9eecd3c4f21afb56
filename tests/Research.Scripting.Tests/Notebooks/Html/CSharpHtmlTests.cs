using System.Net;
using System.Text.RegularExpressions;
using Research.Scripting.Notebooks;
using Research.Scripting.Notebooks.Html;

namespace Research.Tests.Notebooks.Html;

public sealed class CSharpHtmlTests
{
    [Theory]
    [InlineData("int x = 1;", "<span class=\"k\">int</span> x = <span class=\"n\">1</span>;")]
    [InlineData("var a = await F();", "<span class=\"k\">var</span> a = <span class=\"k\">await</span> <span class=\"m\">F</span>();")]
    [InlineData("List<Person> p;", "<span class=\"t\">List</span>&lt;<span class=\"t\">Person</span>&gt; p;")]
    [InlineData("Console.WriteLine('c'); // d", "<span class=\"t\">Console</span>.<span class=\"m\">WriteLine</span>(<span class=\"s\">&#39;c&#39;</span>); <span class=\"c\">// d</span>")]
    [InlineData("#r \"a.dll\"\nx", "<span class=\"d\">#r &quot;a.dll&quot;\n</span>x")]
    [InlineData("#!time\nx", "<span class=\"d\">#!time\n</span>x")]
    [InlineData("$\"a{b}\"", "<span class=\"s\">$&quot;</span><span class=\"s\">a</span>{b}<span class=\"s\">&quot;</span>")]
    [InlineData("record R(int A);", "<span class=\"k\">record</span> <span class=\"t\">R</span>(<span class=\"k\">int</span> A);")]
    public void From_Code_MarksItsParts(string code, string html) => Assert.Equal(html, CSharpHtml.From(code));

    [Fact]
    public void From_AnyText_KeepsEveryCharacter()
    {
        string[] pieces =
        [
            "\"", "'", "$\"", "@\"", "\"\"\"", "{", "}", "(", "/*", "*/", "//", "#", "#if A\n", "#!x\n", "\n", " ", "var ", "x", "<", "&", "1.", "\0", "é", "\u2028", "#r \"",
        ];
        Random random = new(20261127);
        for (int round = 0; round < 5_000; round++)
        {
            string code = string.Concat(
                Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));

            Assert.Equal(code, WebUtility.HtmlDecode(Regex.Replace(CSharpHtml.From(code), "<[^>]*>", "")));
        }
    }

    // Each overflows the stack of Roslyn's parser when it is long enough.
    [Theory]
    [InlineData("(")]
    [InlineData("a is {")]
    [InlineData("$\"{")]
    [InlineData("a is not ", "not ")]
    [InlineData("A<")]
    [InlineData("delegate*<")]
    [InlineData("#if A\n")]
    public void From_DeepNesting_KeepsEveryCharacter(string start, string? more = null)
    {
        foreach (int count in (int[])[40, 400, 6_000, 100_000])
        {
            string code = start + string.Concat(Enumerable.Repeat(more ?? start, count));
            Assert.Equal(code, WebUtility.HtmlDecode(Regex.Replace(CSharpHtml.From(code), "<[^>]*>", "")));
        }
    }

    [Fact]
    public void From_TheRepositorysNotebooks_KeepsEveryCharacter()
    {
        foreach (NotebookCell cell in RepositoryNotebook.Names.SelectMany(name => RepositoryNotebook.Load(name).Cells)
            .Where(cell => cell.Kind == NotebookCellKind.Code))
        {
            string html = CSharpHtml.From(cell.Source);
            Assert.Equal(cell.Source, WebUtility.HtmlDecode(Regex.Replace(html, "<[^>]*>", "")));
        }
    }
}
