using System.Net;

namespace Research.Storage;

/// <summary>A store behind HTTP: <c>research store serve</c>, or to read from any server that has blobs by their names.</summary>
/// <remarks>
/// The store is anybody's. What it sends is hashed, and anything else than the blob refused; memory grows with what came,
/// never by the store's word; no redirect is followed; what is cut goes on where it was (RFC 9110, 14), also uploads.
/// Time is bounded too: <see cref="HttpStoreOptions.Timeout"/> for each answer and each 64 KiB,
/// <see cref="HttpStoreOptions.Attempts"/> in a row that bring less than 1 MiB.
/// The token goes only into requests that write; over plain HTTP whoever is on the way can read it.
/// </remarks>
public sealed class HttpStore : IBlobStore, IDisposable
{
    private readonly HttpStoreOptions _options;
    private readonly HttpExchange _exchange;

    /// <summary>Names a store; nothing is sent yet.</summary>
    /// <param name="address">Its address: http or https, with or without a path, without user, query and fragment.</param>
    /// <param name="options">Patience, token and places; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address or an option is not as described; a token is never shown.</exception>
    public HttpStore(Uri address, HttpStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _options = options ?? new HttpStoreOptions();
        RequireAddress(address);
        RequireOptions(_options);
        _exchange = new HttpExchange(address, _options);
    }

    /// <summary>Gets the address.</summary>
    public string Name => _exchange.Name;

    /// <inheritdoc/>
    public void Dispose() => _exchange.Dispose();

    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(
        ContentHash hash, long mostBytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        mostBytes = Math.Min(mostBytes, BlobLimits.MostBytes);
        using DownloadPart part = DownloadPart.Open(Name, hash, mostBytes, _options);
        if (part.IsInherited && ContentHash.Of(part.Bytes.Written) == hash)
        {
            part.Delete(); // It was whole, and its process killed before it said so.
            return part.Bytes.ToArray();
        }

        HttpDownload download = new(
            _exchange,
            $"blobs/{hash}",
            mostBytes,
            part,
            (done, total) => _options.Progress?.Report(new BlobProgress(Name, hash, BlobDirection.Download, done, total)))
        {
            Tag = part.IsInherited ? hash.ToString() : null,
        };
        while (true)
        {
            bool isFound = await AttemptOrDeleteAsync(download, part, cancellationToken).ConfigureAwait(false);
            ContentHash actual = ContentHash.Of(part.Bytes.Written);
            if (isFound && actual != hash && part.IsInherited)
            {
                part.Clear(); // What lay on this disk may be to blame, not the store.
                continue;
            }

            part.Delete();
            return !isFound ? null
                : actual == hash ? part.Bytes.ToArray()
                : throw new InvalidDataException($"{Name}: expected content with SHA-256 {hash}, got {actual}.");
        }
    }

    /// <inheritdoc/>
    public async Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        BlobLimits.Require(content);
        ContentHash hash = ContentHash.Of(content.Span);
        HttpUpload upload = new(
            _exchange,
            hash,
            content,
            done => _options.Progress?.Report(
                new BlobProgress(Name, hash, BlobDirection.Upload, done, content.Length)));
        await _exchange.RetryAsync(upload.AttemptAsync, () => upload.Most, cancellationToken).ConfigureAwait(false);
        return hash;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindNamedAsync(
        string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        using DownloadPart part = DownloadPart.InMemory();
        HttpDownload download = new(
            _exchange, $"named/{name}", Math.Min(mostBytes, BlobLimits.MostBytes), part, (_, _) => { });
        if (!await _exchange.RetryAsync(download.AttemptAsync, () => download.Most, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        byte[] content = part.Bytes.ToArray();
        try
        {
            check(content);
            return content;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Name}/named/{name}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task PutNamedAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        BlobLimits.Require(content);
        await _exchange.RetryAsync(AttemptAsync, () => 0, cancellationToken).ConfigureAwait(false);

        async Task<bool> AttemptAsync(Stall stall)
        {
            using HttpRequestMessage request = _exchange.Create(HttpMethod.Put, $"named/{name}");
            _exchange.Authorize(request);
            request.Content = new UploadContent(content, (count, _) => stall.Count(count));
            request.Headers.ExpectContinue = content.Length > UploadContent.PieceBytes;
            using HttpResponseMessage response = await _exchange.SendAsync(request, stall).ConfigureAwait(false);
            return response.StatusCode switch
            {
                HttpStatusCode.Created or HttpStatusCode.NoContent => true,
                HttpStatusCode.Conflict => throw new StoreException(
                    Name, $"the entry {name}: expected none, or the same; it has other bytes, and is written once."),
                _ => throw _exchange.Refusal(response),
            };
        }
    }

    private async Task<bool> AttemptOrDeleteAsync(
        HttpDownload download, DownloadPart part, CancellationToken cancellationToken)
    {
        try
        {
            return await _exchange.RetryAsync(download.AttemptAsync, () => download.Most, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            part.Delete(); // It is too large: nothing to go on with.
            throw;
        }
    }

    private static void RequireAddress(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new ArgumentException( // Not shown: it may hold a password.
                "A store's address: expected http:// or https://, a host, and no user, query or fragment.",
                nameof(address));
        }
    }

    private static void RequireOptions(HttpStoreOptions options)
    {
        if (options.Timeout <= TimeSpan.Zero || options.Timeout.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentException(
                $"{nameof(options.Timeout)}: expected more than 0, and at most 24 days; got {options.Timeout}.", nameof(options));
        }

        if (options.Attempts < 1)
        {
            throw new ArgumentException(
                $"{nameof(options.Attempts)}: expected at least 1, got {options.Attempts}.", nameof(options));
        }

        if (options.Token is { } token && (token.Length == 0 || token.Any(c => c is <= ' ' or > '~')))
        {
            throw new ArgumentException(
                $"{nameof(options.Token)}: expected visible ASCII characters, got {token.Length} characters, not all of "
                + "them such.",
                nameof(options));
        }
    }
}
