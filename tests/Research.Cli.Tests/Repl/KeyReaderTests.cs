using Research.Cli.Repl;

namespace Research.Tests.Repl;

public sealed class KeyReaderTests
{
    [Theory]
    [InlineData('a', ConsoleKey.A, ConsoleModifiers.None, "Text")]
    [InlineData('é', ConsoleKey.None, ConsoleModifiers.None, "Text")]
    [InlineData('\r', ConsoleKey.Enter, ConsoleModifiers.None, "Enter")]
    [InlineData('\n', ConsoleKey.J, ConsoleModifiers.Control, "Enter")]
    [InlineData('\r', ConsoleKey.Enter, ConsoleModifiers.Alt, "LineBreak")]
    [InlineData('\t', ConsoleKey.Tab, ConsoleModifiers.None, "Tab")]
    [InlineData('\b', ConsoleKey.Backspace, ConsoleModifiers.None, "Backspace")]
    [InlineData('\u007f', ConsoleKey.None, ConsoleModifiers.None, "Backspace")]
    [InlineData('\0', ConsoleKey.UpArrow, ConsoleModifiers.None, "Up")]
    [InlineData('\0', ConsoleKey.LeftArrow, ConsoleModifiers.Control, "WordLeft")]
    [InlineData('\u0001', ConsoleKey.A, ConsoleModifiers.Control, "Home")]
    [InlineData('\u0003', ConsoleKey.C, ConsoleModifiers.Control, "Interrupt")]
    [InlineData('\u0004', ConsoleKey.D, ConsoleModifiers.Control, "EndOfInput")]
    [InlineData('\u0005', ConsoleKey.E, ConsoleModifiers.Control, "End")]
    [InlineData('\u000b', ConsoleKey.K, ConsoleModifiers.Control, "CutToEnd")]
    [InlineData('\u0012', ConsoleKey.R, ConsoleModifiers.Control, "Search")]
    [InlineData('\u0015', ConsoleKey.U, ConsoleModifiers.Control, "CutToStart")]
    [InlineData('\u0017', ConsoleKey.W, ConsoleModifiers.Control, "CutWord")]
    [InlineData('\0', ConsoleKey.F5, ConsoleModifiers.None, "None")]
    public void Read_OneEvent_IsItsKey(char character, ConsoleKey key, ConsoleModifiers modifiers, string expected) =>
        Assert.Equal(expected, Read(Info(character, key, modifiers))[0].Key.ToString());

    [Fact]
    public void Read_BracketedPaste_IsOneText() => Assert.Equal(
        [new KeyPress(ReplKey.Text, "a;\n    b(~);\n"), new KeyPress(ReplKey.Text, "x")],
        Read([.. "\u001b[200~a;\r\n\tb(~);\n\u001b[201~x".Select(Info)]));

    [Fact]
    public void Read_PasteWithControls_CannotSteerTheTerminal() =>
        Assert.DoesNotContain('\u001b', Read([.. "\u001b[200~\u001b[2J\u001b[201~".Select(Info)])[0].Text);

    [Fact]
    public void Read_PasteThatNeverEnds_EndsWithTheInput() =>
        Assert.Equal("abc", Read([.. "\u001b[200~abc".Select(Info)])[0].Text);

    [Theory]
    [InlineData("\u001b[99~x")]
    [InlineData("\u001b[1;9Zx")]
    public void Read_UnknownSequence_IsNothing(string characters) => Assert.Equal(
        [ReplKey.None, "x"], Read([.. characters.Select(Info)]));

    [Fact]
    public void Read_SurrogatePair_IsOneText() =>
        Assert.Equal([new KeyPress(ReplKey.Text, "😀")], Read([.. "😀".Select(Info)]));

    [Fact]
    public void Read_NoMoreInput_IsItsEnd() =>
        Assert.Equal(ReplKey.EndOfInput, new KeyReader(static () => null, static () => false).Read().Key);

    private static List<KeyPress> Read(params ConsoleKeyInfo[] events)
    {
        Queue<ConsoleKeyInfo> queue = new(events);
        KeyReader reader = new(() => queue.TryDequeue(out ConsoleKeyInfo info) ? info : null, () => queue.Count > 0);
        List<KeyPress> read = [];
        while (queue.Count > 0)
        {
            read.Add(reader.Read());
        }

        return read;
    }

    private static ConsoleKeyInfo Info(char character) => Info(character, character switch
    {
        '\u001b' => ConsoleKey.Escape,
        '\r' => ConsoleKey.Enter,
        '\t' => ConsoleKey.Tab,
        _ => ConsoleKey.None,
    }, 0);

    private static ConsoleKeyInfo Info(char character, ConsoleKey key, ConsoleModifiers modifiers) => new(
        character, key, modifiers.HasFlag(ConsoleModifiers.Shift), modifiers.HasFlag(ConsoleModifiers.Alt),
        modifiers.HasFlag(ConsoleModifiers.Control));
}
