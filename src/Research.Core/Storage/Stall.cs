namespace Research.Storage;

/// <summary>Cancels what makes no progress: a peer that sends a byte now and then makes none.</summary>
internal sealed class Stall : IDisposable
{
    private const int StepBytes = 64 << 10;

    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;
    private long _since;

    public Stall(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        _patience = patience;
        _late = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _late.Token);
    }

    /// <summary>Gets what is cancelled by the caller, or once there was no progress for too long.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Counts bytes that went; every 64 KiB the wait begins anew.</summary>
    public void Count(int bytes)
    {
        _since += bytes;
        if (_since >= StepBytes)
        {
            Restart();
        }
    }

    /// <summary>Begins the wait anew: there was an answer.</summary>
    public void Restart()
    {
        _since = 0;
        try
        {
            _late.CancelAfter(_patience);
        }
        catch (ObjectDisposedException)
        {
            // An upload's answer came before its end; what is still being sent does not matter.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
