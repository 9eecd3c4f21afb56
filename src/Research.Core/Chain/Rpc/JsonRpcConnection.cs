using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;

namespace Research.Chain.Rpc;

/// <summary>JSON-RPC 2.0 over HTTP to one node, which is not trusted to answer sensibly.</summary>
internal sealed class JsonRpcConnection : IDisposable
{
    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private static readonly RetryStrategyOptions Retry = new()
    {
        ShouldHandle = new PredicateBuilder().Handle<RpcConnectionException>(exception => exception.IsTransient),
        MaxRetryAttempts = 3,
        Delay = TimeSpan.FromMilliseconds(100),
        BackoffType = DelayBackoffType.Exponential,
    };

    private readonly EthereumClientOptions _options;
    private readonly ResiliencePipeline _retries;
    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private long _lastId;

    public JsonRpcConnection(Uri endpoint, EthereumClientOptions options)
    {
        _endpoint = endpoint;
        _options = options;
        _retries = new ResiliencePipelineBuilder { TimeProvider = options.Time }.AddRetry(Retry).Build();
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,        // A redirected POST becomes a GET; say where it points instead.
            UseProxy = !endpoint.IsLoopback,  // A proxy cannot reach this machine's own loopback.
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Gets scheme, host and port; what follows may hold a provider's key.</summary>
    public string DisplayName => _endpoint.GetLeftPart(UriPartial.Scheme)
        + _endpoint.Authority + (_endpoint.PathAndQuery == "/" ? "" : "/…");

    public void Dispose() => _http.Dispose();

    /// <summary>Calls a method; only one that may be repeated without effect is retried.</summary>
    public async Task<JsonElement> InvokeAsync(
        string method, JsonArray parameters, bool mayRetry, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(timeout, _options.Time);
        using CancellationTokenSource deadline =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        long id = Interlocked.Increment(ref _lastId);
        _options.Asked?.Invoke(method);
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        RpcConnectionException? last = null;
        try
        {
            return mayRetry
                ? await _retries.ExecuteAsync(AttemptAsync, deadline.Token).ConfigureAwait(false)
                : await AttemptAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw last ?? Failure(
                $"no answer within {timeout.TotalSeconds:0.#} s",
                "Check host and port, the network, and that the node has started.",
                exception);
        }

        async ValueTask<JsonElement> AttemptAsync(CancellationToken token)
        {
            try
            {
                return await SendAsync(method, id, request, token).ConfigureAwait(false);
            }
            catch (RpcConnectionException exception)
            {
                last = exception;
                throw;
            }
        }
    }

    private async Task<JsonElement> SendAsync(string method, long id, byte[] request, CancellationToken token)
    {
        try
        {
            using HttpRequestMessage message =
                new(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(request) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            byte[] body = await ReadBoundedAsync(response, token).ConfigureAwait(false);
            return Parse(method, id, response, body);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
        catch (IOException exception)
        {
            throw Failure($"the connection broke ({exception.Message})", "Try again.", exception, isTransient: true);
        }
    }

    private async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, CancellationToken token)
    {
        int limit = _options.MaximumResponseBytes;
        Stream stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using MemoryStream body = new();
            byte[] buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
            try
            {
                int count;
                while ((count = await stream.ReadAsync(buffer, token).ConfigureAwait(false)) > 0)
                {
                    if (body.Length + count > limit)
                    {
                        throw Failure($"an answer of more than {limit} bytes", "Ask for less at once.");
                    }

                    await body.WriteAsync(buffer.AsMemory(0, count), token).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            return body.ToArray();
        }
    }

    private JsonElement Parse(string method, long id, HttpResponseMessage response, byte[] body)
    {
        if (IsOverloaded(response.StatusCode))
        {
            throw NotJsonRpc(response, null); // Whatever the body says, it is worth another attempt.
        }

        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, StrictJson);
            root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw NotJsonRpc(response, exception);
        }

        // A node that cannot even read a request answers with the id null.
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("jsonrpc", out JsonElement version)
            || version.ValueKind != JsonValueKind.String
            || !version.ValueEquals("2.0")
            || !root.TryGetProperty("id", out JsonElement echoed)
            || root.TryGetProperty("error", out JsonElement error)
                == root.TryGetProperty("result", out JsonElement result))
        {
            throw NotJsonRpc(response, null);
        }

        if (error.ValueKind != JsonValueKind.Undefined)
        {
            throw Error(method, response, error);
        }

        return echoed.ValueKind == JsonValueKind.Number && echoed.TryGetInt64(out long echo) && echo == id
            ? result
            : throw new RpcFormatException($"{method}: id", $"{id}", Primitives.Hex.Excerpt(echoed.GetRawText()));
    }

    private Exception Error(string method, HttpResponseMessage response, JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object
            || !error.TryGetProperty("code", out JsonElement code) || code.ValueKind != JsonValueKind.Number
            || !code.TryGetInt64(out long number)
            || !error.TryGetProperty("message", out JsonElement text) || text.ValueKind != JsonValueKind.String)
        {
            return NotJsonRpc(response, null);
        }

        string? data = error.TryGetProperty("data", out JsonElement element)
            ? element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText()
            : null;
        return new RpcException(method, number, text.GetString()!, data);
    }

    private RpcConnectionException NotJsonRpc(HttpResponseMessage response, JsonException? exception)
    {
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return Failure(
                "the answer is not JSON-RPC 2.0", "Something else listens there: check port and path.", exception);
        }

        string target = response.Headers.Location is Uri location
            ? $" to {location.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}"
            : "";
        string check = status switch
        {
            401 or 403 => "Check the access key in the address.",
            >= 300 and < 400 => "Give the address that it redirects to.",
            429 => "The node limits requests: wait, or use another.",
            _ => "Check port and path, and the node's log.",
        };
        return Failure($"HTTP status {status}{target}", check, exception, IsOverloaded(response.StatusCode));
    }

    private static bool IsOverloaded(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private RpcConnectionException Unreachable(HttpRequestException exception)
    {
        SocketError? socket = (exception.InnerException as SocketException)?.SocketErrorCode;
        return (exception.HttpRequestError, socket) switch
        {
            (HttpRequestError.NameResolutionError, _) => Failure(
                $"the name {_endpoint.Host} does not resolve", "Check the spelling and the network.", exception, true),
            (HttpRequestError.SecureConnectionError, _) => Failure(
                "no TLS connection", "Check whether it should be http, and the certificate.", exception),
            (_, SocketError.ConnectionRefused) => Failure(
                "connection refused", "Check that a node listens on that port.", exception, true),
            _ => Failure(
                exception.Message, "Check host and port, and that it is a node's HTTP address.", exception, true),
        };
    }

    private RpcConnectionException Failure(
        string what, string check, Exception? exception = null, bool isTransient = false) =>
        new($"Asked the Ethereum node at {DisplayName} by JSON-RPC: {what}. {check}", isTransient, exception);
}
