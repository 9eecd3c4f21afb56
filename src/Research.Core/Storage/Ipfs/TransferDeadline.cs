namespace Research.Storage.Ipfs;

/// <summary>An end for an exchange of bytes with a stranger: some time, and more with every byte that passed.</summary>
/// <remarks>
/// A pause cannot be longer than the time given, and a trickle not slower than <see cref="BytesPerSecond"/>: who sends a
/// byte now and then does not hold anybody for ever.
/// </remarks>
internal sealed class TransferDeadline : IDisposable
{
    public const int BytesPerSecond = 64 << 10;

    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly long _start;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;
    private long _bytes;

    public TransferDeadline(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _patience = patience;
        _start = time.GetTimestamp();
        _late = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    public TimeSpan Patience => _patience;

    public void Passed(int bytes)
    {
        _bytes += bytes;
        TimeSpan left = _patience + TimeSpan.FromSeconds((double)_bytes / BytesPerSecond)
            - _time.GetElapsedTime(_start);
        TimeSpan pause = left < _patience ? left : _patience;
        _late.CancelAfter(pause > TimeSpan.Zero ? pause : TimeSpan.Zero);
    }

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
