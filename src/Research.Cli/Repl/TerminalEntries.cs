using System.Text;
using Research.Scripting;
using Research.Scripting.Intelligence;

namespace Research.Cli.Repl;

/// <summary>Reads entries from a person at a terminal, with a line editor.</summary>
/// <param name="keys">The keyboard.</param>
/// <param name="output">The screen.</param>
/// <param name="width">Gets the screen's columns.</param>
/// <param name="history">The entries before.</param>
/// <param name="store">Keeps entries for the next time.</param>
internal sealed class TerminalEntries(
    KeyReader keys, TextWriter output, Func<int> width, EntryHistory history, ReplHistory store) : IEntrySource
{
    private const string Prompt = "> ";
    private const string Continuation = ". ";

    private int _cursorRow;

    public async Task<string?> ReadAsync(ScriptSession session, CancellationToken cancellationToken)
    {
        LineEditor editor = new(history, session.Intelligence.CheckCompleteness);
        _cursorRow = 0;
        Draw(editor);
        while (true)
        {
            KeyPress press = await Task.Run(keys.Read, cancellationToken).ConfigureAwait(false);
            switch (editor.Handle(press))
            {
                case EditorAction.Submit:
                    Finish(editor);
                    return Keep(editor.Buffer.Text);
                case EditorAction.Cancel:
                    Finish(editor);
                    history.Leave();
                    return "";
                case EditorAction.Exit:
                    Finish(editor);
                    return null;
                case EditorAction.Clear:
                    Clear();
                    break;
                case EditorAction.Complete:
                    await CompleteAsync(editor, session, cancellationToken).ConfigureAwait(false);
                    break;
            }

            Draw(editor);
        }
    }

    public void Clear()
    {
        output.Write("\u001b[H\u001b[2J");
        _cursorRow = 0;
    }

    private string Keep(string entry)
    {
        if (!string.IsNullOrWhiteSpace(entry))
        {
            history.Add(entry);
            store.Add(entry);
        }

        return entry;
    }

    private async Task CompleteAsync(LineEditor editor, ScriptSession session, CancellationToken cancellationToken)
    {
        CompletionList list = await session.Intelligence
            .CompleteAsync(editor.Buffer.Text, editor.Buffer.Cursor, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> choices = CompletionMenu.Apply(list, editor.Buffer, width());
        if (choices.Count > 0)
        {
            Finish(editor);
            await output.WriteAsync(string.Concat(choices.Select(line => TerminalText.Clean(line) + "\r\n")))
                .ConfigureAwait(false);
        }
    }

    // Leaves the entry where it is and goes below it.
    private void Finish(LineEditor editor)
    {
        ScreenLayout layout = Layout(editor);
        int below = layout.Rows.Count - 1 - _cursorRow;
        output.Write((below > 0 ? $"\u001b[{below}B" : "") + "\r\n");
        output.Flush();
        _cursorRow = 0;
    }

    private void Draw(LineEditor editor)
    {
        ScreenLayout layout = Layout(editor);
        StringBuilder drawn = new(_cursorRow > 0 ? $"\u001b[{_cursorRow}A\r" : "\r");
        drawn.Append("\u001b[J").AppendJoin("\r\n", layout.Rows);
        int up = layout.Rows.Count - 1 - layout.CursorRow;
        drawn.Append(up > 0 ? $"\u001b[{up}A\r" : "\r");
        drawn.Append(layout.CursorColumn > 0 ? $"\u001b[{layout.CursorColumn}C" : "");
        output.Write(drawn);
        output.Flush();
        _cursorRow = layout.CursorRow;
    }

    private ScreenLayout Layout(LineEditor editor) => ScreenLayout.Of(
        editor.Buffer.Text, editor.Buffer.Cursor, editor.SearchPrompt ?? Prompt, Continuation, Math.Max(width(), 8));
}
