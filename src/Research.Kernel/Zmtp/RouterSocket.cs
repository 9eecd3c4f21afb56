using System.Collections.Concurrent;

namespace Research.Kernel.Zmtp;

/// <summary>Passes on what peers send, and sends to the peer of a name.</summary>
/// <param name="received">Gets a peer's identity and its message, on the peer's thread.</param>
internal sealed class RouterSocket(Action<string, IReadOnlyList<ReadOnlyMemory<byte>>> received) : IConnectionHandler
{
    private readonly ConcurrentDictionary<string, ZmtpConnection> _peers = new(StringComparer.Ordinal);

    /// <summary>Sends a message; false when no such peer is connected, or it is too slow.</summary>
    public bool Send(string identity, IReadOnlyList<ReadOnlyMemory<byte>> message) =>
        _peers.TryGetValue(identity, out ZmtpConnection? peer) && peer.Send(ZmtpFrame.Encode(message));

    // A peer that reconnects takes its name over from the connection it lost, as ipykernel's sockets allow.
    public void Opened(ZmtpConnection connection) => _peers[connection.Identity] = connection;

    public void Received(ZmtpConnection connection, IReadOnlyList<ReadOnlyMemory<byte>> message) =>
        received(connection.Identity, message);

    public void Closed(ZmtpConnection connection) =>
        _peers.TryRemove(KeyValuePair.Create(connection.Identity, connection));
}
