using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Research.Storage;

namespace Research.Tests.Storage;

/// <summary>The client against servers that lie, stall, break off and send too much.</summary>
public sealed class HttpStoreTests : IDisposable
{
    private const string Token = "a-token-that-nobody-may-see";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-http-");

    private static byte[] Blob { get; } = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 % 251))];

    private static ContentHash Hash { get; } = ContentHash.Of(Blob);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FindAsync_AnotherBlob_IsRefusedWithBothHashes()
    {
        byte[] other = [1, 2, 3];
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer("200 OK", other));
        using HttpStore store = Open(server);

        InvalidDataException error =
            await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains(store.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(ContentHash.Of(other).ToString(), error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task FindAsync_Absent_IsNull()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer("404 Not Found", []));
        using HttpStore store = Open(server);

        Assert.Null(await store.FindAsync(Hash, 1 << 20));
        Assert.Null(await store.FindNamedAsync("keys-1", 1 << 20, _ => { }));
    }

    [Fact]
    public async Task FindAsync_EndlessBody_StopsAtTheLimit()
    {
        long sent = 0;
        await using ScriptedServer server = ScriptedServer.Start(async (_, stream, over) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), over);
            while (true)
            {
                await stream.WriteAsync(new byte[1 << 16], over);
                sent += 1 << 16;
            }
        });
        using HttpStore store = Open(server);

        InvalidDataException error =
            await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, 1_000_000));

        Assert.Contains("at most 1000000 bytes", error.Message, StringComparison.Ordinal);
        Assert.True(Interlocked.Read(ref sent) < 100 << 20, "the client went on reading");
    }

    [Fact]
    public async Task FindAsync_AnnouncedTooLarge_IsRefusedUnread()
    {
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("200 OK", "Content-Length: 99999999999", []));
        using HttpStore store = Open(server);

        InvalidDataException error =
            await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, 1000));

        Assert.Contains("got 99999999999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_AGibibyteAnnouncedAndNothingSent_AllocatesLittle()
    {
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("200 OK", "Content-Length: 1073741824", new byte[10]));
        using HttpStore store = new(server.Address, new HttpStoreOptions { Attempts = 1 });

        long before = GC.GetTotalAllocatedBytes();
        await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 30));

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Fact]
    public async Task FindAsync_CutTwice_GoesOnWhereItWas()
    {
        int request = 0;
        await using ScriptedServer server = ScriptedServer.Start(async (head, stream, over) =>
        {
            int from = RangeIn(head);
            int to = Math.Min(Blob.Length, from + 120_000);
            string headers = $"ETag: \"{Hash}\"\r\nContent-Length: {Blob.Length - from}"
                + (from > 0 ? $"\r\nContent-Range: bytes {from}-{Blob.Length - 1}/{Blob.Length}" : "");
            await stream.WriteAsync(
                ScriptedServer.Answer(request++ == 0 ? "200 OK" : "206 Partial Content", headers, Blob.AsSpan(from..to)), over);
        });
        using HttpStore store = Open(server);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));

        Assert.Equal(3, server.Requests.Length);
        Assert.Contains($"If-Range: \"{Hash}\"", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal([0, 120_000, 240_000], server.Requests.Select(RangeIn));
    }

    [Fact]
    public async Task FindAsync_CutByAServerWithoutRanges_StartsOver()
    {
        byte[] half = ScriptedServer.Answer("200 OK", $"Content-Length: {Blob.Length}", Blob.AsSpan(..100_000));
        await using ScriptedServer server = ScriptedServer.Start(half, ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = Open(server);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
    }

    [Fact]
    public async Task FindAsync_HalfABodyEachTime_GivesUp()
    {
        byte[] half = ScriptedServer.Answer("200 OK", $"Content-Length: {Blob.Length}", Blob.AsSpan(..100_000));
        await using ScriptedServer server = ScriptedServer.Start(half);
        using HttpStore store = Open(server);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Equal(store.Name, error.Store);
        Assert.Equal(3, server.Requests.Length);
    }

    [Fact]
    public async Task FindAsync_AnotherRangeThanAsked_StartsOver()
    {
        string tag = $"ETag: \"{Hash}\"\r\nContent-Length: ";
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("200 OK", tag + Blob.Length, Blob.AsSpan(..100_000)),
            ScriptedServer.Answer(
                "206 Partial Content", $"{tag}{Blob.Length - 5}\r\nContent-Range: bytes 5-{Blob.Length - 1}/{Blob.Length}", Blob.AsSpan(5..)),
            ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = Open(server);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
    }

    [Fact]
    public async Task FindAsync_AnotherProcessesPart_IsGoneOnWith()
    {
        string headers = $"ETag: \"{Hash}\"\r\nContent-Length: {Blob.Length}";
        await using ScriptedServer server = ScriptedServer.Start(async (head, stream, over) =>
        {
            int from = RangeIn(head);
            await stream.WriteAsync(
                from == 0 ? ScriptedServer.Answer("200 OK", headers, Blob.AsSpan(..100_000))
                : ScriptedServer.Answer(
                    "206 Partial Content",
                    $"Content-Length: {Blob.Length - from}\r\nContent-Range: bytes {from}-{Blob.Length - 1}/{Blob.Length}",
                    Blob.AsSpan(from..)),
                over);
        });
        HttpStoreOptions options = new() { Attempts = 1, PartsFolder = _folder.FullName };
        using (HttpStore first = new(server.Address, options))
        {
            await Assert.ThrowsAsync<StoreException>(() => first.FindAsync(Hash, 1 << 20));
        }

        Assert.Equal(100_000, Assert.Single(_folder.GetFiles()).Length);
        using HttpStore second = new(server.Address, options);

        Assert.Equal(Blob, await second.FindAsync(Hash, 1 << 20));

        Assert.Equal([0, 100_000], server.Requests.Select(RangeIn));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task FindAsync_SpoiltPartOnDisk_IsFetchedAnewAndNotBlamedOnTheStore()
    {
        await using ScriptedServer server = ScriptedServer.Start(async (head, stream, over) =>
        {
            int from = RangeIn(head);
            string range = from > 0 ? $"\r\nContent-Range: bytes {from}-{Blob.Length - 1}/{Blob.Length}" : "";
            await stream.WriteAsync(
                ScriptedServer.Answer(
                    from > 0 ? "206 Partial Content" : "200 OK",
                    $"ETag: \"{Hash}\"\r\nContent-Length: {Blob.Length - from}{range}",
                    Blob.AsSpan(from..)),
                over);
        });
        HttpStoreOptions options = new() { Attempts = 1, PartsFolder = _folder.FullName };
        using HttpStore store = new(server.Address, options);
        string part = PartOf(store);
        await File.WriteAllBytesAsync(part, new byte[100_000]);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));

        Assert.Equal([100_000, 0], server.Requests.Select(RangeIn));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task FindAsync_BusyThenGood_Waits()
    {
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("429 Too Many Requests", "Retry-After: 0\r\nContent-Length: 0", []),
            ScriptedServer.Answer("500 Internal Server Error", []),
            ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = Open(server);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
        Assert.Equal(3, server.Requests.Length);
    }

    [Fact]
    public async Task FindAsync_RetryAfterAYear_IsBounded()
    {
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("503 Service Unavailable", "Retry-After: 31536000\r\nContent-Length: 0", []),
            ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = new(
            server.Address, new HttpStoreOptions { LongestPause = TimeSpan.FromMilliseconds(1) });

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
    }

    [Theory]
    [InlineData("200 OK", "Content-Type: text/html; charset=utf-8\r\nContent-Length: 6", "HTML")]
    [InlineData("302 Found", "Location: http://evil.example/secret?x=1\r\nContent-Length: 0", "redirects to http://evil.example (")]
    [InlineData("307 Temporary Redirect", "Location: /elsewhere\r\nContent-Length: 0", "redirects (HTTP status 307)")]
    [InlineData("403 Forbidden", "Content-Length: 0", "RESEARCH_STORE_TOKEN")]
    [InlineData("418 Teapot", "Content-Length: 0", "HTTP status 418")]
    [InlineData("206 Partial Content", "Content-Length: 0", "HTTP status 206")]
    public async Task FindAsync_AnswersOfNoStore_AreOneLineAndNotRepeated(string status, string headers, string expected)
    {
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer(status, headers, "\u001b[31mx"u8));
        using HttpStore store = Open(server);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(store.Name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task FindAsync_GzipBomb_IsNotUnpacked()
    {
        using MemoryStream bomb = new();
        using (GZipStream gzip = new(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(new byte[64 << 20]);
        }

        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("200 OK", $"Content-Encoding: gzip\r\nContent-Length: {bomb.Length}", bomb.ToArray()));
        using HttpStore store = Open(server);

        long before = GC.GetTotalAllocatedBytes();
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 30));

        Assert.Contains("compressed", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 32 << 20);
        Assert.Contains("Accept-Encoding: identity", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_HeadersWithoutEnd_AreRefused()
    {
        await using ScriptedServer server = ScriptedServer.Start(async (_, stream, over) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), over);
            for (int i = 0; true; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}: {new string('x', 1000)}\r\n"), over);
            }
        });
        using HttpStore store = Open(server);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains("HTTP/1.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_NoHttp_IsOneLine()
    {
        await using ScriptedServer server = ScriptedServer.Start("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        using HttpStore store = Open(server);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains("Check the port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_HttpWhereHttpsIsSaid_SpeaksOfTls()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = new(new UriBuilder(server.Address) { Scheme = "https" }.Uri);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains("no TLS connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_NobodyListens_IsOneLine()
    {
        TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        Uri address = new($"http://{closed.LocalEndpoint}/");
        closed.Dispose();
        using HttpStore store = new(address, new HttpStoreOptions { Attempts = 2 });

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains("connection refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("research store serve", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_NoAnswer_EndsAfterTheTimeout()
    {
        await using ScriptedServer server = ScriptedServer.Start((_, _, over) => Task.Delay(Timeout.Infinite, over));
        using HttpStore store = new(
            server.Address, new HttpStoreOptions { Attempts = 1, Timeout = TimeSpan.FromMilliseconds(50) });

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));

        Assert.Contains("0.1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_AByteNowAndThen_IsNoProgress()
    {
        await using ScriptedServer server = ScriptedServer.Start(async (_, stream, over) =>
        {
            await stream.WriteAsync(ScriptedServer.Answer("200 OK", "Content-Length: 1000000", []), over);
            while (true)
            {
                await stream.WriteAsync(new byte[1], over);
                await Task.Delay(1, over);
            }
        });
        using HttpStore store = new(
            server.Address, new HttpStoreOptions { Attempts = 1, Timeout = TimeSpan.FromMilliseconds(300) });

        await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 1 << 20));
    }

    [Fact]
    public async Task FindAsync_Cancelled_EndsAtOnce()
    {
        using CancellationTokenSource cancelled = new();
        await using ScriptedServer server = ScriptedServer.Start(async (_, _, over) =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, over);
        });
        using HttpStore store = Open(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.FindAsync(Hash, 1 << 20, cancelled.Token));
    }

    [Fact]
    public async Task PutAsync_ToAnyHttpServer_SendsTheWhole()
    {
        await using ScriptedServer server = ScriptedServer.Start(async (head, stream, over) =>
        {
            if (head.StartsWith("PUT", StringComparison.Ordinal))
            {
                byte[] body = new byte[3];
                await stream.ReadExactlyAsync(body, over);
                await stream.WriteAsync(ScriptedServer.Answer(body is [1, 2, 3] ? "201 Created" : "400 Bad", []), over);
                return;
            }

            await stream.WriteAsync(ScriptedServer.Answer("404 Not Found", []), over);
        });
        using HttpStore store = Open(server);

        Assert.Equal(ContentHash.Of([1, 2, 3]), await store.PutAsync(new byte[] { 1, 2, 3 }));

        Assert.DoesNotContain("Content-Range", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("401 Unauthorized", "RESEARCH_STORE_TOKEN")]
    [InlineData("413 Too Large", "does not take as many bytes")]
    [InlineData("507 Full", "it is full")]
    [InlineData("200 OK", "in the place of the blob")]
    public async Task PutAsync_Refused_IsOneLineWithoutTheToken(string status, string expected)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer(status, []));
        using HttpStore store = new(server.Address, new HttpStoreOptions { Token = Token });

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Blob));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Authorization: Bearer {Token}", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("300001")]
    [InlineData("x")]
    public async Task PutAsync_OffsetThatIsNone_IsRefused(string offset)
    {
        await using ScriptedServer server = ScriptedServer.Start(
            ScriptedServer.Answer("404 Not Found", $"Upload-Offset: {offset}\r\nContent-Length: 0", []));
        using HttpStore store = Open(server);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Blob));

        Assert.Contains("Upload-Offset", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutAsync_OffsetMovesForEver_GivesUp()
    {
        await using ScriptedServer server = ScriptedServer.Start(async (head, stream, over) => await stream.WriteAsync(
            ScriptedServer.Answer(
                head.StartsWith("HEAD", StringComparison.Ordinal) ? "404 Not Found" : "409 Conflict",
                "Upload-Offset: 5\r\nContent-Length: 0",
                []),
            over));
        using HttpStore store = Open(server);

        await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Blob));

        Assert.Equal(6, server.Requests.Length);
    }

    [Fact]
    public async Task FindAsync_WithAToken_DoesNotSendIt()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = new(server.Address, new HttpStoreOptions { Token = Token });

        await store.FindAsync(Hash, 1 << 20);

        Assert.DoesNotContain("Authorization", Assert.Single(server.Requests), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task FindNamedAsync_WrongForItsReader_NamesTheStore()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer("200 OK", [1]));
        using HttpStore store = Open(server);

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => store.FindNamedAsync("keys-1", 10, _ => throw new InvalidDataException("no keys")));

        Assert.Equal($"{store.Name}/named/keys-1: no keys", error.Message);
    }

    [Fact]
    public async Task Progress_OfADownload_EndsWithAllBytes()
    {
        List<BlobProgress> seen = [];
        await using ScriptedServer server = ScriptedServer.Start(ScriptedServer.Answer("200 OK", Blob));
        using HttpStore store = new(server.Address, new HttpStoreOptions { Progress = new Listed(seen) });

        await store.FindAsync(Hash, 1 << 20);

        Assert.Equal(new BlobProgress(store.Name, Hash, BlobDirection.Download, Blob.Length, Blob.Length), seen[^1]);
    }

    [Fact]
    public void ToString_OfOptions_HidesTheToken()
    {
        HttpStoreOptions options = new() { Token = Token };

        Assert.DoesNotContain(Token, options.ToString(), StringComparison.Ordinal);
        Assert.Null(typeof(HttpStoreOptions).GetProperty("Token")!.GetGetMethod());
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new HttpStore(new Uri("http://localhost/"), new HttpStoreOptions { Token = Token + "\n" }));
        Assert.DoesNotContain(Token, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host/")]
    [InlineData("file:///etc")]
    [InlineData("http://user:secret@host/")]
    [InlineData("http://host/?a=b")]
    [InlineData("http://host/#x")]
    public void Constructor_AddressOfNoStore_ThrowsAndShowsNoSecret(string address)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new HttpStore(new Uri(address)));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static HttpStore Open(ScriptedServer server) => new(server.Address, new HttpStoreOptions { Attempts = 3 });

    private static int RangeIn(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
    }

    private string PartOf(HttpStore store)
    {
        byte[] origin = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(store.Name));
        return Path.Combine(_folder.FullName, $"{Convert.ToHexStringLower(origin.AsSpan(0, 8))}-{Hash}.part");
    }

    private sealed class Listed(List<BlobProgress> seen) : IProgress<BlobProgress>
    {
        public void Report(BlobProgress value) => seen.Add(value);
    }
}
