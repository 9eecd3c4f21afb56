using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Research.Storage;

/// <summary>One download: over as many connections as it takes, into memory that grows with what came.</summary>
internal sealed class HttpDownload(
    HttpExchange exchange, string path, long mostBytes, DownloadPart part, Action<long, long?> progress)
{
    private EntityTagHeaderValue? _tag;

    /// <summary>Gets the most bytes that were here so far.</summary>
    public long Most { get; private set; }

    /// <summary>Sets the tag that an earlier process's bytes had.</summary>
    public string? Tag
    {
        init => _tag = value is null ? null : new EntityTagHeaderValue($"\"{value}\"");
    }

    /// <summary>Fetches what is missing.</summary>
    /// <returns>Whether it is here now; false where the store does not have it.</returns>
    /// <exception cref="StoreFailure">Another attempt may fetch the rest.</exception>
    /// <exception cref="StoreException">None will.</exception>
    /// <exception cref="InvalidDataException">There are too many bytes.</exception>
    public async Task<bool> AttemptAsync(Stall stall)
    {
        using HttpRequestMessage request = exchange.Create(HttpMethod.Get, path);
        int from = _tag is null ? 0 : part.Bytes.Length;
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(_tag!); // Else the whole comes (RFC 9110, 13.1.5).
        }

        using HttpResponseMessage response = await exchange.SendAsync(request, stall).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                return false;
            case HttpStatusCode.PartialContent when from > 0 && response.Content.Headers.ContentRange?.From == from:
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when from > 0:
                part.Clear();
                throw new StoreFailure("another range than the one asked for. Try again.", TimeSpan.Zero);
            case HttpStatusCode.OK:
                part.Clear();
                break;
            default:
                throw exchange.Refusal(response);
        }

        exchange.RequireBytes(response);
        _tag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
        long? total = part.Bytes.Length + response.Content.Headers.ContentLength;
        if (total > mostBytes)
        {
            throw TooLarge(total.Value);
        }

        Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await ReadAsync(body, total, stall).ConfigureAwait(false);
        }

        return true;
    }

    private async Task ReadAsync(Stream body, long? total, Stall stall)
    {
        byte[] another = new byte[1];
        while (true)
        {
            bool isFull = part.Bytes.Length == (total ?? mostBytes);
            Memory<byte> room = isFull ? another : part.Bytes.Room(total ?? mostBytes);
            int count = await body.ReadAsync(room, stall.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            if (isFull)
            {
                throw TooLarge(null);
            }

            part.Advance(room, count);
            Most = Math.Max(Most, part.Bytes.Length);
            stall.Count(count);
            progress(part.Bytes.Length, total);
        }
    }

    private InvalidDataException TooLarge(long? actual) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{exchange.Name}/{path}: expected at most {mostBytes} bytes, got {(actual is null ? "more" : actual)}."));
}
