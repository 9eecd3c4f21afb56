using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>Answers PUT, and HEAD of who wants to upload: bytes go to a file as they come, hashed on the way.</summary>
internal sealed class BlobWriting(ServedFolder folder, BlobServerOptions options) : IDisposable
{
    /// <summary>The largest named entry, in bytes.</summary>
    public const int LargestNamedBytes = 2 << 20;

    private const string UploadIdHeader = "Upload-Id";
    private const string UploadOffsetHeader = "Upload-Offset";
    private const int BufferBytes = 128 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly UploadTurns _turns = new(options.MostUploads, options.MostUploadsOfOne, options.TurnPatience);
    private readonly WriteToken? _token = options.Token is { } token ? new WriteToken(token) : null;

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    /// <summary>Says whether a HEAD asks for an upload's offset rather than for the blob.</summary>
    public static bool IsAskedForOffset(HttpRequest request) => request.Headers.ContainsKey(UploadIdHeader);

    /// <summary>Says whether there is such a blob, whole, and else how much of an upload there is.</summary>
    public async Task SendOffsetAsync(HttpContext context, ContentHash hash)
    {
        string id = context.Request.Headers[UploadIdHeader].ToString();
        if (!UploadId.IsId(id))
        {
            await RefuseIdAsync(context).ConfigureAwait(false);
        }
        else if (await MayWriteAsync(context).ConfigureAwait(false))
        {
            await InTurnAsync(context, async () =>
            {
                if (await folder.IsIntactAsync(hash, context.RequestAborted).ConfigureAwait(false))
                {
                    context.Response.StatusCode = StatusCodes.Status200OK;
                    context.Response.ContentLength = new FileInfo(folder.Store.PathOf(hash)).Length;
                    return;
                }

                SetOffset(context, folder.Parts.OffsetOf(new UploadId(hash, id)));
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a blob, or the next bytes of one.</summary>
    public async Task TakeBlobAsync(HttpContext context, ContentHash hash)
    {
        if (!await MayWriteAsync(context).ConfigureAwait(false)
            || await LengthAsync(context, options.LargestBytes).ConfigureAwait(false) is not long length)
        {
            return;
        }

        HttpRequest request = context.Request;
        if (!request.Headers.ContainsKey(HeaderNames.ContentRange))
        {
            await InTurnAsync(context, () => TakeWholeAsync(context, hash, length)).ConfigureAwait(false);
            return;
        }

        string id = request.Headers[UploadIdHeader].ToString();
        if (!UploadId.IsId(id))
        {
            await RefuseIdAsync(context).ConfigureAwait(false);
        }
        else if (request.GetTypedHeaders().ContentRange is not { HasLength: true, HasRange: true } range
            || range.Unit != "bytes" || range.To - range.From + 1 != length || range.To >= range.Length)
        {
            await Answer.RefuseAsync(
                context,
                StatusCodes.Status400BadRequest,
                "Content-Range: expected bytes FROM-TO/TOTAL, as long as the body.").ConfigureAwait(false);
        }
        else if (range.Length > options.LargestBytes)
        {
            await RefuseLargeAsync(context, range.Length.Value, options.LargestBytes).ConfigureAwait(false);
        }
        else
        {
            UploadId upload = new(hash, id);
            await InTurnAsync(context, () => TakePartAsync(context, upload, range)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a named entry, once.</summary>
    public async Task TakeNamedAsync(HttpContext context, string name)
    {
        if (await MayWriteAsync(context).ConfigureAwait(false)
            && await LengthAsync(context, LargestNamedBytes).ConfigureAwait(false) is long length)
        {
            await InTurnAsync(context, () => TakeNamedAsync(context, name, (int)length)).ConfigureAwait(false);
        }
    }

    private async Task TakeNamedAsync(HttpContext context, string name, int length)
    {
        byte[] content = new byte[length]; // At most 2 MiB, and as many of those as there are turns.
        if (!await FillAsync(context.Request.Body, content, context.RequestAborted).ConfigureAwait(false))
        {
            return;
        }

        string path = folder.Store.PathOfNamed(name);
        long cost = StoreQuota.Cost(length);
        if (!File.Exists(path))
        {
            if (!folder.Parts.TryTake(cost))
            {
                await RefuseQuotaAsync(context).ConfigureAwait(false);
                return;
            }

            string temporary = folder.NewTemporary();
            bool isKept = false;
            try
            {
                FileStream file = CreateFile(temporary);
                await using (file.ConfigureAwait(false))
                {
                    await file.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
                    file.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: false);
                isKept = true;
                await Answer.StatusAsync(context, StatusCodes.Status201Created).ConfigureAwait(false);
                return;
            }
            catch (IOException) when (File.Exists(path))
            {
                // Somebody else was first: compare.
            }
            finally
            {
                if (!isKept)
                {
                    ServedFolder.DeleteLeftOver(temporary);
                    folder.Quota.Add(-cost);
                }
            }
        }

        if (await HasAsync(path, content, context.RequestAborted).ConfigureAwait(false))
        {
            await Answer.StatusAsync(context, StatusCodes.Status204NoContent).ConfigureAwait(false);
            return;
        }

        await Answer.LineAsync(
            context, StatusCodes.Status409Conflict, "The entry has other bytes, and is written once.")
            .ConfigureAwait(false);
    }

    private async Task TakeWholeAsync(HttpContext context, ContentHash hash, long length)
    {
        if (await folder.IsIntactAsync(hash, context.RequestAborted).ConfigureAwait(false))
        {
            await Answer.StatusAsync(context, StatusCodes.Status204NoContent).ConfigureAwait(false);
            return;
        }

        long cost = StoreQuota.Cost(length);
        if (!folder.Parts.TryTake(cost))
        {
            await RefuseQuotaAsync(context).ConfigureAwait(false);
            return;
        }

        string temporary = folder.NewTemporary();
        bool isKept = false;
        try
        {
            using IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            FileStream file = CreateFile(temporary);
            await using (file.ConfigureAwait(false))
            {
                await ReceiveAsync(context.Request.Body, length, file, sha, _ => { }, context.RequestAborted)
                    .ConfigureAwait(false);
                ContentHash actual = new(sha.GetHashAndReset());
                if (actual != hash)
                {
                    await RefuseHashAsync(context, hash, actual).ConfigureAwait(false);
                    return;
                }

                file.Flush(flushToDisk: true);
            }

            bool isNew = folder.Commit(temporary, hash);
            isKept = true;
            await Answer
                .StatusAsync(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status204NoContent)
                .ConfigureAwait(false);
        }
        finally
        {
            if (!isKept)
            {
                ServedFolder.DeleteLeftOver(temporary);
                folder.Quota.Add(-cost);
            }
        }
    }

    private async Task TakePartAsync(HttpContext context, UploadId upload, ContentRangeHeaderValue range)
    {
        if (await folder.IsIntactAsync(upload.Hash, context.RequestAborted).ConfigureAwait(false))
        {
            await Answer.StatusAsync(context, StatusCodes.Status204NoContent).ConfigureAwait(false);
            return;
        }

        using CancellationTokenSource request =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        UploadPart? part;
        do
        {
            part = folder.Parts.GetOrAdd(upload);
            if (part is null || !await part.TakeAsync(request, Patience, request.Token).ConfigureAwait(false))
            {
                await Answer.LaterAsync(context, "All parts are being written to; come again.").ConfigureAwait(false);
                return;
            }

            if (part.IsGone)
            {
                part.Release();
                part = null;
            }
        }
        while (part is null);

        try
        {
            await AppendAsync(context, part, range, request.Token).ConfigureAwait(false);
        }
        finally
        {
            part.LastUsed = options.Time.GetTimestamp();
            part.Release();
        }
    }

    private async Task AppendAsync(
        HttpContext context, UploadPart part, ContentRangeHeaderValue range, CancellationToken cancellationToken)
    {
        long from = range.From!.Value;
        long end = range.To!.Value + 1;
        if (from != part.Size)
        {
            SetOffset(context, part.Size);
            if (part.Size == 0)
            {
                folder.Parts.Remove(part);
            }

            await Answer.RefuseAsync(
                context,
                StatusCodes.Status409Conflict,
                string.Create(CultureInfo.InvariantCulture, $"Content-Range: expected from {part.Size}, got {from}."))
                .ConfigureAwait(false);
            return;
        }

        long more = StoreQuota.Cost(end) - part.Held;
        if (!folder.Parts.TryTake(more))
        {
            folder.Parts.Remove(part); // It can only be in the way.
            await RefuseQuotaAsync(context).ConfigureAwait(false);
            return;
        }

        part.Held += more;
        try
        {
            await ReceiveAsync(context.Request.Body, part, end - from, cancellationToken).ConfigureAwait(false);
            if (end < range.Length)
            {
                SetOffset(context, part.Size);
                await Answer.StatusAsync(context, StatusCodes.Status202Accepted).ConfigureAwait(false);
                return;
            }
        }
        catch (IOException e) when (BlobServer.IsDiskFull(e))
        {
            folder.Parts.Remove(part); // It can only be in the way.
            throw;
        }
        catch (Exception)
        {
            GiveBack(part);
            throw;
        }

        await CompleteAsync(context, part).ConfigureAwait(false);
    }

    // Whatever happens, the part says what is in its file: a request that was cut leaves it to the next.
    private static async Task ReceiveAsync(
        Stream body, UploadPart part, long length, CancellationToken cancellationToken)
    {
        FileStream file = new(
            part.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            part.Hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (file.Length != part.Size)
            {
                file.SetLength(part.Size); // Less a write that was cut.
            }

            file.Position = part.Hashed;
            await ServedFolder.HashAsync(file, part.Hash, part.Size - part.Hashed, cancellationToken).ConfigureAwait(false);
            part.Hashed = part.Size;
            await ReceiveAsync(
                body,
                length,
                file,
                part.Hash,
                count =>
                {
                    part.Size += count;
                    part.Hashed = part.Size;
                },
                cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
    }

    private async Task CompleteAsync(HttpContext context, UploadPart part)
    {
        ContentHash actual = new(part.Hash!.GetCurrentHash());
        if (actual != part.Upload.Hash)
        {
            folder.Parts.Remove(part);
            await RefuseHashAsync(context, part.Upload.Hash, actual).ConfigureAwait(false);
            return;
        }

        bool isNew = folder.Commit(part.Path, part.Upload.Hash);
        folder.Parts.Forget(part);
        await Answer
            .StatusAsync(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status204NoContent)
            .ConfigureAwait(false);
    }

    private void GiveBack(UploadPart part)
    {
        if (part.Size == 0)
        {
            folder.Parts.Remove(part);
            return;
        }

        long less = part.Held - StoreQuota.Cost(part.Size);
        part.Held -= less;
        folder.Quota.Add(-less);
    }

    private static FileStream CreateFile(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: true);

    private static async Task ReceiveAsync(
        Stream body, long length, FileStream file, IncrementalHash sha, Action<int> written, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (length > 0)
            {
                int filled = 0;
                int most = (int)Math.Min(length, BufferBytes);
                Exception? cut = null;
                while (filled < most)
                {
                    int count = 0;
                    try
                    {
                        count = await body.ReadAsync(buffer.AsMemory(filled, most - filled), cancellationToken)
                            .ConfigureAwait(false);
                    }
                    catch (Exception e) when (e is IOException or OperationCanceledException)
                    {
                        cut = e; // What came before it is kept first.
                    }

                    if (count == 0)
                    {
                        cut ??= new EndOfStreamException();
                        break;
                    }

                    filled += count;
                }

                await file.WriteAsync(buffer.AsMemory(0, filled), CancellationToken.None).ConfigureAwait(false);
                sha.AppendData(buffer, 0, filled);
                written(filled);
                length -= filled;
                if (cut is not null)
                {
                    throw cut;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> FillAsync(Stream body, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            await body.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    private static async Task<bool> HasAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        if (ServedFolder.OpenRead(path) is not { } file)
        {
            return false;
        }

        await using (file.ConfigureAwait(false))
        {
            byte[] there = new byte[content.Length];
            return file.Length == content.Length
                && await FillAsync(file, there, cancellationToken).ConfigureAwait(false)
                && there.AsSpan().SequenceEqual(content);
        }
    }

    private async Task<bool> MayWriteAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(HeaderNames.Origin))
        {
            // A web page in somebody's browser, which can reach what only that machine can.
            await Answer.RefuseAsync(context, StatusCodes.Status403Forbidden, "Web pages may not write here.")
                .ConfigureAwait(false);
            return false;
        }

        if (_token is null || _token.IsIn(context.Request))
        {
            return true;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Answer.RefuseAsync(
            context, StatusCodes.Status401Unauthorized, "Authorization: expected Bearer and this store's token.")
            .ConfigureAwait(false);
        return false;
    }

    private static async Task<long?> LengthAsync(HttpContext context, long largest)
    {
        if (context.Request.ContentLength is not long length)
        {
            await Answer.RefuseAsync(
                context, StatusCodes.Status411LengthRequired, "Content-Length: expected the body's length, got none.")
                .ConfigureAwait(false);
            return null;
        }

        if (length > largest)
        {
            await RefuseLargeAsync(context, length, largest).ConfigureAwait(false);
            return null;
        }

        return length;
    }

    private async Task InTurnAsync(HttpContext context, Func<Task> work)
    {
        if (!await _turns.TryRunAsync(context.Connection.RemoteIpAddress, work, context.RequestAborted)
            .ConfigureAwait(false))
        {
            await Answer.LaterAsync(context, "Too many uploads at once, of your address or of all; come again.")
                .ConfigureAwait(false);
        }
    }

    private static void SetOffset(HttpContext context, long offset) =>
        context.Response.Headers[UploadOffsetHeader] = offset.ToString(CultureInfo.InvariantCulture);

    private static Task RefuseIdAsync(HttpContext context) => Answer.RefuseAsync(
        context, StatusCodes.Status400BadRequest, "Upload-Id: expected 32 lower-case hexadecimal digits.");

    private static Task RefuseLargeAsync(HttpContext context, long length, long largest) => Answer.RefuseAsync(
        context,
        StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"length: expected at most {largest} bytes, got {length}."));

    private static Task RefuseQuotaAsync(HttpContext context) => Answer.RefuseAsync(
        context, StatusCodes.Status507InsufficientStorage, "The store's quota is reached.");

    private static Task RefuseHashAsync(HttpContext context, ContentHash expected, ContentHash actual) => Answer.LineAsync(
        context,
        StatusCodes.Status422UnprocessableEntity,
        $"content: expected SHA-256 {expected}, got {actual}; nothing was kept.");
}
