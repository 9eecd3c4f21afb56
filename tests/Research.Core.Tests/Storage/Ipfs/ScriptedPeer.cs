using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Research.Tests.Storage.Ipfs;

/// <summary>A hand-written HTTP server on loopback for what no real node or gateway does on demand.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, byte[]?> _answer;
    private readonly Task _accepting;
    private readonly List<string> _heads = [];

    /// <param name="answer">Gives the whole HTTP response for a request's path; null hangs, empty closes.</param>
    public ScriptedPeer(Func<string, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new(string.Create(
        CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));

    /// <summary>Gets the heads of all requests so far.</summary>
    public string[] Heads
    {
        get
        {
            lock (_heads)
            {
                return [.. _heads];
            }
        }
    }

    public static byte[] Http(
        ReadOnlySpan<byte> body, string status = "200 OK", string type = "application/octet-stream", string? head = null)
    {
        string extra = head is null ? "" : head + "\r\n";
        return
        [
            .. Encoding.ASCII.GetBytes(
                $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{extra}Content-Length: {body.Length}\r\n"
                + "Connection: close\r\n\r\n"),
            .. body,
        ];
    }

    public static byte[] Http(string body, string status = "200 OK", string type = "application/json") =>
        Http(Encoding.UTF8.GetBytes(body), status, type);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting; // Before the listener stops: it may be about to accept once more.
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string head = await ReadRequestAsync(stream);
                lock (_heads)
                {
                    _heads.Add(head);
                }

                byte[]? answer = _answer(head.Split(' ')[1]);
                if (answer is null)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await stream.WriteAsync(answer, _stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                return; // The client went away, or the test is over.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.Latin1, false, 1 << 16, leaveOpen: true);
        StringBuilder head = new();
        int length = 0;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            head.Append(line).Append('\n');
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.AsSpan(15), CultureInfo.InvariantCulture);
            }
        }

        if (length > 0) // A read of nothing would wait for something.
        {
            await reader.ReadBlockAsync(new char[length], _stop.Token);
        }

        return head.Length > 0 ? head.ToString() : throw new IOException("The client closed.");
    }
}
