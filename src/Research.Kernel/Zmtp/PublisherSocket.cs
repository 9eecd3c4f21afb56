namespace Research.Kernel.Zmtp;

/// <summary>Sends each message to every peer that subscribed to a prefix of its topic.</summary>
/// <param name="limits">Bounds the subscriptions of a peer.</param>
/// <param name="subscribed">Told of each new subscription: the peer and its topic.</param>
/// <param name="log">Told when a peer is too slow.</param>
internal sealed class PublisherSocket(
    ZmtpLimits limits, Action<ZmtpConnection, byte[]> subscribed, Action<string> log) : IConnectionHandler
{
    private const int LongestTopic = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<ZmtpConnection, List<byte[]>> _subscriptions = [];

    /// <summary>Publishes a message; its first frame is the topic.</summary>
    /// <remarks>All peers see messages in the order of these calls.</remarks>
    public void Send(IReadOnlyList<ReadOnlyMemory<byte>> message)
    {
        byte[]? encoded = null;
        lock (_gate)
        {
            foreach ((ZmtpConnection peer, List<byte[]> topics) in _subscriptions)
            {
                if (topics.Exists(topic => message[0].Span.StartsWith(topic)))
                {
                    Send(peer, encoded ??= ZmtpFrame.Encode(message));
                }
            }
        }
    }

    public void Opened(ZmtpConnection connection)
    {
        lock (_gate)
        {
            _subscriptions[connection] = [];
        }
    }

    public void Received(ZmtpConnection connection, IReadOnlyList<ReadOnlyMemory<byte>> message)
    {
        ReadOnlySpan<byte> request = message[0].Span;
        if (message.Count != 1 || request.IsEmpty || request[0] > 1 || request.Length > LongestTopic)
        {
            return; // Not a subscription: a publisher hears nothing else.
        }

        byte[] topic = request[1..].ToArray();
        lock (_gate)
        {
            List<byte[]> topics = _subscriptions[connection];
            if (request[0] == 0)
            {
                int index = topics.FindIndex(known => known.AsSpan().SequenceEqual(topic));
                topics.RemoveRange(Math.Max(index, 0), index < 0 ? 0 : 1);
                return;
            }

            if (topics.Count == limits.Subscriptions)
            {
                throw new ZmtpException($"Expected at most {limits.Subscriptions} subscriptions.");
            }

            topics.Add(topic);
            subscribed(connection, topic);
        }
    }

    public void Closed(ZmtpConnection connection)
    {
        lock (_gate)
        {
            _subscriptions.Remove(connection);
        }
    }

    private void Send(ZmtpConnection peer, byte[] encoded)
    {
        bool firstLoss = peer.Dropped == 0;
        if (!peer.Send(encoded) && firstLoss)
        {
            log("PUB: a subscriber is gone or too slow; messages to it are dropped.");
        }
    }
}
