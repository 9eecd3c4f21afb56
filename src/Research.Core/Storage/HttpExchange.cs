using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Polly;
using Polly.Retry;

namespace Research.Storage;

/// <summary>Requests to one store, which is not trusted to answer sensibly, or at all.</summary>
internal sealed class HttpExchange : IDisposable
{
    private const long WorthMoreAttempts = 1 << 20; // bytes

    private readonly HttpStoreOptions _options;
    private readonly ResiliencePipeline _retries;
    private readonly HttpClient _http;
    private readonly Uri _root;

    public HttpExchange(Uri address, HttpStoreOptions options)
    {
        string path = address.GetLeftPart(UriPartial.Path);
        _root = new Uri(path.EndsWith('/') ? path : path + "/");
        _options = options;
        Name = _root.AbsoluteUri.TrimEnd('/');
        _retries = Retries(options);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // Bytes are hashed as they come; bombs stay small.
            UseProxy = !address.IsLoopback, // A proxy cannot reach this machine's own loopback.
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16, // KiB
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = options.PublicOnly ? PublicInternet.ConnectAsync : null,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Gets what messages call the store.</summary>
    public string Name { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>Creates a request for something of the store.</summary>
    public HttpRequestMessage Create(HttpMethod method, string path) => new(method, new Uri(_root, path))
    {
        Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("identity") } },
    };

    /// <summary>Adds the token to a request of who writes.</summary>
    public void Authorize(HttpRequestMessage request)
    {
        if (_options.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Sends a request; its body is read by whoever called.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Stall stall)
    {
        HttpResponseMessage response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        stall.Restart();
        return response;
    }

    /// <summary>Tries until it works, or fails for good.</summary>
    /// <param name="attempt">What is tried; <see cref="StoreFailure"/> where it is worth another time.</param>
    /// <param name="most">The most bytes that came across so far: while there are more each time, it goes on.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    /// <exception cref="StoreException">It failed for good.</exception>
    public async Task<T> RetryAsync<T>(
        Func<Stall, Task<T>> attempt, Func<long> most, CancellationToken cancellationToken)
    {
        while (true)
        {
            long before = most();
            try
            {
                return await _retries.ExecuteAsync(
                    async token => await AttemptAsync(attempt, token).ConfigureAwait(false), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (StoreFailure e) when (most() - before < WorthMoreAttempts)
            {
                throw new StoreException(Name, e.Message, e.InnerException);
            }
            catch (StoreFailure)
            {
                // The network is bad, but a lot came through: not more often than the blob has MiB.
            }
        }
    }

    /// <summary>Makes an answer that is no use an exception; the store's own words are not repeated.</summary>
    public Exception Refusal(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        return status switch
        {
            401 or 403 => Failed(_options.Token is null
                ? $"it lets only those write who have its token. Set {HttpStoreOptions.TokenVariable} to it."
                : $"it refuses the token. Check {HttpStoreOptions.TokenVariable}."),
            >= 300 and < 400 => Failed(
                $"it redirects{TargetOf(response)} (HTTP status {status}), which is not followed. Give the address itself."),
            404 => Failed("there is no such thing (HTTP status 404). Check the address's path."),
            413 => Failed("it does not take as many bytes (HTTP status 413). Use a store with a higher limit."),
            507 => Failed("it is full (HTTP status 507). Use another, or ask its keeper for room."),
            408 or 425 or 429 or 500 or 502 or 503 or 504 => new StoreFailure(
                $"it cannot answer now (HTTP status {status}). Try again later.", RetryAfter(response)),
            _ => Failed($"HTTP status {status}. Check that it is a store's address."),
        };
    }

    /// <summary>Throws for an answer whose body cannot be a blob's bytes.</summary>
    public void RequireBytes(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            throw Failed("an HTML page. Something else answers there: check the address, and whether one must sign in.");
        }

        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            throw Failed("a compressed answer that was not asked for. Check what stands between: a proxy?");
        }
    }

    private StoreException Failed(string why) => new(Name, why);

    private static ResiliencePipeline Retries(HttpStoreOptions options)
    {
        ResiliencePipelineBuilder builder = new() { TimeProvider = options.Time };
        return options.Attempts == 1 ? builder.Build() : builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StoreFailure>(),
            MaxRetryAttempts = options.Attempts - 1,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            MaxDelay = options.LongestPause,
            DelayGenerator = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is StoreFailure { RetryAfter: TimeSpan pause }
                    ? pause < options.LongestPause ? pause : options.LongestPause
                    : (TimeSpan?)null),
        }).Build();
    }

    private async Task<T> AttemptAsync<T>(Func<Stall, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using Stall stall = new(_options.Timeout, _options.Time, cancellationToken);
        try
        {
            return await attempt(stall).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreFailure(
                $"no answer, or too slow a one, for {_options.Timeout.TotalSeconds:0.#} s. "
                + "Check host and port, the network, and that the store runs.",
                innerException: e);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (Exception e) when (e is IOException and not StoreException)
        {
            throw new StoreFailure($"the connection broke ({e.Message}). Try again.", innerException: e);
        }
    }

    private Exception Unreachable(HttpRequestException e)
    {
        SocketError? socket = (e.InnerException as SocketException)?.SocketErrorCode;
        return (e.HttpRequestError, socket) switch
        {
            _ when e.InnerException is NotPublicException no => new StoreException(Name, $"{no.Message}.", e),
            (HttpRequestError.NameResolutionError, _) => new StoreFailure(
                $"the name {_root.Host} does not resolve. Check the spelling and the network.", innerException: e),
            (HttpRequestError.SecureConnectionError, _) => new StoreException(
                Name, "no TLS connection. Check whether it should be http, and the certificate.", e),
            (HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
                or HttpRequestError.VersionNegotiationError, _) => new StoreException(
                Name, "its answer is not HTTP/1.1 as a store speaks it. Check the port, and whether it should be https.", e),
            (_, SocketError.ConnectionRefused) => new StoreFailure(
                "connection refused. Check that a store listens on that port (research store serve).", innerException: e),
            _ => new StoreFailure($"{e.Message} Check host and port, and the network.", innerException: e),
        };
    }

    // Scheme and host only, escaped: the rest is anybody's text.
    private static string TargetOf(HttpResponseMessage response) =>
        response.Headers.Location is { IsAbsoluteUri: true } target
            ? $" to {target.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}"
            : "";

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        TimeSpan? pause = header?.Delta ?? (header?.Date - _options.Time.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
