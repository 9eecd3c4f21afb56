using System.Net.Http.Headers;

namespace Research.Storage.Ipfs;

/// <summary>HTTP to one address whose server is not trusted: bounded, in time, without redirects.</summary>
internal sealed class IpfsHttp
{
    private const int PieceBytes = 64 << 10;

    private static readonly HttpClient ThisMachine = NewClient(useProxy: false);
    private static readonly HttpClient Elsewhere = NewClient(useProxy: true);
    private static readonly HttpClient Public = NewClient(useProxy: true, publicOnly: true);

    private readonly HttpClient _client;
    private readonly IpfsOptions _options;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <param name="address">The server's address; without user, query or fragment.</param>
    /// <param name="suffix">What paths begin with, unless the address ends in it already: <c>/api/v0</c>.</param>
    /// <param name="options">How it is asked.</param>
    /// <exception cref="ArgumentException">The address is no such, or the header none.</exception>
    public IpfsHttp(Uri address, string suffix, IpfsOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
        {
            // The address is not shown: a user's password may be in it.
            throw new ArgumentException(
                "Expected an http or https address without user, query and fragment, such as http://127.0.0.1:5001.",
                nameof(address));
        }

        string path = address.AbsolutePath.TrimEnd('/');
        Prefix = address.GetLeftPart(UriPartial.Authority)
            + (path.EndsWith(suffix, StringComparison.Ordinal) ? path : path + suffix);

        // What follows the host may hold a provider's key.
        Name = address.GetLeftPart(UriPartial.Authority) + (path.Length == 0 || path == suffix ? "" : "/…");
        _client = options.PublicOnly ? Public : address.IsLoopback ? ThisMachine : Elsewhere;
        _options = options;
        _authorization = options.Authorization is null ? null
            : AuthenticationHeaderValue.TryParse(options.Authorization, out AuthenticationHeaderValue? header) ? header
            : throw new ArgumentException("Authorization: expected a header such as Bearer …", nameof(options));
    }

    /// <summary>Gets scheme, host and port.</summary>
    public string Name { get; }

    /// <summary>Gets what the addresses of requests begin with; no slash at its end.</summary>
    public string Prefix { get; }

    /// <summary>Sends a request and hands its answer to <paramref name="read"/>, all within one deadline.</summary>
    /// <param name="request">Makes the request.</param>
    /// <param name="read">Reads the answer, by the deadline's token.</param>
    /// <param name="grace">How much longer than the search a server may take to say that it found nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StoreException">It is away, breaks off or is too late.</exception>
    public async Task<T> ExchangeAsync<T>(
        Func<TransferDeadline, HttpRequestMessage> request,
        Func<HttpResponseMessage, TransferDeadline, Task<T>> read,
        TimeSpan grace,
        CancellationToken cancellationToken)
    {
        using TransferDeadline deadline = new(_options.Patience + grace, _options.Time, cancellationToken);
        try
        {
            using HttpRequestMessage message = request(deadline);
            message.Headers.Authorization = _authorization;
            using HttpResponseMessage response = await _client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            return await read(response, deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(
                Name,
                $"no answer within {deadline.Patience.TotalSeconds:0.#} s, or under {TransferDeadline.BytesPerSecond} "
                + "bytes a second; check host and port, and the network",
                e);
        }
        catch (HttpRequestException e) when (e.InnerException is NotPublicException)
        {
            throw new StoreException(Name, e.InnerException.Message, e);
        }
        catch (HttpRequestException e)
        {
            throw new StoreException(Name, $"it cannot be reached ({OneLine.Of(e.Message)})", e);
        }
        catch (IOException e) when (e is not StoreException)
        {
            throw new StoreException(Name, $"the connection broke ({OneLine.Of(e.Message)}); try again", e);
        }
    }

    /// <summary>Reads an answer's body, no more than allowed; memory grows with what came, not with what was promised.</summary>
    /// <returns>The body; null where it has more bytes.</returns>
    public static async Task<byte[]?> ReadAsync(
        HttpResponseMessage response, long mostBytes, TransferDeadline deadline, Action<long, long?>? progress = null)
    {
        if (response.Content.Headers.ContentLength > mostBytes)
        {
            return null;
        }

        Stream stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using MemoryStream body = new();
            byte[] piece = new byte[PieceBytes];
            int count;
            while ((count = await stream.ReadAsync(piece, deadline.Token).ConfigureAwait(false)) > 0)
            {
                deadline.Passed(count);
                if (body.Length + count > mostBytes)
                {
                    return null;
                }

                await body.WriteAsync(piece.AsMemory(0, count), deadline.Token).ConfigureAwait(false);
                progress?.Invoke(body.Length, response.Content.Headers.ContentLength);
            }

            return body.ToArray();
        }
    }

    private static HttpClient NewClient(bool useProxy, bool publicOnly = false) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = useProxy, // A proxy cannot reach this machine's own loopback.
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = publicOnly ? PublicInternet.ConnectAsync : null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // Each exchange has its deadline.
    };
}
