using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Research.Tests.Guides;

/// <summary>TLS in front of a server on loopback, as nginx or Caddy would be.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    private TlsFront(TcpListener listener, Uri real, X509Certificate2 certificate)
    {
        _listener = listener;
        _certificate = certificate;
        Real = real;
        Address = new Uri($"https://{listener.LocalEndpoint}/");
        _loop = AcceptAsync();
    }

    public Uri Real { get; }

    public Uri Address { get; }

    public static TlsFront Start(IPAddress host, Uri real, X509Certificate2 certificate)
    {
        TcpListener listener = new(host, 0);
        listener.Start();
        return new TlsFront(listener, real, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop; // Before the listener stops: it may be about to accept once more.
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
                running.RemoveAll(one => one.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (TcpClient server = new())
        {
            try
            {
                await using SslStream outside = new(client.GetStream());
                await outside.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                await server.ConnectAsync(Real.Host, Real.Port, _end.Token);
                await using NetworkStream inside = server.GetStream();
                await Task.WhenAny(outside.CopyToAsync(inside, _end.Token), inside.CopyToAsync(outside, _end.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
            {
                // One of the two went away, or was killed.
            }
        }
    }
}
