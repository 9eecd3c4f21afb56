namespace Research.Kernel.Zmtp;

/// <summary>What a kind of socket does with its connections; called on each connection's own thread.</summary>
internal interface IConnectionHandler
{
    void Opened(ZmtpConnection connection);

    void Received(ZmtpConnection connection, IReadOnlyList<ReadOnlyMemory<byte>> message);

    void Closed(ZmtpConnection connection);
}
