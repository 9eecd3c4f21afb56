namespace Research.Scripting.History;

/// <summary>The cells that a user ran, in this session and, kept in a file, in earlier ones.</summary>
/// <remarks>
/// The file holds a JSON object a line, for its user alone. It is read when first needed, kept under a bound, and
/// shared by sessions that run at the same time. Where it cannot be read or written, this session's own cells remain.
/// </remarks>
public sealed class CellHistory
{
    private const int MostEntries = 10_000;
    private const int LongestCode = 256 << 10;
    private const long LargestFile = 16 << 20;

    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly Action<string> _warn;
    private readonly List<HistoryEntry> _entries = [];
    private int _session;
    private bool _failed;

    /// <summary>Opens a history; nothing is read yet.</summary>
    /// <param name="path">The file, which need not exist; null keeps this session only.</param>
    /// <param name="warn">Told once when the file cannot be read or written.</param>
    public CellHistory(string? path, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        _path = path;
        _warn = warn;
    }

    /// <summary>Gets the file of this user's history: <c>research/history.jsonl</c> in the user's application
    /// data.</summary>
    public static string? UserPath
    {
        get
        {
            string root = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return root.Length == 0 ? null : Path.Combine(root, "research", "history.jsonl");
        }
    }

    /// <summary>Gets this session's number.</summary>
    public int Session
    {
        get
        {
            lock (_gate)
            {
                Start();
                return _session;
            }
        }
    }

    /// <summary>Stores a cell before it runs, so that one that ends the process is there too.</summary>
    /// <param name="line">The cell's number.</param>
    /// <param name="code">What is run.</param>
    public void Add(int line, string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        lock (_gate)
        {
            Start();
            HistoryEntry entry = new(_session, line, code);
            _entries.Add(entry);
            if (code.Length <= LongestCode)
            {
                Guarded(() => HistoryFile.Append(_path!, entry));
            }
        }
    }

    /// <summary>Notes the text of a cell's value.</summary>
    /// <param name="line">The cell's number in this session.</param>
    /// <param name="output">The text.</param>
    public void SetOutput(int line, string output)
    {
        lock (_gate)
        {
            int index = _entries.FindLastIndex(entry => entry.Session == _session && entry.Line == line);
            if (index >= 0)
            {
                _entries[index] = _entries[index] with { Output = output };
            }
        }
    }

    /// <summary>Gets the last cells over all sessions, oldest first.</summary>
    /// <param name="count">How many.</param>
    public IReadOnlyList<HistoryEntry> Tail(int count)
    {
        lock (_gate)
        {
            Start();
            return [.. _entries.TakeLast(Math.Max(count, 0))];
        }
    }

    /// <summary>Gets cells of one session.</summary>
    /// <param name="session">Its number; 0 is this one, -1 the one before.</param>
    /// <param name="start">The first line.</param>
    /// <param name="stop">The line to stop before, or null for all.</param>
    public IReadOnlyList<HistoryEntry> Range(int session, int start, int? stop)
    {
        lock (_gate)
        {
            Start();
            int wanted = session > 0 ? session : _session + session;
            return [.. _entries.Where(entry =>
                entry.Session == wanted && entry.Line >= start && (stop is null || entry.Line < stop))];
        }
    }

    /// <summary>Gets the cells whose whole code matches a pattern, oldest first.</summary>
    /// <param name="pattern">Text in which <c>*</c> stands for any text and <c>?</c> for one character.</param>
    /// <param name="count">The most, the newest are kept; null for all.</param>
    /// <param name="unique">Whether to give equal code once only, its last run.</param>
    public IReadOnlyList<HistoryEntry> Search(string pattern, int? count, bool unique)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        lock (_gate)
        {
            Start();
            List<HistoryEntry> found = [];
            HashSet<string> seen = new(StringComparer.Ordinal);
            for (int i = _entries.Count - 1; i >= 0 && found.Count < (count ?? int.MaxValue); i--)
            {
                if (GlobPattern.Matches(_entries[i].Code, pattern) && (!unique || seen.Add(_entries[i].Code)))
                {
                    found.Add(_entries[i]);
                }
            }

            found.Reverse();
            return found;
        }
    }

    private void Start()
    {
        if (_session > 0)
        {
            return;
        }

        _session = 1;
        Guarded(() =>
        {
            _entries.InsertRange(0, HistoryFile.Read(_path!, MostEntries, LargestFile));
            _session = _entries.Count == 0 ? 1 : _entries.Max(entry => entry.Session) + 1;
        });
    }

    private void Guarded(Action access)
    {
        if (_path is null || _failed)
        {
            return;
        }

        try
        {
            access();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            _warn($"The history in {_path} is not kept: {exception.Message}");
        }
    }
}
