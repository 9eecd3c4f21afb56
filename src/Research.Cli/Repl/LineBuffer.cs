using System.Globalization;

namespace Research.Cli.Repl;

/// <summary>The text being edited, of one or more lines, and the cursor in it.</summary>
internal sealed class LineBuffer
{
    private string _cut = "";

    /// <summary>Gets the text, its lines parted by line feeds.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Gets the cursor, a UTF-16 index that never parts what a person sees as one character.</summary>
    public int Cursor { get; private set; }

    /// <summary>Gets where the cursor's line starts.</summary>
    public int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    /// <summary>Gets where the cursor's line ends.</summary>
    public int LineEnd => Text.IndexOf('\n', Cursor) is int end and >= 0 ? end : Text.Length;

    /// <summary>Replaces everything; the cursor goes to the end.</summary>
    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    public void Insert(string text) => Replace(Cursor, Cursor, text);

    /// <summary>Replaces a span; the cursor goes behind what is new.</summary>
    public void Replace(int start, int end, string text)
    {
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(end));
        Cursor = start + text.Length;
    }

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = LineStart;

    public void End() => Cursor = LineEnd;

    public void WordLeft() => Cursor = WordBefore(Cursor);

    public void WordRight()
    {
        int at = Cursor;
        while (at < Text.Length && !IsWord(Text[at]))
        {
            at++;
        }

        while (at < Text.Length && IsWord(Text[at]))
        {
            at++;
        }

        Cursor = at;
    }

    /// <summary>Moves a line up, as near to the same column as it goes.</summary>
    /// <returns>False in the first line.</returns>
    public bool Up()
    {
        if (LineStart == 0)
        {
            return false;
        }

        int column = Cursor - LineStart;
        Cursor = LineStart - 1;
        MoveTo(column);
        return true;
    }

    /// <summary>Moves a line down.</summary>
    /// <returns>False in the last line.</returns>
    public bool Down()
    {
        if (LineEnd == Text.Length)
        {
            return false;
        }

        int column = Cursor - LineStart;
        Cursor = LineEnd + 1;
        MoveTo(column);
        return true;
    }

    /// <summary>Cuts to the end of the line; at the end, the line break.</summary>
    public void CutToEnd() => Cut(Cursor, Cursor == LineEnd ? After(Cursor) : LineEnd);

    public void CutToStart() => Cut(LineStart, Cursor);

    public void CutWord() => Cut(WordBefore(Cursor), Cursor);

    public void Yank() => Insert(_cut);

    private void MoveTo(int column)
    {
        int start = LineStart;
        int wanted = Math.Min(start + column, LineEnd);
        Cursor = start;
        while (Cursor < wanted)
        {
            Cursor = After(Cursor);
        }
    }

    private void Cut(int start, int end)
    {
        if (end > start)
        {
            _cut = Text[start..end];
            Remove(start, end);
        }
    }

    private void Remove(int start, int end) => Replace(start, end, "");

    private int After(int index) => index >= Text.Length ? index
        : index + StringInfo.GetNextTextElementLength(Text.AsSpan(index));

    // Characters can only be told apart from the left.
    private int Before(int index)
    {
        int at = index == 0 ? 0 : Text.LastIndexOf('\n', index - 1) is int feed && feed == index - 1 ? feed : feed + 1;
        int before = at;
        while (at < index)
        {
            before = at;
            at = After(at);
        }

        return before;
    }

    private int WordBefore(int index)
    {
        while (index > 0 && !IsWord(Text[index - 1]))
        {
            index--;
        }

        while (index > 0 && IsWord(Text[index - 1]))
        {
            index--;
        }

        return index;
    }

    private static bool IsWord(char character) =>
        char.IsLetterOrDigit(character) || character == '_' || char.IsSurrogate(character);
}
