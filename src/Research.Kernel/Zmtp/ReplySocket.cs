namespace Research.Kernel.Zmtp;

/// <summary>Sends each message back: the heartbeat.</summary>
internal sealed class ReplySocket : IConnectionHandler
{
    public void Opened(ZmtpConnection connection)
    {
        // Nothing to say before the first request.
    }

    public void Received(ZmtpConnection connection, IReadOnlyList<ReadOnlyMemory<byte>> message) =>
        connection.Send(ZmtpFrame.Encode(message));

    public void Closed(ZmtpConnection connection)
    {
        // Nothing is kept for a peer.
    }
}
