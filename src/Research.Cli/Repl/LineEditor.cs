using Research.Scripting.Intelligence;

namespace Research.Cli.Repl;

/// <summary>Edits one entry, key by key; knows no terminal.</summary>
/// <param name="history">The entries before.</param>
/// <param name="check">Tells whether an entry is complete.</param>
internal sealed class LineEditor(EntryHistory history, Func<string, CellCompleteness> check)
{
    private const int IndentStep = 4;

    private HistorySearch? _search;

    /// <summary>Gets the entry.</summary>
    public LineBuffer Buffer { get; } = new();

    /// <summary>Gets the prompt of the search that is on, or null.</summary>
    public string? SearchPrompt => _search?.Prompt;

    /// <summary>Carries one key press out.</summary>
    public EditorAction Handle(KeyPress press)
    {
        if (_search is not null)
        {
            if (_search.Handle(press, Buffer))
            {
                return EditorAction.Draw;
            }

            _search = null;
            if (press.Key is ReplKey.Escape or ReplKey.Interrupt)
            {
                return EditorAction.Draw;
            }
        }

        switch (press.Key)
        {
            case ReplKey.Enter:
                return Enter();
            case ReplKey.Tab:
                return Tab();
            case ReplKey.Interrupt:
                return EditorAction.Cancel;
            case ReplKey.EndOfInput when Buffer.Text.Length == 0:
                return EditorAction.Exit;
            case ReplKey.ClearScreen:
                return EditorAction.Clear;
            case ReplKey.Search:
                _search = new HistorySearch(history, Buffer.Text);
                return EditorAction.Draw;
            case ReplKey.Text:
                Type(press.Text);
                return EditorAction.Draw;
            default:
                Edit(press.Key);
                return EditorAction.Draw;
        }
    }

    private void Edit(ReplKey key)
    {
        Action? edit = key switch
        {
            ReplKey.LineBreak => () => Break(check(Buffer.Text[..Buffer.Cursor]).Indent),
            ReplKey.Backspace => Buffer.Backspace,
            ReplKey.Delete or ReplKey.EndOfInput => Buffer.Delete,
            ReplKey.Left => Buffer.Left,
            ReplKey.Right => Buffer.Right,
            ReplKey.Home => Buffer.Home,
            ReplKey.End => Buffer.End,
            ReplKey.WordLeft => Buffer.WordLeft,
            ReplKey.WordRight => Buffer.WordRight,
            ReplKey.CutToEnd => Buffer.CutToEnd,
            ReplKey.CutToStart => Buffer.CutToStart,
            ReplKey.CutWord => Buffer.CutWord,
            ReplKey.Yank => Buffer.Yank,
            ReplKey.Up => Up,
            ReplKey.Down => Down,
            _ => null,
        };
        edit?.Invoke();
    }

    private void Up()
    {
        if (!Buffer.Up() && history.Back(Buffer.Text) is { } entry)
        {
            Buffer.Set(entry);
        }
    }

    private void Down()
    {
        if (!Buffer.Down() && history.Forward() is { } entry)
        {
            Buffer.Set(entry);
        }
    }

    private EditorAction Enter()
    {
        CellCompleteness whole = check(Buffer.Text);
        if (whole.Status != "incomplete")
        {
            return EditorAction.Submit;
        }

        bool atEnd = string.IsNullOrWhiteSpace(Buffer.Text[Buffer.Cursor..]);
        Break(atEnd ? whole.Indent : check(Buffer.Text[..Buffer.Cursor]).Indent);
        return EditorAction.Draw;
    }

    private void Break(string indent)
    {
        string line = Buffer.Text[Buffer.LineStart..Buffer.Cursor];
        if (line.Length > 0 && string.IsNullOrWhiteSpace(line))
        {
            Buffer.CutToStart(); // An empty line keeps no spaces.
        }

        Buffer.Insert("\n" + indent);
    }

    // In the space before a line's code there is nothing to complete.
    private EditorAction Tab()
    {
        string before = Buffer.Text[Buffer.LineStart..Buffer.Cursor];
        if (!string.IsNullOrWhiteSpace(before))
        {
            return EditorAction.Complete;
        }

        Buffer.Insert(new string(' ', IndentStep - (before.Length % IndentStep)));
        return EditorAction.Draw;
    }

    // A closing brace goes back under the line that opened it.
    private void Type(string text)
    {
        string before = Buffer.Text[Buffer.LineStart..Buffer.Cursor];
        if (text == "}" && before.Length >= IndentStep && before.All(character => character == ' '))
        {
            Buffer.Replace(Buffer.Cursor - IndentStep, Buffer.Cursor, text);
            return;
        }

        Buffer.Insert(text);
    }
}
