using System.Text;

namespace Research.Cli.Repl;

/// <summary>Turns the console's key events into the editor's, and a bracketed paste into one of them.</summary>
/// <param name="next">Waits for the next event; null at the end of input.</param>
/// <param name="isMore">Tells whether one is there already.</param>
internal sealed class KeyReader(Func<ConsoleKeyInfo?> next, Func<bool> isMore)
{
    private const string PasteStart = "[200~";
    private const string PasteEnd = "\u001b[201~";
    private const int LongestPaste = 1 << 20;

    /// <summary>Waits for a key press.</summary>
    public KeyPress Read()
    {
        if (next() is not { } info)
        {
            return ReplKey.EndOfInput;
        }

        if (info.Key == ConsoleKey.Escape && isMore())
        {
            return ReadSequence();
        }

        KeyPress press = Decode(info);
        if (press.Key != ReplKey.Text || !char.IsHighSurrogate(press.Text[0]) || next() is not { } low)
        {
            return press;
        }

        return press.Text + low.KeyChar;
    }

    // The console knows the arrow keys' sequences; what arrives in pieces is a paste, Alt with a key, or unknown.
    private KeyPress ReadSequence()
    {
        StringBuilder sequence = new();
        while (isMore() && sequence.Length < PasteStart.Length && next() is { } part)
        {
            if (sequence.Length == 0 && part.KeyChar != '[')
            {
                return part.Key == ConsoleKey.Enter || part.KeyChar is '\r' or '\n' ? ReplKey.LineBreak
                    : part.KeyChar is 'b' ? ReplKey.WordLeft
                    : part.KeyChar is 'f' ? ReplKey.WordRight
                    : ReplKey.None;
            }

            sequence.Append(part.KeyChar);
            if (sequence.Length > 1 && (part.KeyChar == '~' || char.IsAsciiLetter(part.KeyChar)))
            {
                break;
            }
        }

        return sequence.ToString() == PasteStart ? ReadPaste() : ReplKey.None;
    }

    private KeyPress ReadPaste()
    {
        StringBuilder pasted = new();
        while (pasted.Length < LongestPaste && next() is { } part)
        {
            pasted.Append(part.Key switch
            {
                ConsoleKey.Enter => '\r',
                ConsoleKey.Escape => '\u001b',
                _ => part.KeyChar,
            });
            if (part.KeyChar == '~' && pasted.Length >= PasteEnd.Length &&
                pasted.ToString(pasted.Length - PasteEnd.Length, PasteEnd.Length) == PasteEnd)
            {
                pasted.Length -= PasteEnd.Length;
                break;
            }
        }

        string text = pasted.ToString().ReplaceLineEndings("\n").Replace("\t", "    ", StringComparison.Ordinal);
        return TerminalText.Clean(text);
    }

    private static KeyPress Decode(ConsoleKeyInfo info)
    {
        bool control = info.Modifiers.HasFlag(ConsoleModifiers.Control);
        bool alt = info.Modifiers.HasFlag(ConsoleModifiers.Alt);
        ReplKey key = info.Key switch
        {
            ConsoleKey.Enter when alt || info.Modifiers.HasFlag(ConsoleModifiers.Shift) => ReplKey.LineBreak,
            ConsoleKey.Enter => ReplKey.Enter,
            ConsoleKey.Tab => ReplKey.Tab,
            ConsoleKey.Backspace => alt || control ? ReplKey.CutWord : ReplKey.Backspace,
            ConsoleKey.Delete => ReplKey.Delete,
            ConsoleKey.LeftArrow => alt || control ? ReplKey.WordLeft : ReplKey.Left,
            ConsoleKey.RightArrow => alt || control ? ReplKey.WordRight : ReplKey.Right,
            ConsoleKey.UpArrow => ReplKey.Up,
            ConsoleKey.DownArrow => ReplKey.Down,
            ConsoleKey.Home => ReplKey.Home,
            ConsoleKey.End => ReplKey.End,
            ConsoleKey.Escape => ReplKey.Escape,
            ConsoleKey.B when alt => ReplKey.WordLeft,
            ConsoleKey.F when alt => ReplKey.WordRight,
            _ => control || info.KeyChar is > '\0' and < ' ' ? DecodeControl(info) : ReplKey.None,
        };
        return key != ReplKey.None ? key
            : info.KeyChar == '\u007f' ? ReplKey.Backspace
            : info.KeyChar >= ' ' && !control && !alt ? info.KeyChar.ToString()
            : info.KeyChar >= ' ' && control && alt ? info.KeyChar.ToString() // AltGr, on Windows.
            : ReplKey.None;
    }

    private static ReplKey DecodeControl(ConsoleKeyInfo info) =>
        (info.KeyChar is > '\0' and < ' ' ? (char)(info.KeyChar + '@') : (char)info.Key) switch
        {
            'A' => ReplKey.Home,
            'B' => ReplKey.Left,
            'C' => ReplKey.Interrupt,
            'D' => ReplKey.EndOfInput,
            'E' => ReplKey.End,
            'F' => ReplKey.Right,
            'G' => ReplKey.Escape,
            'H' => ReplKey.Backspace,
            'I' => ReplKey.Tab,
            'J' or 'M' => ReplKey.Enter,
            'K' => ReplKey.CutToEnd,
            'L' => ReplKey.ClearScreen,
            'N' => ReplKey.Down,
            'P' => ReplKey.Up,
            'R' => ReplKey.Search,
            'U' => ReplKey.CutToStart,
            'W' => ReplKey.CutWord,
            'Y' => ReplKey.Yank,
            _ => ReplKey.None,
        };
}
