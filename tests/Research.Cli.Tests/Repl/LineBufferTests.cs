using Research.Cli.Repl;

namespace Research.Tests.Repl;

public sealed class LineBufferTests
{
    // The cursor is the bar, before and after.
    [Theory]
    [InlineData("ab|c", "Left", "a|bc")]
    [InlineData("|abc", "Left", "|abc")]
    [InlineData("ab|c", "Right", "abc|")]
    [InlineData("abc|", "Right", "abc|")]
    [InlineData("a😀|b", "Left", "a|😀b")]
    [InlineData("a|e\u0301b", "Right", "ae\u0301|b")] // A letter and its accent.
    [InlineData("👩‍👩‍👧|", "Backspace", "|")] // A family is one.
    [InlineData("ab|c", "Backspace", "a|c")]
    [InlineData("|abc", "Backspace", "|abc")]
    [InlineData("a\n|b", "Backspace", "a|b")]
    [InlineData("ab|c", "Delete", "ab|")]
    [InlineData("abc|", "Delete", "abc|")]
    [InlineData("one\ntw|o", "Home", "one\n|two")]
    [InlineData("o|ne\ntwo", "End", "one|\ntwo")]
    [InlineData("one\n|", "Home", "one\n|")]
    [InlineData("foo.bar|", "WordLeft", "foo.|bar")]
    [InlineData("foo.|bar", "WordLeft", "|foo.bar")]
    [InlineData("|foo.bar", "WordRight", "foo|.bar")]
    [InlineData("foo bar|baz", "CutWord", "foo |baz")]
    [InlineData("one\ntw|o\nthree", "CutToEnd", "one\ntw|\nthree")]
    [InlineData("one\ntwo|\nthree", "CutToEnd", "one\ntwo|three")]
    [InlineData("one\ntw|o", "CutToStart", "one\n|o")]
    [InlineData("one\nlonger|", "Up", "one|\nlonger")]
    [InlineData("longer|\none", "Down", "longer\none|")]
    [InlineData("ab\n😀c|", "Up", "ab|\n😀c")]
    public void Edit_Key_MovesAndChanges(string before, string edit, string after)
    {
        LineBuffer buffer = Read(before);

        typeof(LineBuffer).GetMethod(edit)!.Invoke(buffer, null);

        Assert.Equal(after, Show(buffer));
    }

    [Fact]
    public void Yank_AfterCut_InsertsWhatWasCut()
    {
        LineBuffer buffer = Read("one two|");
        buffer.CutWord();
        buffer.Home();
        buffer.Yank();

        Assert.Equal("two|one ", Show(buffer));
    }

    [Fact]
    public void UpAndDown_AtTheEdges_SaySo()
    {
        Assert.False(Read("a|").Up());
        Assert.False(Read("a|").Down());
        Assert.True(Read("a\nb|").Up());
    }

    [Fact]
    public void Edit_AnyKeysOnAnyText_KeepCursorOnACharacter()
    {
        Random random = new(5);
        Action<LineBuffer>[] edits =
        [
            buffer => buffer.Left(), buffer => buffer.Right(), buffer => buffer.Up(), buffer => buffer.Down(),
            buffer => buffer.Backspace(), buffer => buffer.Delete(), buffer => buffer.CutToEnd(),
            buffer => buffer.CutWord(), buffer => buffer.Yank(), buffer => buffer.WordLeft(),
            buffer => buffer.WordRight(), buffer => buffer.Home(), buffer => buffer.End(),
            buffer => buffer.Insert("😀"), buffer => buffer.Insert("a\n"), buffer => buffer.Insert("e\u0301"),
        ];
        LineBuffer edited = new();
        for (int i = 0; i < 20_000; i++)
        {
            edits[random.Next(edits.Length)](edited);
            Assert.InRange(edited.Cursor, 0, edited.Text.Length);
            Assert.False(edited.Cursor < edited.Text.Length && char.IsLowSurrogate(edited.Text[edited.Cursor]));
            if (edited.Text.Length > 200)
            {
                edited.Set("");
            }
        }
    }

    private static LineBuffer Read(string marked)
    {
        LineBuffer buffer = new();
        int cursor = marked.IndexOf('|', StringComparison.Ordinal);
        buffer.Set(marked.Remove(cursor, 1));
        buffer.Replace(cursor, cursor, "");
        return buffer;
    }

    private static string Show(LineBuffer buffer) => buffer.Text.Insert(buffer.Cursor, "|");
}
