using Research.Scripting.Directives;
using Research.Scripting.Intelligence;

namespace Research.Tests.Intelligence.Completion;

public sealed class DirectiveCompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public DirectiveCompletionTests()
    {
        foreach (string name in (string[])["one.csx", "two.cs", "three.ipynb", "four.dll", "five.txt", "sub/six.csx"])
        {
            _folder.File(name, "");
        }

        _cells = new Cells(_folder.Path);
    }

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("#!ti|", "#!time")]
    [InlineData("#!|", "#!whos")]
    [InlineData("#|", "#r")]
    [InlineData("#lo|", "#load")]
    [InlineData("  #lo|", "#load")]
    [InlineData("int x = 1;\n#!ti|\nx", "#!time")]
    [InlineData("#!html\n<b>x</b>\n#!csh|", "#!csharp")]
    [InlineData("#pra|", "#pragma")]
    [InlineData("#load \"|", "one.csx")]
    [InlineData("#load \"on|\"", "one.csx")]
    [InlineData("#load |", "\"one.csx\"")]
    [InlineData("#load \"|", "sub/")]
    [InlineData("#load \"sub/|", "six.csx")]
    [InlineData("#load \"./sub/s|", "six.csx")]
    [InlineData("#!import |", "three.ipynb")]
    [InlineData("#!import tw|", "two.cs")]
    [InlineData("#r \"|", "four.dll")]
    [InlineData("#r \"|", "nuget: ")]
    public async Task Complete_Directive_Offers(string marked, string expected) =>
        Assert.Contains(expected, await NamesAsync(marked));

    [Theory]
    [InlineData("#load \"|", "five.txt")]
    [InlineData("#load \"|", "four.dll")]
    [InlineData("#r \"|", "one.csx")]
    [InlineData("#load \"one.csx\" |", "one.csx")]
    public async Task Complete_Directive_DoesNotOffer(string marked, string unwanted) =>
        Assert.DoesNotContain(unwanted, await NamesAsync(marked));

    [Theory]
    [InlineData("#load \"missing/|")]
    [InlineData("#load \"\0/|")]
    [InlineData("#!time |")]
    [InlineData("var s = \"\"\"\n#!ti|\n\"\"\";")]
    [InlineData("/*\n#!ti|\n*/")]
    public async Task Complete_DirectiveWithoutChoices_OffersNothing(string marked) =>
        Assert.Empty(await NamesAsync(marked));

    [Fact]
    public async Task Complete_DirectiveNames_AreAllTheSessionKnows()
    {
        IReadOnlyList<string> names = await NamesAsync("#|");

        Assert.Empty(DirectiveRunner.Known.Except(names));
    }

    [Fact]
    public async Task Complete_SetDirective_OffersVariables()
    {
        await _cells.RunAsync("int apples = 1;");

        Assert.Contains("apples", await NamesAsync("#!set --name x --value @csharp:ap|"));
        Assert.Contains("apples", await NamesAsync("#!share ap|"));
        Assert.Contains("--value", await NamesAsync("#!set --v|"));
    }

    [Fact]
    public async Task Complete_FileInFolder_ReplacesTheLastPartOnly()
    {
        (string code, int position) = MarkedCode.Read("int a;\r\n#load \"sub/si|\"");

        CompletionList list = await _cells.Session.Intelligence.CompleteAsync(code, position);

        Assert.Equal((position - 2, position), (list.Start, list.End));
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string marked)
    {
        (string code, int position) = MarkedCode.Read(marked);
        CompletionList list = await _cells.Session.Intelligence.CompleteAsync(code, position);
        return [.. list.Items.Select(item => item.Text)];
    }
}
