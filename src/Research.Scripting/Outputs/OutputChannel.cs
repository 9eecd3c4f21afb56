using System.Text;
using Research.Scripting.Comms;
using Research.Scripting.Input;

namespace Research.Scripting.Outputs;

/// <summary>Carries one cell's outputs to its front end, in the order in which they were made.</summary>
/// <remarks>
/// Console writes are batched: they leave when another output follows, when 8 KiB are waiting, 40 ms after the first
/// of them, or at the cell's end. The receiver is called under the channel's lock, so it must not wait for the cell.
/// </remarks>
internal sealed class OutputChannel : IDisposable
{
    private const int BatchCharacters = 8192;
    private const int BatchMilliseconds = 40;

    private static readonly AsyncLocal<OutputChannel?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly StringBuilder _pending = new();
    private readonly Action<CellOutput> _receiver;
    private readonly Timer? _timer;
    private readonly OutputBudget? _budget;
    private string _pendingName = "stdout";
    private bool _disposed;

    /// <param name="receiver">Gets every output.</param>
    /// <param name="batched">False to pass each console write on at once, as scripts need.</param>
    /// <param name="budget">Bounds what is passed on; null for a program, whose output is its own.</param>
    public OutputChannel(Action<CellOutput> receiver, bool batched, OutputBudget? budget = null)
    {
        _receiver = receiver;
        _budget = budget;
        _timer = batched ? new Timer(static channel => ((OutputChannel)channel!).Flush(), this, -1, -1) : null;
    }

    /// <summary>Gets or sets the channel of the cell that the current flow of execution belongs to.</summary>
    public static OutputChannel? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Gets the session's comms, or null where there are none.</summary>
    public CommRegistry? Comms { get; init; }

    /// <summary>Gets whom the cell asks for a line, or null.</summary>
    public CellInput? Input { get; init; }

    /// <summary>Gets whether what is displayed now is left out, so that it need not be made.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _budget is { IsFull: true };
            }
        }
    }

    public void Write(string name, ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            WriteBounded(name, text);
        }
    }

    /// <summary>Writes a line as one write, so that those of several threads do not mix.</summary>
    public void WriteLine(string name, ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            if (_timer is null)
            {
                WriteBounded(name, string.Concat(text, "\n")); // Each write leaves at once.
                return;
            }

            WriteBounded(name, text);
            WriteBounded(name, "\n");
        }
    }

    /// <summary>Passes an output on.</summary>
    /// <returns>False when the cell shows too much already, and it is left out.</returns>
    public bool Emit(CellOutput output)
    {
        lock (_gate)
        {
            CellOutput? admitted = _budget is null ? output : _budget.Take(output);
            return Pass(output, admitted);
        }
    }

    /// <summary>Counts an output that <see cref="IsFull"/> spared.</summary>
    public void LeaveOut()
    {
        lock (_gate)
        {
            if (_budget?.LeaveOut() is { } notice)
            {
                FlushLocked();
                Deliver(notice);
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            FlushLocked();
        }
    }

    /// <summary>Ends batching; what background work writes later still arrives, at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            FlushLocked();
            foreach (StreamOutput notice in _disposed ? [] : _budget?.Close() ?? [])
            {
                Deliver(notice);
            }

            _disposed = true;
        }

        _timer?.Dispose();
    }

    private bool Pass(CellOutput output, CellOutput? admitted)
    {
        if (admitted is not null)
        {
            FlushLocked();
            Deliver(admitted);
        }

        return admitted is not null && (admitted is not StreamOutput || output is StreamOutput);
    }

    private void WriteBounded(string name, ReadOnlySpan<char> text)
    {
        string? notice = _budget?.Take(name, ref text);
        if (!text.IsEmpty)
        {
            WriteLocked(name, text);
        }

        if (notice is not null)
        {
            WriteLocked(name, notice);
        }
    }

    private void WriteLocked(string name, ReadOnlySpan<char> text)
    {
        if (_pending.Length > 0 && _pendingName != name)
        {
            FlushLocked();
        }

        bool first = _pending.Length == 0;
        _pendingName = name;
        _pending.Append(text);
        if (_timer is null || _disposed || _pending.Length >= BatchCharacters)
        {
            FlushLocked();
        }
        else if (first)
        {
            _timer.Change(BatchMilliseconds, Timeout.Infinite);
        }
    }

    private void FlushLocked()
    {
        if (_pending.Length > 0)
        {
            StreamOutput output = new(_pendingName, _pending.ToString());
            _pending.Clear();
            Deliver(output);
        }
    }

    // The receiver may write to the console itself: that text is the host's, not the cell's.
    private void Deliver(CellOutput output)
    {
        OutputChannel? current = Current;
        Current = null;
        try
        {
            _receiver(output);
        }
        finally
        {
            Current = current;
        }
    }
}
