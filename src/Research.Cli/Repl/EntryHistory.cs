namespace Research.Cli.Repl;

/// <summary>The entries before, as the arrow keys and the search walk through them.</summary>
internal sealed class EntryHistory
{
    private readonly List<string> _entries;
    private int _at;
    private string _draft = "";

    /// <param name="entries">Oldest first.</param>
    public EntryHistory(IEnumerable<string> entries)
    {
        _entries = [.. entries];
        _at = _entries.Count;
    }

    /// <summary>Adds an entry, unless it repeats the last one, and goes behind it.</summary>
    public void Add(string entry)
    {
        if (entry.Length > 0 && (_entries.Count == 0 || _entries[^1] != entry))
        {
            _entries.Add(entry);
        }

        Leave();
    }

    /// <summary>Goes behind the last entry.</summary>
    public void Leave() => _at = _entries.Count;

    /// <summary>Goes an entry back, or null at the first. What is being typed is kept for the way forward.</summary>
    public string? Back(string current)
    {
        if (_at == 0)
        {
            return null;
        }

        _draft = _at == _entries.Count ? current : _draft;
        return _entries[--_at];
    }

    /// <summary>Goes an entry forward, at last to what was being typed; null behind it.</summary>
    public string? Forward() => _at >= _entries.Count ? null
        : ++_at == _entries.Count ? _draft
        : _entries[_at];

    /// <summary>Finds the newest entry that holds a text.</summary>
    /// <param name="text">What to find.</param>
    /// <param name="before">Only entries with a smaller index; null for all.</param>
    /// <returns>The entry and its index, or null.</returns>
    public (int Index, string Entry)? Find(string text, int? before)
    {
        for (int i = Math.Min(before ?? _entries.Count, _entries.Count) - 1; i >= 0 && text.Length > 0; i--)
        {
            if (_entries[i].Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return (i, _entries[i]);
            }
        }

        return null;
    }
}
