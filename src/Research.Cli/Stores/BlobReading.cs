using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>Answers GET and HEAD, in whole or in part (RFC 9110, 14), with one small buffer a request.</summary>
internal sealed class BlobReading(ServedFolder folder)
{
    private const int BufferBytes = 128 << 10;

    /// <summary>Sends a blob; its receiver hashes it.</summary>
    public Task SendBlobAsync(HttpContext context, ContentHash hash)
    {
        EntityTagHeaderValue tag = new($"\"{hash}\"");
        return SendAsync(context, folder.Store.PathOf(hash), tag, "public, max-age=31536000, immutable");
    }

    /// <summary>Sends a named entry.</summary>
    public Task SendNamedAsync(HttpContext context, string name) =>
        SendAsync(context, folder.Store.PathOfNamed(name), null, "no-cache");

    private static async Task SendAsync(HttpContext context, string path, EntityTagHeaderValue? tag, string cache)
    {
        if (ServedFolder.OpenRead(path) is not { } file)
        {
            await Answer.LineAsync(context, StatusCodes.Status404NotFound, "There is none here.").ConfigureAwait(false);
            return;
        }

        await using (file.ConfigureAwait(false))
        {
            HttpResponse response = context.Response;
            ResponseHeaders headers = response.GetTypedHeaders();
            headers.ETag = tag;
            response.Headers.CacheControl = cache;
            if (tag is not null && context.Request.GetTypedHeaders().IfNoneMatch
                .Any(seen => seen.Compare(tag, useStrongComparison: false) || seen.Equals(EntityTagHeaderValue.Any)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.Headers.AcceptRanges = "bytes";
            response.ContentType = "application/octet-stream";
            (long from, long count) = (0, file.Length);
            if (RequestedRange(context.Request, tag) is { } range)
            {
                if (Bounds(range, file.Length) is not { } bounds)
                {
                    response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Length}");
                    await Answer
                        .LineAsync(context, StatusCodes.Status416RangeNotSatisfiable, "range: expected one within the blob.")
                        .ConfigureAwait(false);
                    return;
                }

                (from, count) = bounds;
                response.StatusCode = StatusCodes.Status206PartialContent;
                headers.ContentRange = new ContentRangeHeaderValue(from, from + count - 1, file.Length);
            }

            response.ContentLength = count;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                file.Position = from;
                await CopyAsync(file, count, response.Body, context.RequestAborted).ConfigureAwait(false);
            }
        }
    }

    // Null also for several ranges, or what is no range: a server may ignore those, and sends the whole (RFC 9110, 14.2).
    private static RangeItemHeaderValue? RequestedRange(HttpRequest request, EntityTagHeaderValue? tag)
    {
        RequestHeaders headers = request.GetTypedHeaders();
        return HttpMethods.IsGet(request.Method)
            && headers.Range is { Ranges: { Count: 1 } ranges } range
            && range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            && (headers.IfRange is not { } condition
                || (tag is not null && condition.EntityTag?.Compare(tag, useStrongComparison: true) == true))
                ? ranges.First()
                : null;
    }

    private static (long From, long Count)? Bounds(RangeItemHeaderValue range, long length)
    {
        long from = range.From ?? Math.Max(0, length - range.To!.Value); // Without From, To counts from the end.
        long to = range.From is null ? length - 1 : Math.Min(range.To ?? long.MaxValue, length - 1);
        return from <= to ? (from, to - from + 1) : null;
    }

    private static async Task CopyAsync(FileStream file, long count, Stream body, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (count > 0)
            {
                int read = await file
                    .ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, BufferBytes)), cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException($"{file.Name}: it was cut while it was sent.");
                }

                await body.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                count -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
