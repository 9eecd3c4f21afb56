using System.Net;
using System.Net.Sockets;

namespace Research.Kernel.Zmtp;

/// <summary>A bound socket: accepts peers and gives each a thread that reads it.</summary>
/// <remarks>
/// Threads, not tasks: a cell may hold every thread of the pool, and an interrupt or a heartbeat must get through
/// then too. Whatever a peer does ends its own connection only.
/// </remarks>
internal sealed class ZmtpListener : IDisposable
{
    private const int ThreadStackBytes = 512 << 10;

    private readonly ZmtpSocketType _type;
    private readonly ZmtpLimits _limits;
    private readonly IConnectionHandler _handler;
    private readonly ReceiveBudget _budget;
    private readonly Action<string> _log;
    private readonly Socket _socket;
    private readonly Lock _gate = new();
    private readonly HashSet<ZmtpConnection> _connections = [];
    private bool _disposed;

    /// <summary>Binds; peers are served from <see cref="Start"/> on.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public ZmtpListener(
        ZmtpSocketType type,
        IPEndPoint address,
        IConnectionHandler handler,
        ZmtpLimits limits,
        ReceiveBudget budget,
        Action<string> log)
    {
        (_type, _handler, _limits, _budget, _log) = (type, handler, limits, budget, log);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(address);
            _socket.Listen();
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Gets the port, useful when 0 was asked for.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Start() => Run(AcceptAll, $"{_type.Name} accept");

    /// <summary>Waits until what was sent to every peer has left, or the time is up.</summary>
    public Task DrainAsync(TimeSpan patience) =>
        Task.WhenAll(Snapshot().Select(connection => connection.DrainAsync(patience)));

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _socket.Dispose();
        foreach (ZmtpConnection connection in Snapshot())
        {
            connection.Dispose();
        }
    }

    private ZmtpConnection[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }

    private void AcceptAll()
    {
        while (true)
        {
            try
            {
                Socket peer = _socket.Accept();
                if (Admit(peer) is { } connection)
                {
                    Run(() => Serve(connection), $"{_type.Name} peer");
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                lock (_gate)
                {
                    if (_disposed)
                    {
                        return;
                    }
                }

                _log($"{_type.Name}: could not accept a peer: {exception.Message}");
                Thread.Sleep(50); // Out of descriptors, say: the next try may do better.
            }
        }
    }

    private ZmtpConnection? Admit(Socket peer)
    {
        lock (_gate)
        {
            if (!_disposed && _connections.Count < _limits.Connections)
            {
                ZmtpConnection connection = new(peer, _limits, _budget);
                _connections.Add(connection);
                return connection;
            }
        }

        peer.Dispose();
        _log($"{_type.Name}: refused a peer, {_limits.Connections} are connected.");
        return null;
    }

    private void Serve(ZmtpConnection connection)
    {
        bool opened = false;
        try
        {
            connection.Shake(_type);
            opened = true;
            _handler.Opened(connection);
            while (true)
            {
                _handler.Received(connection, connection.Receive());
            }
        }
        catch (ZmtpException exception)
        {
            _log($"{_type.Name}: ended a connection: {exception.Message}");
        }
        catch (Exception exception) when (
            exception is SocketException or EndOfStreamException or ObjectDisposedException)
        {
            // The peer is gone, which is how connections end.
            _ = exception;
        }
        catch (Exception exception) // A bug of ours costs this peer its connection, and the others nothing.
        {
            _log($"{_type.Name}: ended a connection: {exception}");
        }
        finally
        {
            End(connection, opened);
        }
    }

    private void End(ZmtpConnection connection, bool opened)
    {
        connection.Dispose();
        if (opened)
        {
            _handler.Closed(connection);
        }

        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    private static void Run(Action body, string name) =>
        new Thread(() => body(), ThreadStackBytes) { IsBackground = true, Name = name }.Start();
}
