using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Research.Tests.Chain.Rpc;

/// <summary>
/// A loopback HTTP server that answers each request as a test says: the real I/O of a node that misbehaves.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string?> _answer;
    private readonly Task _accepting;
    private readonly List<string> _requests = [];

    /// <param name="answer">Gives the whole HTTP response for a request's body; null hangs,
    /// empty closes the connection.</param>
    public ScriptedServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new(string.Create(
        CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));

    public int Count(string method)
    {
        lock (_requests)
        {
            return _requests.Count(request => request.Contains($"\"{method}\"", StringComparison.Ordinal));
        }
    }

    public static string Http(string body, string status = "200 OK", string header = "X-Test: 1") =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{header}\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public static string Result(string request, string result)
    {
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(request);
        string id = document.RootElement.GetProperty("id").GetRawText();
        return Http($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}");
    }

    /// <summary>Gives a real node's answer to a request.</summary>
    public static string Forward(Uri node, string request)
    {
        using HttpClient http = new();
        using HttpRequestMessage message = new(HttpMethod.Post, node)
        {
            Content = new StringContent(request, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage response = http.Send(message);
        using StreamReader reader = new(response.Content.ReadAsStream());
        return Http(reader.ReadToEnd());
    }

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
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
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
                string body = await ReadBodyAsync(stream);
                lock (_requests)
                {
                    _requests.Add(body);
                }

                string? answer = _answer(body);
                if (answer is null)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer!), _stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                return; // The client went away, or the test is over.
            }
        }
    }

    private async Task<string> ReadBodyAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[1 << 20];
        int count = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(count), _stop.Token);
            count += read;
            string text = Encoding.UTF8.GetString(buffer, 0, count);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0)
            {
                throw new IOException("The client closed.");
            }

            if (end >= 0)
            {
                string length = text[..end].Split("\r\n")
                    .First(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))[15..];
                if (count >= end + 4 + int.Parse(length, CultureInfo.InvariantCulture))
                {
                    return text[(end + 4)..];
                }
            }
        }
    }
}
