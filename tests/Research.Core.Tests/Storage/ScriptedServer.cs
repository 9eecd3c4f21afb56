using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Research.Tests.Storage;

/// <summary>A server that says whatever a test wants it to, byte for byte; one request a connection.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<string> _heads = [];
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private readonly Task _loop;

    private ScriptedServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = LoopAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Gets the heads of the requests so far.</summary>
    public string[] Requests => [.. _heads];

    /// <summary>Answers by hand: the request's head, and the stream.</summary>
    public static ScriptedServer Start(Func<string, NetworkStream, CancellationToken, Task> answer) => new(answer);

    /// <summary>Answers one text after another; the last again and again. Then each connection is closed.</summary>
    public static ScriptedServer Start(params byte[][] answers)
    {
        int next = 0;
        return new ScriptedServer(async (_, stream, over) =>
            await stream.WriteAsync(answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1], over));
    }

    /// <summary>Makes an answer of a status line, headers and a body.</summary>
    public static byte[] Answer(string status, string headers, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}\r\nConnection: close\r\n\r\n"), .. body];

    /// <summary>Makes an answer of a status and a body of its length.</summary>
    public static byte[] Answer(string status, ReadOnlySpan<byte> body) =>
        Answer(status, $"Content-Length: {body.Length}", body);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _loop; // First: between two connections it would ask a stopped listener for the next.
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task LoopAsync()
    {
        List<Task> connections = [];
        while (true)
        {
            try
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                StringBuilder head = new();
                byte[] one = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
                    && await stream.ReadAsync(one, _over.Token) > 0)
                {
                    head.Append((char)one[0]);
                    if (head[0] == 0x16)
                    {
                        break; // A TLS handshake (RFC 8446, 5.1), which has no such end.
                    }
                }

                _heads.Enqueue(head.ToString());
                await _answer(head.ToString(), stream, _over.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                byte[] rest = new byte[4096];
                while (await stream.ReadAsync(rest, _over.Token) > 0)
                {
                    // Until the client has closed too: else what it sent would make a reset of the answer.
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client left.
            }
        }
    }
}
