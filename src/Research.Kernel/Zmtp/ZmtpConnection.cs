using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Research.Kernel.Zmtp;

/// <summary>One peer: its handshake, its messages, and the queue of what is sent to it.</summary>
internal sealed class ZmtpConnection : IDisposable
{
    private const string SubscribeCommand = "\tSUBSCRIBE";
    private const string CancelCommand = "\u0006CANCEL";
    private const string PingCommand = "\u0004PING";
    private const int PingHeader = 7; // Name, and a time to live that a server does not need.

    private readonly Socket _socket;
    private readonly ZmtpReader _reader;
    private readonly ZmtpLimits _limits;
    private readonly SendQueue _queue;

    public ZmtpConnection(Socket socket, ZmtpLimits limits, ReceiveBudget budget)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _limits = limits;
        _reader = new ZmtpReader(socket, limits, budget);
        _queue = new SendQueue(socket, limits);
    }

    /// <summary>Gets the peer's name for routing, a byte a character.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>Gets how many messages the peer was too slow for.</summary>
    public long Dropped => _queue.Dropped;

    /// <summary>Greets the peer and agrees on the kinds of socket.</summary>
    public void Shake(ZmtpSocketType type)
    {
        _reader.Expire(_limits.Handshake);
        _queue.Send(ZmtpHandshake.Greeting);
        ZmtpHandshake.ReadGreeting(_reader);
        _queue.Send(ZmtpHandshake.Ready(type.Name, []));
        try
        {
            byte[] identity = ZmtpHandshake.ReadReady(_reader, type);
            Identity = Encoding.Latin1.GetString(
                identity.Length > 0 ? identity : [0, .. RandomNumberGenerator.GetBytes(8)]);
        }
        catch (ZmtpException exception)
        {
            _queue.Send(ZmtpHandshake.Error(exception.Message));
            throw;
        }

        _reader.Expire(null);
    }

    /// <summary>Reads the next message, and answers commands before it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Receive()
    {
        try
        {
            return ReadMessage();
        }
        finally
        {
            _reader.Release();
        }
    }

    /// <summary>Sends encoded frames without waiting; false when they were dropped.</summary>
    public bool Send(ReadOnlyMemory<byte> encoded) => _queue.Send(encoded);

    /// <summary>Waits until what was sent has left, or the time is up.</summary>
    public Task DrainAsync(TimeSpan patience) => _queue.DrainAsync(patience);

    /// <summary>Ends the connection; its thread sees that and finishes.</summary>
    public void Dispose() => _socket.Dispose();

    private List<ReadOnlyMemory<byte>> ReadMessage()
    {
        List<ReadOnlyMemory<byte>> message = [];
        int bytesLeft = _limits.MessageBytes;
        while (true)
        {
            ZmtpFrame frame = _reader.ReadFrame(bytesLeft);
            if (frame.IsCommand)
            {
                if (Answer(frame.Body) is { } translated)
                {
                    return [translated];
                }

                continue;
            }

            message.Add(frame.Body);
            bytesLeft -= frame.Body.Length;
            if (!frame.HasMore)
            {
                return message;
            }

            if (message.Count == _limits.Frames)
            {
                throw new ZmtpException($"Expected at most {_limits.Frames} frames in a message.");
            }
        }
    }

    // ZMTP 3.1 asks for subscriptions by command, 3.0 by message: passed on as the latter.
    private byte[]? Answer(byte[] command)
    {
        ReadOnlySpan<byte> body = command;
        if (StartsWith(body, SubscribeCommand))
        {
            return [1, .. body[SubscribeCommand.Length..]];
        }

        if (StartsWith(body, CancelCommand))
        {
            return [0, .. body[CancelCommand.Length..]];
        }

        if (StartsWith(body, PingCommand) && body.Length >= PingHeader)
        {
            _queue.Send(ZmtpFrame.EncodeCommand([.. "\x04PONG"u8, .. body[PingHeader..]]));
        }

        return null;
    }

    private static bool StartsWith(ReadOnlySpan<byte> body, string name) =>
        body.Length >= name.Length && Ascii.Equals(body[..name.Length], name);
}
