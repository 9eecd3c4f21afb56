using Research.Cli.Repl;
using Research.Scripting.Intelligence;

namespace Research.Tests.Repl;

public sealed class CompletionMenuTests
{
    [Theory]
    [InlineData("Con", "Console", "Console", "")]
    [InlineData("Wr", "Write,WriteLine", "Write", "")]
    [InlineData("Write", "Write,WriteLine", "Write", "Write      WriteLine")]
    [InlineData("wl", "WriteLine", "WriteLine", "")] // By humps.
    [InlineData("zz", "", "zz", "")]
    public void Apply_Candidates_InsertsWhatTheyShare(string typed, string candidates, string text, string shown)
    {
        LineBuffer buffer = new();
        buffer.Set(typed);
        CompletionItem[] items =
        [
            .. candidates.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(name => new CompletionItem(name, "method")),
        ];

        IReadOnlyList<string> lines = CompletionMenu.Apply(new CompletionList(0, typed.Length, items), buffer, 40);

        Assert.Equal((text, shown), (buffer.Text, string.Join('\n', lines)));
    }

    [Fact]
    public void Apply_VeryMany_ShowsSome()
    {
        CompletionItem[] items =
        [
            .. Enumerable.Range(0, 500)
                .Select(number => new CompletionItem($"{(char)('a' + (number % 26))}{number}", "method")),
        ];

        IReadOnlyList<string> lines = CompletionMenu.Apply(new CompletionList(0, 0, items), new LineBuffer(), 80);

        Assert.InRange(lines.Count, 5, 20);
        Assert.Equal("... and 400 more", lines[^1]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
    }
}
