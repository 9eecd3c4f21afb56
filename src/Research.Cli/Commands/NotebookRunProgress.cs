using System.Globalization;
using Research.Scripting.Notebooks;

namespace Research.Cli.Commands;

/// <summary>Says which cell runs and for how long: on a terminal as a line that counts, elsewhere as plain
/// lines.</summary>
/// <remarks>Reports on the caller's thread, unlike <see cref="Progress{T}"/>, so that lines come in order.</remarks>
internal sealed class NotebookRunProgress : IProgress<NotebookProgress>, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly TextWriter _error;
    private readonly TimeProvider _time;
    private readonly int _width;
    private readonly ITimer? _timer;
    private NotebookProgress? _running;
    private long _start;

    /// <param name="error">Where to write.</param>
    /// <param name="terminalWidth">The terminal's columns, or null when it is none.</param>
    /// <param name="time">Measures the running cell.</param>
    public NotebookRunProgress(TextWriter error, int? terminalWidth, TimeProvider time)
    {
        _error = error;
        _time = time;
        _width = Math.Max(20, terminalWidth ?? 0);
        _timer = terminalWidth is null ? null : time.CreateTimer(_ => Tick(), null, Beat, Beat);
    }

    /// <summary>Gets the columns of the terminal that a writer writes to, or null.</summary>
    public static int? WidthOf(TextWriter error) =>
        ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected ? Console.BufferWidth : null;

    public void Report(NotebookProgress value)
    {
        lock (_gate)
        {
            _running = value.Elapsed is null ? value : null;
            _start = _time.GetTimestamp();
            string step = $"[{value.Cell}/{value.Cells}]";
            if (_timer is not null)
            {
                Draw(value, value.Elapsed ?? TimeSpan.Zero);
                _error.Write(value.Elapsed is null ? "" : "\n");
            }
            else if (value.Elapsed is { } elapsed)
            {
                _error.WriteLine($"{step} {(value.Error is null ? "done" : "FAILED")} in {Seconds(elapsed, "F2")} s");
            }
            else
            {
                _error.WriteLine($"{step} {TerminalText.Clean(value.FirstLine)}");
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            if (_timer is not null && _running is not null)
            {
                _error.Write('\n'); // Interrupted: what comes next gets a line of its own.
            }

            _running = null;
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_running is not null)
            {
                Draw(_running, _time.GetElapsedTime(_start));
            }
        }
    }

    private void Draw(NotebookProgress step, TimeSpan elapsed)
    {
        string left = $"[{step.Cell}/{step.Cells}] {TerminalText.Clean(step.FirstLine).Replace('\n', ' ')}";
        string right = $" {(step.Error is null ? "" : "FAILED ")}{Seconds(elapsed, "F1")} s";
        int room = _width - 1 - right.Length;
        _error.Write($"\r\e[K{(left.Length > room ? left[..Math.Max(0, room - 1)] + "…" : left)}{right}");
    }

    private static string Seconds(TimeSpan elapsed, string format) =>
        elapsed.TotalSeconds.ToString(format, CultureInfo.InvariantCulture);
}
