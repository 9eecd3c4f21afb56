using System.Net.Sockets;

namespace Research.Kernel.Zmtp;

/// <summary>Sends whole messages to one peer, in order, without ever making the sender wait.</summary>
/// <remarks>
/// A message goes out on the caller's thread while the peer keeps up. For one that does not, messages wait up to
/// <see cref="ZmtpLimits.WaitingBytes"/> and are then dropped, as ZeroMQ does at its high-water mark.
/// </remarks>
internal sealed class SendQueue(Socket socket, ZmtpLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _waiting = new();
    private long _waitingBytes;
    private bool _failed;
    private Task _sending = Task.CompletedTask;
    private bool _isSending;

    /// <summary>Gets how many messages were dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>Sends a message now, or after those that wait.</summary>
    /// <returns>Whether it was accepted.</returns>
    public bool Send(ReadOnlyMemory<byte> encoded)
    {
        lock (_gate)
        {
            if (_failed || (_isSending && _waitingBytes + encoded.Length > limits.WaitingBytes))
            {
                Dropped++;
                return false;
            }

            if (_isSending)
            {
                _waiting.Enqueue(encoded);
                _waitingBytes += encoded.Length;
                return true;
            }

            _isSending = true;
            _sending = SendAllAsync(encoded);
            return true;
        }
    }

    /// <summary>Waits until nothing waits any more, or the time is up.</summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        Task sending;
        lock (_gate)
        {
            sending = _sending;
        }

        await Task.WhenAny(sending, Task.Delay(patience)).ConfigureAwait(false);
    }

    // Runs without leaving the caller's thread, and under its lock, until the peer's window is full.
    private async Task SendAllAsync(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            while (true)
            {
                await SendOneAsync(encoded).ConfigureAwait(false);
                lock (_gate)
                {
                    if (!_waiting.TryDequeue(out encoded))
                    {
                        _isSending = false;
                        return;
                    }

                    _waitingBytes -= encoded.Length;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            lock (_gate)
            {
                _failed = true;
                _isSending = false;
                _waiting.Clear();
                _waitingBytes = 0;
            }
        }
    }

    private async ValueTask SendOneAsync(ReadOnlyMemory<byte> encoded)
    {
        while (!encoded.IsEmpty)
        {
            int sent = await socket.SendAsync(encoded, SocketFlags.None).ConfigureAwait(false);
            encoded = encoded[sent..];
        }
    }
}
