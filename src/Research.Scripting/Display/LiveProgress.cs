using Research.Scripting.Outputs;

namespace Research.Scripting.Display;

/// <summary>A progress bar that is one output of its cell, replaced as the work goes on.</summary>
/// <remarks>
/// Shown at most ten times a second, and always when it ends. The output that stays says how far the work came but not
/// how long it took, so that a notebook that is run again does not change. Safe to report to from any thread.
/// <code>
/// using LiveProgress progress = new("training", total: 500);
/// for (int step = 1; step &lt;= 500; step++) { ...; progress.Report(step); }
/// </code>
/// </remarks>
public sealed class LiveProgress : IProgress<double>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly string _title;
    private readonly double? _total;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly LiveOutput? _output;
    private double _value;
    private bool _isPausing;
    private bool _isBehind;
    private bool _isEnded;

    /// <summary>Shows an empty bar below the running cell.</summary>
    /// <param name="title">What is in progress.</param>
    /// <param name="total">The value at which it is complete: 1 for fractions, or a number of steps; null when
    /// unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">The total is negative or not finite.</exception>
    public LiveProgress(string title = "", double? total = 1)
        : this(title, total, TimeProvider.System)
    {
    }

    internal LiveProgress(string title, double? total, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(title);
        if (total is { } limit && !(limit >= 0 && double.IsFinite(limit)))
        {
            throw new ArgumentOutOfRangeException(nameof(total), total, "Expected a finite total of at least 0.");
        }

        _title = title;
        _total = total;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(
            static progress => ((LiveProgress)progress!).EndPause(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _output = OutputChannel.Current is null ? null : new LiveOutput(Bundle());
            Pause();
        }
    }

    private bool IsComplete => _total is { } total && _value >= total;

    /// <summary>Says how far the work is.</summary>
    /// <param name="value">The part of the total that is done; what is not a number is ignored.</param>
    public void Report(double value)
    {
        lock (_gate)
        {
            if (_isEnded || double.IsNaN(value))
            {
                return;
            }

            _value = Math.Clamp(value, 0, _total ?? double.MaxValue);
            if (_isPausing && !IsComplete)
            {
                _isBehind = true; // Shown when the pause ends.
            }
            else
            {
                Show();
            }
        }
    }

    /// <summary>Ends it, as complete or wherever it was, and leaves that in the output.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                _isEnded = true;
                _timer.Dispose();
                _output?.Update(Bundle());
            }
        }
    }

    private void EndPause()
    {
        lock (_gate)
        {
            _isPausing = false;
            if (_isBehind && !_isEnded)
            {
                Show();
            }
        }
    }

    private void Show()
    {
        _output?.Update(Bundle());
        Pause();
    }

    private void Pause()
    {
        _isBehind = false;
        _isPausing = true;
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private MimeBundle Bundle()
    {
        bool isFinal = _isEnded || IsComplete;
        ProgressText text = new(_title, _value, _total, isFinal ? null : _time.GetElapsedTime(_start));
        return MimeBundle.Of(("text/html", text.ToHtml()), ("text/plain", text.ToString()));
    }
}
