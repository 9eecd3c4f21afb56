using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>A store for strangers: HTTP/1.1 on Kestrel over a folder.</summary>
/// <remarks>
/// The protocol, research-store/1; statuses and ranges as RFC 9110 has them, one plain line in each error's body:
/// <list type="bullet">
/// <item><c>GET /</c>: JSON of <c>format</c>, <c>largest</c>, <c>quota</c>, <c>used</c> (bytes) and <c>writes</c>
/// (<c>open</c> or <c>token</c>). Nothing lists what is here.</item>
/// <item><c>GET</c> and <c>HEAD /blobs/HASH</c>, 64 lower-case hexadecimal digits: 200 with the strong ETag
/// <c>"HASH"</c>, 206 and 416 for a <c>Range</c> (with or without <c>If-Range</c>), 304, 404.</item>
/// <item><c>PUT /blobs/HASH</c>: 201; 204 where it is here; 400 for what is no name; 401 without the token where there
/// is one (<c>Authorization: Bearer</c>); 411 without <c>Content-Length</c>; 413 over the limit, unread; 422 where
/// the bytes hash to something else, and nothing is kept; 503 with <c>Retry-After</c> when busy; 507 where the quota is
/// reached or the disk full.</item>
/// <item>The same with <c>Content-Range: bytes FROM-TO/TOTAL</c> and <c>Upload-Id</c>, 32 lower-case hexadecimal digits
/// drawn at random: appends to that upload. 202 while bytes are missing; 409 with <c>Upload-Offset</c> where FROM is not
/// what is here. A later request of an upload ends an earlier one. What is cut stays for an hour.</item>
/// <item><c>HEAD /blobs/HASH</c> with <c>Upload-Id</c>, and the token: 200 where the blob is here and hashes to its name;
/// else 404 with <c>Upload-Offset</c>.</item>
/// <item><c>GET</c>, <c>HEAD</c> and <c>PUT /named/NAME</c>, at most 2 MiB: 200 or 404; 201, 204 for the same bytes
/// again, 409 for others.</item>
/// </list>
/// Memory: a connection has buffers of 256 KiB on its way in and out, a request one of 128 KiB more, and connections and
/// uploads are counted. Of the uploads at once, one client's address has a quarter at most. Time: who sends or takes
/// fewer than 1 KiB a second is cut off.
/// </remarks>
internal sealed class BlobServer : IAsyncDisposable
{
    private const int BufferBytes = 256 << 10;
    private const int DiskFull = 28; // ENOSPC
    private const int FileTooLarge = 27; // EFBIG
    private const int QuotaOfLinux = 122; // EDQUOT
    private const int QuotaOfMac = 69;
    private const int DiskFullOfWindows = unchecked((int)0x80070070);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly BlobServerOptions _options;
    private readonly ServedFolder _folder;
    private readonly BlobReading _reading;
    private readonly BlobWriting _writing;
    private readonly WebApplication _application;

    private BlobServer(BlobServerOptions options, ServedFolder folder)
    {
        _options = options;
        _folder = folder;
        _reading = new BlobReading(folder);
        _writing = new BlobWriting(folder, options);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Limit);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    /// <summary>Gets where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Gets how many bytes everything takes.</summary>
    public long UsedBytes => _folder.Quota.Used;

    /// <summary>Starts a server.</summary>
    /// <exception cref="StoreException">The folder cannot be served, or the address not listened on.</exception>
    /// <exception cref="ArgumentException">The token is none.</exception>
    public static async Task<BlobServer> StartAsync(BlobServerOptions options, CancellationToken cancellationToken)
    {
        ServedFolder folder = ServedFolder.Open(options);
        BlobServer? server = null;
        try
        {
            server = new BlobServer(options, folder);
            await server._application.StartAsync(cancellationToken).ConfigureAwait(false);
            server.Address = new Uri(server._application.Services.GetRequiredService<IServer>().Features
                .GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
            return server;
        }
        catch (Exception e)
        {
            if (server is null)
            {
                folder.Dispose();
            }
            else
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }

            if (e is IOException and not StoreException || e.InnerException is AddressInUseException
                || e is System.Net.Sockets.SocketException)
            {
                throw new StoreException(
                    folder.Store.Name, $"{options.Listen} cannot be listened on: {e.Message} Use another --listen.", e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource patience = new(StopPatience))
        {
            await _application.StopAsync(patience.Token).ConfigureAwait(false); // Then connections are cut.
        }

        await _application.DisposeAsync().ConfigureAwait(false);
        _writing.Dispose();
        _folder.Dispose();
    }

    private void Limit(KestrelServerOptions kestrel)
    {
        KestrelServerLimits limits = kestrel.Limits;
        MinDataRate rate = new(_options.LeastBytesPerSecond, _options.SlowStart);
        limits.MaxConcurrentConnections = _options.MostConnections;
        limits.MaxRequestBodySize = _options.LargestBytes;
        limits.MaxRequestBufferSize = BufferBytes;
        limits.MaxResponseBufferSize = BufferBytes;
        limits.MaxRequestLineSize = 2 << 10;
        limits.MaxRequestHeadersTotalSize = 8 << 10;
        limits.MaxRequestHeaderCount = 40;
        limits.RequestHeadersTimeout = _options.SlowStart;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
        kestrel.AddServerHeader = false;
        kestrel.Listen(_options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            context.Response.Headers.XContentTypeOptions = "nosniff"; // Anybody's bytes are never a page.
            await DispatchAsync(context).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            await TryAnswerAsync(context, e.StatusCode, "The request ended early, or came too slowly.").ConfigureAwait(false);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested
            || e is ConnectionResetException or ConnectionAbortedException)
        {
            // Nobody listens; and no line for it, or strangers could fill the keeper's log.
        }
        catch (OperationCanceledException)
        {
            await TryAnswerAsync(context, StatusCodes.Status409Conflict, "A later request goes on with this upload.")
                .ConfigureAwait(false);
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            _options.Notices?.Report($"The disk of {_options.Folder} is full: {e.Message}");
            await TryAnswerAsync(context, StatusCodes.Status507InsufficientStorage, "The store's disk is full.")
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.Notices?.Report($"{context.Request.Method}: {e.Message}");
            await TryAnswerAsync(context, StatusCodes.Status500InternalServerError, "The store's folder failed.")
                .ConfigureAwait(false);
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        string raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!StoreTarget.TryParse(raw, out StoreTarget target, out string why))
        {
            return Answer.RefuseAsync(context, StatusCodes.Status400BadRequest, why);
        }

        string method = context.Request.Method;
        bool isRead = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        return (target, isRead, HttpMethods.IsPut(method)) switch
        {
            ({ Blob: { } hash }, true, _) when HttpMethods.IsHead(method) && BlobWriting.IsAskedForOffset(context.Request) =>
                _writing.SendOffsetAsync(context, hash),
            ({ Blob: { } hash }, true, _) => _reading.SendBlobAsync(context, hash),
            ({ Blob: { } hash }, _, true) => _writing.TakeBlobAsync(context, hash),
            ({ Entry: { } name }, true, _) => _reading.SendNamedAsync(context, name),
            ({ Entry: { } name }, _, true) => _writing.TakeNamedAsync(context, name),
            ({ Blob: null, Entry: null }, true, _) => DescribeAsync(context),
            _ => RefuseMethodAsync(context, target),
        };
    }

    private static Task RefuseMethodAsync(HttpContext context, StoreTarget target)
    {
        string allowed = target == default ? "GET, HEAD" : "GET, HEAD, PUT";
        context.Response.Headers.Allow = allowed;
        return Answer.RefuseAsync(
            context, StatusCodes.Status405MethodNotAllowed, $"method: expected one of {allowed}.");
    }

    private async Task DescribeAsync(HttpContext context)
    {
        byte[] text = Encoding.UTF8.GetBytes(JsonReport.WriteLine(json =>
        {
            json.WriteStartObject();
            json.WriteString("format", "research-store/1");
            json.WriteNumber("largest", _options.LargestBytes);
            json.WriteNumber("quota", _options.QuotaBytes);
            json.WriteNumber("used", UsedBytes);
            json.WriteString("writes", _options.Token is null ? "open" : "token");
            json.WriteEndObject();
        }));
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = text.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task TryAnswerAsync(HttpContext context, int status, string line)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // Half an answer: the length says so.
            return;
        }

        try
        {
            await Answer.RefuseAsync(context, status, line).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nobody listens.
        }
    }

    /// <summary>Says whether there is no room left, of the disk or of its user.</summary>
    internal static bool IsDiskFull(IOException e) =>
        e.HResult is DiskFull or FileTooLarge or QuotaOfLinux or QuotaOfMac or DiskFullOfWindows;
}
