namespace Research.Tests.Chain.Rpc;

/// <summary>A clock whose seconds are minutes, so that no busy machine misses a deadline; it notes what was waited for.</summary>
/// <remarks>Waits of less than a second keep their length, so that tests do.</remarks>
internal sealed class StretchedTime : TimeProvider
{
    private long _waitedTicks;

    /// <summary>Gets the length, by this clock, of all waits that came to their end.</summary>
    public TimeSpan Waited => new(Volatile.Read(ref _waitedTicks));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(
            inner =>
            {
                Interlocked.Add(ref _waitedTicks, dueTime.Ticks);
                callback(inner);
            },
            state,
            dueTime < TimeSpan.FromSeconds(1) ? dueTime : dueTime * 60,
            period);
}
