namespace Research.Kernel.Zmtp;

/// <summary>Bounds the bytes of half-received messages over all peers, which nobody has authenticated yet.</summary>
internal sealed class ReceiveBudget(long bytes)
{
    private long _left = bytes;

    public void Take(long count)
    {
        if (Interlocked.Add(ref _left, -count) < 0)
        {
            Interlocked.Add(ref _left, count);
            throw new ZmtpException($"Expected at most {bytes} bytes in messages under way, from all peers together.");
        }
    }

    public void Return(long count) => Interlocked.Add(ref _left, count);
}
