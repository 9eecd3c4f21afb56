using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Research.Tests.Faults;

/// <summary>Stands in front of a real server on loopback, and does to requests what networks do.</summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly ConcurrentQueue<string> _seen = [];
    private readonly Uri _real;
    private readonly Task _loop;

    private FaultyServer(Uri real, IPAddress host, int port)
    {
        _real = real;
        Endpoint = new Uri($"http://{host}:{port}/");
        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _loop = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>Gets or sets what happens to a request: its name, and how many of that name came before.</summary>
    public Func<string, int, Fault> Plan { get; set; } = (_, _) => Fault.None;

    /// <summary>Gets or sets the process to kill.</summary>
    public Process? Victim { get; set; }

    /// <summary>Gets the names of the requests so far: the method of JSON-RPC, or that of HTTP.</summary>
    public string[] Seen => [.. _seen];

    public static FaultyServer Start(Uri real) => Start(real, IPAddress.Loopback);

    public static FaultyServer Start(Uri real, IPAddress host)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FaultyServer(real, host, FreePort(host));
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Somebody else took the port in between.
            }
        }
    }

    public void Forget() => _seen.Clear();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
        _client.Dispose();
    }

    private static int FreePort(IPAddress host)
    {
        using System.Net.Sockets.TcpListener listener = new(host, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AcceptAsync()
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                running.Add(AnswerAsync(await _listener.GetContextAsync()));
                running.RemoveAll(one => one.IsCompletedSuccessfully);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using MemoryStream body = new();
            await context.Request.InputStream.CopyToAsync(body);
            string name = NameOf(context.Request.HttpMethod, body.ToArray());
            Fault fault = Plan(name, _seen.Count(one => one == name));
            _seen.Enqueue(name);
            await AnswerAsync(context, body.ToArray(), fault);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or HttpRequestException)
        {
            // The client went away, or was killed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, byte[] body, Fault fault)
    {
        switch (fault)
        {
            case Fault.KillBefore:
                await KillAsync(context);
                return;
            case Fault.TooMany:
                context.Response.Headers["Retry-After"] = "1";
                await SendAsync(context, 429, []);
                return;
            case Fault.Broken:
                await SendAsync(context, 500, []);
                return;
            case Fault.Page:
                await SendAsync(context, 200, "<html>Welcome to nginx!</html>"u8.ToArray());
                return;
            case Fault.Delay:
                await Task.Delay(TimeSpan.FromMilliseconds(300));
                break;
        }

        (int status, byte[] answer) = await ForwardAsync(context, body);
        switch (fault)
        {
            case Fault.KillAfter:
                await KillAsync(context);
                return;
            case Fault.LostAnswer:
                context.Response.Abort();
                return;
            case Fault.Half:
                context.Response.ContentLength64 = answer.Length;
                await context.Response.OutputStream.WriteAsync(answer.AsMemory(0, answer.Length / 2));
                await context.Response.OutputStream.FlushAsync();
                context.Response.Abort();
                return;
            default:
                await SendAsync(context, status, answer);
                return;
        }
    }

    private async Task KillAsync(HttpListenerContext context)
    {
        Victim!.Kill(entireProcessTree: true); // A shell and what it runs.
        await Victim.WaitForExitAsync();
        context.Response.Abort();
    }

    private async Task<(int Status, byte[] Body)> ForwardAsync(HttpListenerContext context, byte[] body)
    {
        using HttpRequestMessage request =
            new(new HttpMethod(context.Request.HttpMethod), new Uri(_real, context.Request.RawUrl!));
        if (context.Request.HasEntityBody)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (string name in context.Request.Headers.AllKeys.OfType<string>().Where(name => name != "Host"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]) && name != "Content-Length")
            {
                request.Content?.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
            }
        }

        using HttpResponseMessage response = await _client.SendAsync(request);
        foreach ((string name, IEnumerable<string> values) in response.Headers)
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Date" or "Server"))
            {
                context.Response.Headers[name] = string.Join(", ", values);
            }
        }

        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    private static async Task SendAsync(HttpListenerContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength64 = body.Length;
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    private static string NameOf(string method, byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetString(body));
            return json.RootElement.GetProperty("method").GetString()!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return method;
        }
    }
}
