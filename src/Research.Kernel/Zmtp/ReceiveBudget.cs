namespace Research.Kernel.Zmtp;

/// <summary>Bounds the bytes of half-received messages over all peers, which nobody has authenticated yet.</summary>
internal sealed class ReceiveBudget
{
    private readonly long _bytes;
    private long _left;

    public ReceiveBudget(long bytes) => (_bytes, _left) = (bytes, bytes);

    public void Take(long count)
    {
        if (Interlocked.Add(ref _left, -count) < 0)
        {
            Interlocked.Add(ref _left, count);
            throw new ZmtpException($"Expected at most {_bytes} bytes in messages under way, from all peers together.");
        }
    }

    public void Return(long count) => Interlocked.Add(ref _left, count);
}
