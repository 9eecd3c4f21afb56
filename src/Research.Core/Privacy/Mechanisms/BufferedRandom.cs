namespace Research.Privacy.Mechanisms;

/// <summary>Hands out bytes from a buffer, and refills it when it is used up.</summary>
internal sealed class BufferedRandom(BufferedRandom.Refill refill)
{
    // Large enough that setting a key costs a few per cent, small enough for a second-level cache.
    private const int BufferBytes = 1 << 16;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used = BufferBytes;

    public delegate void Refill(Span<byte> buffer);

    public void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_used == BufferBytes)
            {
                refill(_buffer);
                _used = 0;
            }

            int count = Math.Min(destination.Length, BufferBytes - _used);
            Span<byte> next = _buffer.AsSpan(_used, count);
            next.CopyTo(destination);
            next.Clear(); // What was handed out is not kept: it would undo the noise it made.
            _used += count;
            destination = destination[count..];
        }
    }
}
