namespace Research.Cli.Repl;

/// <summary>A search through the history, backwards while it is typed.</summary>
/// <param name="history">Where to search.</param>
/// <param name="former">What stood in the entry before; comes back when the search is given up.</param>
internal sealed class HistorySearch(EntryHistory history, string former)
{
    private string _typed = "";
    private int? _found;
    private bool _failed;

    /// <summary>Gets what stands in place of the prompt.</summary>
    public string Prompt => $"({(_failed ? "failed " : "")}search)`{_typed}': ";

    /// <summary>Carries a key press out.</summary>
    /// <returns>False when the key ends the search; it is then the editor's.</returns>
    public bool Handle(KeyPress press, LineBuffer buffer)
    {
        switch (press.Key)
        {
            case ReplKey.Text:
                _typed += press.Text.ReplaceLineEndings(" ");
                Find(_found is null ? null : _found + 1, buffer);
                return true;
            case ReplKey.Backspace:
                _typed = _typed.Length == 0 ? "" : _typed[..^1];
                Find(null, buffer);
                return true;
            case ReplKey.Search:
                Find(_found, buffer);
                return true;
            case ReplKey.Escape or ReplKey.Interrupt:
                buffer.Set(former);
                return false;
            default:
                return false;
        }
    }

    private void Find(int? before, LineBuffer buffer)
    {
        (int Index, string Entry)? found = history.Find(_typed, before);
        _failed = found is null && _typed.Length > 0;
        if (found is { } entry)
        {
            _found = entry.Index;
            buffer.Set(entry.Entry);
        }
    }
}
