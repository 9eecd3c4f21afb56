using Research.Cli.Repl;

namespace Research.Tests.Repl;

public sealed class ScreenLayoutTests
{
    [Theory]
    [InlineData("", 0, "> ", 0, 2)]
    [InlineData("abc", 3, "> abc", 0, 5)]
    [InlineData("abc", 1, "> abc", 0, 3)]
    [InlineData("a\nbc", 4, "> a/. bc", 1, 4)]
    [InlineData("a\nbc", 1, "> a/. bc", 0, 3)]
    [InlineData("a\n", 2, "> a/. ", 1, 2)]
    [InlineData("abcdefghij", 10, "> abcdefgh/ij", 1, 2)]
    [InlineData("abcdefgh", 8, "> abcdefgh/", 1, 0)] // A full row: the cursor needs the next.
    [InlineData("abcdefgh\ni", 8, "> abcdefgh/. i", 0, 10)]
    [InlineData("漢字漢字漢", 5, "> 漢字漢字/漢", 1, 2)]
    [InlineData("a漢字漢字", 5, "> a漢字漢/字", 1, 2)] // A wide character is not cut in two.
    [InlineData("e\u0301x", 3, "> e\u0301x", 0, 4)]
    [InlineData("😀", 2, "> 😀", 0, 4)]
    [InlineData("a\u001bb", 3, "> a\uFFFDb", 0, 5)]
    public void Of_Entry_BreaksIntoRows(string text, int cursor, string rows, int row, int column)
    {
        ScreenLayout layout = ScreenLayout.Of(text, cursor, "> ", ". ", width: 10);

        Assert.Equal(rows.Split('/'), layout.Rows);
        Assert.Equal((row, column), (layout.CursorRow, layout.CursorColumn));
    }
}
