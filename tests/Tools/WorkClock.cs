using System.Diagnostics;

namespace Research.Tests.Tools;

/// <summary>A clock that runs only while a busy thread of this process runs.</summary>
/// <remarks>
/// On a machine with a free processor it is a stopwatch; on a busy one it falls behind as all work does. So it bounds how
/// long something takes by what the machine gave, and never more strictly than a stopwatch would.
/// </remarks>
internal sealed class WorkClock : IDisposable
{
    // A thread that runs reads the time every few nanoseconds; after a longer gap it was not running.
    private static readonly long LongestGap = Stopwatch.Frequency / 1000;

    private readonly Thread _thread;
    private long _worked;
    private volatile bool _isOver;

    public WorkClock()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "work clock" };
        _thread.Start();
    }

    /// <summary>Gets the time that the thread ran.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _worked));

    /// <summary>Waits as long as work of this length takes now.</summary>
    public static async Task DelayAsync(int milliseconds)
    {
        using WorkClock clock = new();
        while (clock.Elapsed.TotalMilliseconds < milliseconds)
        {
            await Task.Delay(5);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Work()
    {
        long last = Stopwatch.GetTimestamp();
        while (!_isOver)
        {
            long now = Stopwatch.GetTimestamp();
            Volatile.Write(ref _worked, _worked + (now - last <= LongestGap ? now - last : 0));
            last = now;
        }
    }
}
