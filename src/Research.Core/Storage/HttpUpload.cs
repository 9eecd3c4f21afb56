using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Research.Storage;

/// <summary>One upload: over as many connections as it takes, each from where the store says that it is.</summary>
/// <remarks>A store that does not say takes the whole in one request, as any HTTP server with PUT does.</remarks>
internal sealed class HttpUpload(
    HttpExchange exchange, ContentHash hash, ReadOnlyMemory<byte> content, Action<long> progress)
{
    private const string UploadIdHeader = "Upload-Id";
    private const string UploadOffsetHeader = "Upload-Offset";
    private const int IdBytes = 16;

    private readonly string _path = $"blobs/{hash}";
    private string _id = NewId();

    /// <summary>Gets the most bytes that the store has had so far, by its own words.</summary>
    public long Most { get; private set; }

    /// <summary>Sends what is missing.</summary>
    /// <returns>True.</returns>
    /// <exception cref="StoreFailure">Another attempt may send the rest.</exception>
    /// <exception cref="StoreException">None will.</exception>
    public async Task<bool> AttemptAsync(Stall stall)
    {
        (bool isThere, long? offset) = await AskAsync(stall).ConfigureAwait(false);
        if (!isThere)
        {
            await SendAsync(offset, stall).ConfigureAwait(false);
        }

        progress(content.Length);
        return true;
    }

    private static string NewId() => RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    private async Task<(bool IsThere, long? Offset)> AskAsync(Stall stall)
    {
        using HttpRequestMessage request = exchange.Create(HttpMethod.Head, _path);
        request.Headers.Add(UploadIdHeader, _id);
        exchange.Authorize(request);
        using HttpResponseMessage response = await exchange.SendAsync(request, stall).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                exchange.RequireBytes(response);
                return response.Content.Headers.ContentLength == content.Length
                    ? (true, null)
                    : throw new StoreException(exchange.Name, $"it has something else in the place of the blob {hash}.");
            case HttpStatusCode.NotFound:
                long? offset = OffsetIn(response);
                Most = Math.Max(Most, offset ?? 0);
                return (false, offset);
            default:
                throw exchange.Refusal(response);
        }
    }

    private async Task SendAsync(long? offset, Stall stall)
    {
        if (offset == content.Length && offset > 0)
        {
            _id = NewId(); // It had all of it, and did not finish: a request has at least one byte.
            offset = 0;
        }

        int from = (int)(offset ?? 0);
        using HttpRequestMessage request = exchange.Create(HttpMethod.Put, _path);
        exchange.Authorize(request);
        request.Content = new UploadContent(content[from..], (count, sent) =>
        {
            stall.Count(count);
            progress(from + sent);
        });
        request.Headers.ExpectContinue = content.Length - from > UploadContent.PieceBytes; // A refusal costs no bytes then.
        if (offset is not null && content.Length > 0)
        {
            request.Headers.Add(UploadIdHeader, _id);
            request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, content.Length - 1, content.Length);
        }

        using HttpResponseMessage response = await exchange.SendAsync(request, stall).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Created or HttpStatusCode.NoContent:
                return;
            case HttpStatusCode.Conflict:
                Most = Math.Max(Most, OffsetIn(response) ?? 0);
                throw new StoreFailure("it has another part of the blob than it said. Try again.");
            case HttpStatusCode.UnprocessableEntity when from > 0:
                _id = NewId(); // What it kept was spoilt; the whole again.
                throw new StoreFailure("the part of the blob that it kept was spoilt. Try again.");
            case HttpStatusCode.UnprocessableEntity:
                throw new StoreException(
                    exchange.Name, $"other bytes than those of the blob {hash} reached it. Try again; check the network.");
            default:
                throw exchange.Refusal(response);
        }
    }

    private long? OffsetIn(HttpResponseMessage response) =>
        !response.Headers.TryGetValues(UploadOffsetHeader, out IEnumerable<string>? values) ? null
        : long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            && offset <= content.Length ? offset
        : throw new StoreException(exchange.Name, $"{UploadOffsetHeader}: expected a number from 0 to {content.Length}.");
}
