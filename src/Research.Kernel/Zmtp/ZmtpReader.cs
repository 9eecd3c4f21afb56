using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace Research.Kernel.Zmtp;

/// <summary>Reads a peer's bytes; blocks, on a thread that is the connection's own.</summary>
/// <remarks>Memory grows with the bytes that have arrived, never with the size that a peer only announces.</remarks>
internal sealed class ZmtpReader(Socket socket, ZmtpLimits limits, ReceiveBudget budget)
{
    private const int FirstBlock = 64 << 10;

    private readonly byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;
    private long _deadline = long.MaxValue;
    private long _taken;

    /// <summary>Ends reading with an error once this much time has passed; null for no end.</summary>
    public void Expire(TimeSpan? after) => _deadline = after is { } time
        ? Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency)
        : long.MaxValue;

    /// <summary>Gives back what the message under way took from the budget.</summary>
    public void Release()
    {
        budget.Return(_taken);
        _taken = 0;
    }

    public void ReadExactly(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            target = target[ReadSome(target)..];
        }
    }

    /// <summary>Reads one frame.</summary>
    /// <param name="bytesLeft">What the message may still hold.</param>
    public ZmtpFrame ReadFrame(int bytesLeft)
    {
        Span<byte> header = stackalloc byte[8];
        ReadExactly(header[..1]);
        byte flags = header[0];
        bool isCommand = (flags & ZmtpFrame.CommandFlag) != 0;
        bool hasMore = (flags & ZmtpFrame.MoreFlag) != 0;
        if ((flags & ~7) != 0 || (isCommand && hasMore))
        {
            throw new ZmtpException($"Expected the flags of a frame, got 0x{flags:x2}.");
        }

        ulong size;
        if ((flags & ZmtpFrame.LongFlag) == 0)
        {
            ReadExactly(header[..1]);
            size = header[0];
        }
        else
        {
            ReadExactly(header);
            size = BinaryPrimitives.ReadUInt64BigEndian(header);
        }

        int most = isCommand ? limits.CommandBytes : bytesLeft;
        return size <= (ulong)most
            ? new ZmtpFrame(isCommand, hasMore, ReadBody((int)size))
            : throw new ZmtpException($"Expected a frame of at most {most} bytes, got {size}.");
    }

    private byte[] ReadBody(int size)
    {
        byte[] body = size == 0 ? [] : new byte[Math.Min(size, FirstBlock)];
        Take(body.Length);
        int filled = 0;
        while (filled < size)
        {
            if (filled == body.Length)
            {
                int grown = (int)Math.Min(size, 2L * body.Length);
                Take(grown - body.Length);
                Array.Resize(ref body, grown);
            }

            filled += ReadSome(body.AsSpan(filled));
        }

        return body;
    }

    private void Take(int count)
    {
        budget.Take(count);
        _taken += count;
    }

    private int ReadSome(Span<byte> target)
    {
        if (_start == _end)
        {
            if (target.Length >= _buffer.Length)
            {
                return Receive(target);
            }

            _start = 0;
            _end = Receive(_buffer);
        }

        int count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    private int Receive(Span<byte> target)
    {
        if (_deadline != long.MaxValue)
        {
            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _deadline);
            if (left <= TimeSpan.Zero || !socket.Poll(left, SelectMode.SelectRead))
            {
                throw new ZmtpException($"Expected a handshake within {limits.Handshake.TotalSeconds:F0} s.");
            }
        }

        int count = socket.Receive(target);
        return count > 0 ? count : throw new EndOfStreamException("The peer closed its connection.");
    }
}
