using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Research.Cli.Stores;
using Research.Storage;
using Research.Tests.Tools;

namespace Research.Tests.Stores;

public sealed class BlobServerTests : IAsyncLifetime, IDisposable
{
    private const string Id = "00112233445566778899aabbccddeeff";
    private const string Token = "0123456789abcdef-token";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly HttpClient _http = new();
    private BlobServer _server = null!;

    private static byte[] Blob { get; } = Bytes(400_000, 1);

    private static ContentHash Hash { get; } = ContentHash.Of(Blob);

    private BlobServerOptions Options => new()
    {
        Folder = _folder["store"],
        LargestBytes = 1 << 20,
        QuotaBytes = 4 << 20,
        Time = _time,
    };

    public async Task InitializeAsync() => _server = await BlobServer.StartAsync(Options, CancellationToken.None);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PutAsync_ThenFindAsync_ReturnsTheBytesAndAFolderStoreHasThem()
    {
        using HttpStore store = new(_server.Address);

        Assert.Null(await store.FindAsync(Hash, 1 << 20));
        Assert.Equal(Hash, await store.PutAsync(Blob));
        await store.PutAsync(Blob);
        Assert.Equal(Hash, await store.PutAsync(Blob));
        ContentHash empty = await store.PutAsync(ReadOnlyMemory<byte>.Empty);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
        Assert.Empty((await store.FindAsync(empty, 0))!);
        Assert.Equal(Blob, await new FolderStore(Options.Folder).GetAsync(Hash));
        Assert.Equal(["lock"], Incoming());
        await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, Blob.Length - 1));
    }

    [Fact]
    public async Task PutAsync_WhereTheDiskHasSpoiltTheBlob_RepairsIt()
    {
        FolderStore folder = new(Options.Folder);
        await folder.PutAsync(Blob);
        await File.WriteAllBytesAsync(folder.PathOf(Hash), new byte[Blob.Length]);
        using HttpStore store = new(_server.Address);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, 1 << 20));

        await store.PutAsync(Blob);

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
    }

    [Theory]
    [InlineData("/blobs/")]
    [InlineData("/blobs")]
    [InlineData("/blobs/../store")]
    [InlineData("/blobs/../../etc/passwd")]
    [InlineData("/blobs/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/blobs/..%2f..%2fetc%2fpasswd")]
    [InlineData("/blobs/.incoming/lock")]
    [InlineData("/blobs/HASH%00")]
    [InlineData("/blobs/%00")]
    [InlineData("/blobs/UPPER")]
    [InlineData("/blobs/0xHASH")]
    [InlineData("/blobs/HASH/")]
    [InlineData("/blobs/HASH/x")]
    [InlineData("/blobs//HASH")]
    [InlineData("//blobs/HASH")]
    [InlineData("/./blobs/HASH")]
    [InlineData("/Blobs/HASH")]
    [InlineData("/blobs/HASH?x=1")]
    [InlineData("/blobs/HASHa")]
    [InlineData("/blobs\\HASH")]
    [InlineData("/named/")]
    [InlineData("/named/..")]
    [InlineData("/named/%2e%2e")]
    [InlineData("/named/../HASH")]
    [InlineData("/named/Keys")]
    [InlineData("/named/a.b")]
    [InlineData("/named/a/b")]
    [InlineData("/named/a%2fb")]
    [InlineData("/named/LONG")]
    [InlineData("/HASH")]
    [InlineData("/index.html")]
    [InlineData("http://elsewhere/blobs/../HASH")]
    public async Task Requests_WithNamesThatAreNone_AreRefused(string target)
    {
        await new FolderStore(Options.Folder).PutAsync(Blob);
        string raw = target.Replace("HASH", Hash.ToString(), StringComparison.Ordinal)
            .Replace("UPPER", Hash.ToString().ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("LONG", new string('a', 101), StringComparison.Ordinal);
        string[] before = _folder.Files;

        Assert.Equal(400, RawRequest.StatusOf(await RawRequest.SendAsync(_server.Address, $"GET {raw}")));
        Assert.Equal(400, RawRequest.StatusOf(
            await RawRequest.SendAsync(_server.Address, $"PUT {raw}", "Content-Length: 0")));

        Assert.Equal(before, _folder.Files);
    }

    [Fact]
    public async Task Requests_OfRandomBytes_NeverSucceedAndTheServerLives()
    {
        Random random = new(19);
        string[] starts = ["GET /", "GET /blobs/", "PUT /named/", "PUT /blobs/", "HEAD /blobs/", "", "GET http://"];
        string[] before = _folder.Files;
        for (int i = 0; i < 300; i++)
        {
            byte[] rest = new byte[random.Next(1, 200)];
            random.NextBytes(rest);
            byte[] request =
                [.. Encoding.ASCII.GetBytes(starts[i % starts.Length]), .. rest, .. " HTTP/1.1\r\nHost: x\r\n\r\n"u8];
            string answer = await RawRequest.SendAsync(_server.Address, [.. request, .. "\r\n\r\n"u8]);
            Assert.DoesNotContain(RawRequest.StatusOf(answer), (int[])[200, 201, 204, 206, 500]);
        }

        Assert.Equal(before, _folder.Files);
        using HttpStore store = new(_server.Address);
        await store.PutAsync(Blob);
    }

    [Fact]
    public async Task Root_SaysWhatItIsAndListsNothing()
    {
        using HttpStore store = new(_server.Address);
        await store.PutAsync(Blob);

        using JsonDocument json = JsonDocument.Parse(await _http.GetStringAsync(_server.Address));

        Assert.Equal("research-store/1", json.RootElement.GetProperty("format").GetString());
        Assert.Equal(1 << 20, json.RootElement.GetProperty("largest").GetInt64());
        Assert.Equal(4 << 20, json.RootElement.GetProperty("quota").GetInt64());
        Assert.Equal(StoreQuota.Cost(Blob.Length), json.RootElement.GetProperty("used").GetInt64());
        Assert.Equal("open", json.RootElement.GetProperty("writes").GetString());
        Assert.Equal(5, json.RootElement.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("bytes=0-", 206, 0, 400_000)]
    [InlineData("bytes=10-19", 206, 10, 10)]
    [InlineData("bytes=399999-", 206, 399_999, 1)]
    [InlineData("bytes=399990-999999999", 206, 399_990, 10)]
    [InlineData("bytes=-5", 206, 399_995, 5)]
    [InlineData("bytes=-999999999", 206, 0, 400_000)]
    [InlineData("bytes=0-1,5-6", 200, 0, 400_000)]
    [InlineData("lines=0-1", 200, 0, 400_000)]
    [InlineData("bytes=5-2", 200, 0, 400_000)]
    [InlineData("bytes=x", 200, 0, 400_000)]
    [InlineData("bytes=99999999999999999999-", 200, 0, 400_000)]
    [InlineData("bytes=400000-", 416, 0, 0)]
    [InlineData("bytes=-0", 416, 0, 0)]
    public async Task Get_WithARange_SendsIt(string range, int status, int from, int count)
    {
        await new FolderStore(Options.Folder).PutAsync(Blob);
        using HttpRequestMessage request = new(HttpMethod.Get, UriOf(Hash));
        request.Headers.TryAddWithoutValidation("Range", range);

        using HttpResponseMessage response = await _http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 416)
        {
            Assert.Equal("bytes */400000", response.Content.Headers.ContentRange!.ToString());
            return;
        }

        Assert.Equal($"\"{Hash}\"", response.Headers.ETag!.ToString());
        Assert.Equal(Blob[from..(from + count)], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("If-Range", "\"other\"", 200)]
    [InlineData("If-Range", "HASH", 206)]
    [InlineData("If-Range", "W/HASH", 200)]
    [InlineData("If-None-Match", "HASH", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"other\"", 206)]
    public async Task Get_WithACondition_HoldsToIt(string header, string tag, int status)
    {
        await new FolderStore(Options.Folder).PutAsync(Blob);
        using HttpRequestMessage request = new(HttpMethod.Get, UriOf(Hash));
        request.Headers.Range = new RangeHeaderValue(5, null);
        request.Headers.TryAddWithoutValidation(header, tag.Replace("HASH", $"\"{Hash}\"", StringComparison.Ordinal));

        using HttpResponseMessage response = await _http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Head_OfABlob_HasItsLengthAndNoBody()
    {
        await new FolderStore(Options.Folder).PutAsync(Blob);

        string answer = await RawRequest.SendAsync(_server.Address, $"HEAD /blobs/{Hash}");

        Assert.Contains("Content-Length: 400000", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("POST")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task Requests_OfOtherMethods_AreRefused(string method)
    {
        string answer = await RawRequest.SendAsync(_server.Address, $"{method} /blobs/{Hash}");

        Assert.Equal(405, RawRequest.StatusOf(answer));
        Assert.Contains("Allow: GET, HEAD, PUT", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_WithoutALength_IsRefused() => Assert.Equal(411, RawRequest.StatusOf(
        await RawRequest.SendAsync(_server.Address, $"PUT /blobs/{Hash}", "Transfer-Encoding: chunked")));

    [Theory]
    [InlineData("blobs/HASH", "Content-Length: 1048577", "X: y")]
    [InlineData("blobs/HASH", "Content-Length: 99999999999999", "X: y")]
    [InlineData("blobs/HASH", "Content-Length: 10", "Content-Range: bytes 0-9/1048577")]
    [InlineData("named/keys", "Content-Length: 1048577", "X: y")]
    public async Task Put_OverTheLimit_IsRefusedUnread(string path, string length, string range)
    {
        string answer = await RawRequest.SendAsync(
            _server.Address,
            $"PUT /{path.Replace("HASH", Hash.ToString(), StringComparison.Ordinal)}",
            length,
            range,
            $"Upload-Id: {Id}");

        Assert.Equal(413, RawRequest.StatusOf(answer));
        Assert.Equal(["lock"], Incoming());
    }

    [Fact]
    public async Task Put_OfOtherBytes_KeepsNothing()
    {
        using HttpResponseMessage whole = await PutAsync(ContentHash.Of([1]), Blob);
        using HttpResponseMessage part = await PutPartAsync(ContentHash.Of([1]), Blob, 0, Blob.Length, Id);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, whole.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, part.StatusCode);
        Assert.Contains(Hash.ToString(), await whole.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["lock"], Incoming());
        Assert.Equal(0, _server.UsedBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Put_ThatIsCut_KeepsOnlyWhatCanBeGoneOnWith(bool isPart)
    {
        string[] headers = isPart
            ? ["Content-Length: 400000", "Content-Range: bytes 0-399999/400000", $"Upload-Id: {Id}"]
            : ["Content-Length: 400000"];
        using (TcpClient client = new())
        {
            await client.ConnectAsync(_server.Address.Host, _server.Address.Port);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /blobs/{Hash} HTTP/1.1\r\nHost: x\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"));
            await stream.WriteAsync(Blob.AsMemory(0, 300_000));
            await UntilAsync(() => Incoming().Length == 2);
        }

        if (!isPart)
        {
            await UntilAsync(() => Incoming().Length == 1);
            Assert.Equal(0, _server.UsedBytes);
            return;
        }

        using HttpStore store = new(_server.Address);
        long offset = 0;
        await UntilAsync(async () => (offset = await OffsetAsync(Hash, Id)) > 0);
        using HttpResponseMessage rest = await PutPartAsync(Hash, Blob, (int)await SettledOffsetAsync(), Blob.Length, Id);

        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
        Assert.Equal(StoreQuota.Cost(Blob.Length), _server.UsedBytes);
    }

    [Fact]
    public async Task Put_InParts_GrowsToTheBlob()
    {
        using HttpResponseMessage first = await PutPartAsync(Hash, Blob, 0, 150_000, Id);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(150_000, await OffsetAsync(Hash, Id));
        Assert.Equal(0, await OffsetAsync(Hash, Id.Replace('0', '1')));
        using HttpResponseMessage gap = await PutPartAsync(Hash, Blob, 150_001, Blob.Length, Id);
        Assert.Equal(HttpStatusCode.Conflict, gap.StatusCode);
        Assert.Equal("150000", gap.Headers.GetValues("Upload-Offset").Single());
        using HttpResponseMessage again = await PutPartAsync(Hash, Blob, 0, 150_000, Id);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        using HttpResponseMessage rest = await PutPartAsync(Hash, Blob, 150_000, Blob.Length, Id);

        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        Assert.Equal(Blob, await new FolderStore(Options.Folder).GetAsync(Hash));
        Assert.Equal(["lock"], Incoming());
    }

    [Fact]
    public async Task Put_InPartsOverARestart_GoesOn()
    {
        using HttpResponseMessage first = await PutPartAsync(Hash, Blob, 0, 150_000, Id);
        await File.WriteAllBytesAsync(_folder["store/.incoming/left-over.part"], new byte[9]);
        await _server.DisposeAsync();

        _server = await BlobServer.StartAsync(Options, CancellationToken.None);

        Assert.Equal([$"{Hash}-{Id}.part", "lock"], Incoming());
        Assert.Equal(150_000, await OffsetAsync(Hash, Id));
        using HttpResponseMessage rest = await PutPartAsync(Hash, Blob, 150_000, Blob.Length, Id);
        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        Assert.Equal(["lock"], Incoming());
    }

    [Fact]
    public async Task Parts_NobodyGoesOnWith_AreDeleted()
    {
        using HttpResponseMessage first = await PutPartAsync(Hash, Blob, 0, 150_000, Id);
        await _server.DisposeAsync();
        _server = await BlobServer.StartAsync(Options, CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(59).TotalMilliseconds);
        Assert.Equal(2, Incoming().Length);

        _time.Advance(TimeSpan.FromMinutes(2).TotalMilliseconds);

        Assert.Equal(["lock"], Incoming());
        Assert.Equal(0, _server.UsedBytes);
    }

    [Fact]
    public async Task Parts_TooMany_TheOldestGivesWay()
    {
        await RestartAsync(Options with { MostParts = 2 });
        foreach (char digit in "123")
        {
            using HttpResponseMessage _ = await PutPartAsync(Hash, Blob, 0, 1000, Id.Replace('0', digit));
            _time.Advance(1000);
        }

        Assert.Equal(3, Incoming().Length);
        Assert.Equal(0, await OffsetAsync(Hash, Id.Replace('0', '1')));
        Assert.Equal(1000, await OffsetAsync(Hash, Id.Replace('0', '3')));
    }

    [Fact]
    public async Task Put_OfAnUploadWhoseConnectionHangs_EndsTheEarlierRequest()
    {
        using TcpClient hanging = new();
        await hanging.ConnectAsync(_server.Address.Host, _server.Address.Port);
        NetworkStream stream = hanging.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /blobs/{Hash} HTTP/1.1\r\nHost: x\r\nUpload-Id: {Id}\r\nContent-Length: 400000\r\n"
            + "Content-Range: bytes 0-399999/400000\r\n\r\n"));
        await stream.WriteAsync(Blob.AsMemory(0, 200_000));
        await UntilAsync(() => Incoming().Length == 2);
        using HttpResponseMessage conflict = await PutPartAsync(Hash, Blob, 399_999, 400_000, Id);
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        long offset = long.Parse(conflict.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);

        using HttpResponseMessage rest = await PutPartAsync(Hash, Blob, (int)offset, Blob.Length, Id);

        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        Assert.Equal(Blob, await new FolderStore(Options.Folder).GetAsync(Hash));
    }

    [Theory]
    [InlineData("bytes 0-9/10", "zz")]
    [InlineData("bytes 0-9/10", "")]
    [InlineData("bytes 0-9/10", "../../../../../../../../../../etc")]
    [InlineData("bytes 0-8/10", Id)]
    [InlineData("bytes 0-9/9", Id)]
    [InlineData("bytes 0-9/*", Id)]
    [InlineData("bytes */10", Id)]
    [InlineData("lines 0-9/10", Id)]
    [InlineData("nonsense", Id)]
    public async Task Put_WithARangeOrIdThatIsNone_IsRefused(string range, string id)
    {
        string answer = await RawRequest.SendAsync(
            _server.Address, $"PUT /blobs/{Hash}", "Content-Length: 10", $"Content-Range: {range}", $"Upload-Id: {id}");

        Assert.Equal(400, RawRequest.StatusOf(answer));
        Assert.Equal(["lock"], Incoming());
    }

    [Fact]
    public async Task Put_OverTheQuota_IsRefusedAndPartsGiveWay()
    {
        await RestartAsync(Options with { QuotaBytes = 500_000 });
        byte[] other = Bytes(300_000, 2);
        using HttpResponseMessage part = await PutPartAsync(ContentHash.Of(other), other, 0, 200_000, Id);
        Assert.Equal(HttpStatusCode.Accepted, part.StatusCode);

        using HttpResponseMessage fits = await PutAsync(Hash, Blob);
        using HttpResponseMessage doesNot = await PutAsync(ContentHash.Of(other), other);
        using HttpResponseMessage partDoesNot = await PutPartAsync(ContentHash.Of(other), other, 0, 200_000, Id);
        using HttpResponseMessage there = await PutAsync(Hash, Blob);

        Assert.Equal(HttpStatusCode.Created, fits.StatusCode);
        Assert.Equal(HttpStatusCode.InsufficientStorage, doesNot.StatusCode);
        Assert.Equal(HttpStatusCode.InsufficientStorage, partDoesNot.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, there.StatusCode);
        Assert.Equal(StoreQuota.Cost(Blob.Length), _server.UsedBytes);
        Assert.Equal(["lock"], Incoming());
        using HttpStore store = new(_server.Address);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(other));
        Assert.Contains("it is full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_OnAFullDisk_SaysSo()
    {
        if (!File.Exists("/dev/full"))
        {
            return; // Only Linux has a disk that is always full.
        }

        File.CreateSymbolicLink(_folder[$"store/.incoming/{Hash}-{Id}.part"], "/dev/full");

        using HttpResponseMessage response = await PutPartAsync(Hash, Blob, 0, Blob.Length, Id);

        Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
        Assert.Contains("disk is full", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["lock"], Incoming());
        Assert.Equal(0, _server.UsedBytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer wrong-wrong-wrong-wrong")]
    [InlineData("Basic " + Token)]
    [InlineData("Bearer " + Token + "x")]
    public async Task Writes_WithoutTheToken_AreRefused(string? authorization)
    {
        await RestartAsync(Options with { Token = Token });
        string[] headers = authorization is null ? [] : [$"Authorization: {authorization}"];

        foreach (string line in (string[])[$"PUT /blobs/{Hash}", "PUT /named/keys", $"HEAD /blobs/{Hash}"])
        {
            string answer = await RawRequest.SendAsync(
                _server.Address, line, [.. headers, "Content-Length: 0", $"Upload-Id: {Id}"]);

            Assert.Equal(401, RawRequest.StatusOf(answer));
            Assert.Contains("WWW-Authenticate: Bearer", answer, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Token, Options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_WithTheToken_AreTakenAndReadsNeedNone()
    {
        await RestartAsync(Options with { Token = Token });
        using HttpStore writer = new(_server.Address, new HttpStoreOptions { Token = Token });
        using HttpStore stranger = new(_server.Address);

        await writer.PutAsync(Blob);
        await writer.PutNamedAsync("keys", new byte[] { 1 });

        Assert.Equal(Blob, await stranger.FindAsync(Hash, 1 << 20));
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => stranger.PutAsync(new byte[] { 1 }));
        Assert.Contains("RESEARCH_STORE_TOKEN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_OfAWebPage_IsRefused() => Assert.Equal(403, RawRequest.StatusOf(await RawRequest.SendAsync(
        _server.Address, "PUT /named/keys", "Content-Length: 0", "Origin: http://evil.example")));

    [Fact]
    public async Task PutNamedAsync_Again_TakesTheSameAndNoOther()
    {
        using HttpStore store = new(_server.Address);
        await store.PutNamedAsync("keys-1", new byte[] { 1, 2, 3 });
        await store.PutNamedAsync("keys-1", new byte[] { 1, 2, 3 });

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => store.PutNamedAsync("keys-1", new byte[] { 1, 2, 4 }));

        Assert.Contains("written once", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await store.FindNamedAsync("keys-1", 3, _ => { }));
        Assert.Equal([1, 2, 3], await new FolderStore(Options.Folder).GetNamedAsync("keys-1", 3));
        await Assert.ThrowsAsync<InvalidDataException>(() => store.FindNamedAsync("keys-1", 2, _ => { }));
        Assert.Equal(StoreQuota.Cost(3), _server.UsedBytes);
    }

    [Fact]
    public async Task PutNamedAsync_ManyAtOnce_OneWins()
    {
        using HttpStore store = new(_server.Address);

        bool[] won = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            try
            {
                await store.PutNamedAsync("keys-1", new byte[] { (byte)i });
                return true;
            }
            catch (StoreException)
            {
                return false;
            }
        }));

        Assert.Single(won, true);
        byte[]? kept = await store.FindNamedAsync("keys-1", 1, _ => { });
        Assert.Equal(Array.IndexOf(won, true), kept![0]);
        Assert.Equal(StoreQuota.Cost(1), _server.UsedBytes);
        Assert.Equal(["lock"], Incoming());
    }

    [Fact]
    public async Task PutAsync_OneBlobByManyAtOnce_IsKeptAndCountedOnce()
    {
        using HttpStore store = new(_server.Address);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.PutAsync(Blob)));

        Assert.Equal(Blob, await store.FindAsync(Hash, 1 << 20));
        Assert.Equal(StoreQuota.Cost(Blob.Length), _server.UsedBytes);
        Assert.Equal(["lock"], Incoming());
    }

    [Fact]
    public async Task SlowClients_AreCutOff()
    {
        await RestartAsync(Options with { LeastBytesPerSecond = 1 << 20, SlowStart = TimeSpan.FromSeconds(1.5) });
        string body = await RawRequest.SendAsync(_server.Address, Encoding.ASCII.GetBytes(
            $"PUT /blobs/{Hash} HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\nslow"));
        string head = await RawRequest.SendAsync(_server.Address, "GET / HTTP/1.1\r\nHost"u8.ToArray());

        Assert.Equal(408, RawRequest.StatusOf(body));
        Assert.DoesNotContain(RawRequest.StatusOf(head), (int[])[200, 500]);
        await UntilAsync(() => Incoming().Length == 1);
        Assert.Equal(0, _server.UsedBytes);
    }

    [Fact]
    public async Task StartAsync_FolderIsServedAlready_IsRefused()
    {
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => BlobServer.StartAsync(Options, CancellationToken.None));

        Assert.Contains("another research store serve has this folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_AddressIsTaken_IsRefusedAndLetsGoOfTheFolder()
    {
        BlobServerOptions options = Options with
        {
            Folder = _folder["other"],
            Listen = new IPEndPoint(IPAddress.Loopback, _server.Address.Port),
        };

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => BlobServer.StartAsync(options, CancellationToken.None));

        Assert.Contains("cannot be listened on", error.Message, StringComparison.Ordinal);
        await using BlobServer other = await BlobServer.StartAsync(
            Options with { Folder = _folder["other"] }, CancellationToken.None);
    }

    [Fact]
    public async Task StartAsync_OldLeftOversOfFolderStores_AreDeletedAndNewOnesStay()
    {
        await _server.DisposeAsync();
        string old = _folder[$"store/.{new string('0', 32)}.part"];
        await File.WriteAllBytesAsync(old, new byte[9]);
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        await File.WriteAllBytesAsync(_folder[$"store/.{new string('1', 32)}.part"], new byte[9]);

        _server = await BlobServer.StartAsync(Options, CancellationToken.None);

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(_folder[$"store/.{new string('1', 32)}.part"]));
    }

    // 16 clients, 2 MB each, every second one killed on its way, all at once with readers: nothing is corrupt.
    [Fact]
    public async Task Load_HalfOfTheClientsKilled_NothingIsCorrupt()
    {
        await RestartAsync(Options with
        {
            LargestBytes = 4 << 20,
            QuotaBytes = 1 << 30,
            MostUploads = 4,
            MostUploadsOfOne = 4,
        });
        byte[][] blobs = [.. Enumerable.Range(0, 16).Select(i => Bytes(2_000_000, i))];

        bool[] done = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            using CancellationTokenSource killed = new();
            using HttpStore store = new(_server.Address, new HttpStoreOptions
            {
                Attempts = 100,
                Progress = new Counted(bytes => { if (i % 2 == 1 && bytes > i * 100_000) { killed.Cancel(); } }),
            });
            try
            {
                ContentHash hash = await store.PutAsync(blobs[i], killed.Token);
                return (await store.FindAsync(hash, 4 << 20, killed.Token))!.AsSpan().SequenceEqual(blobs[i]);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        })));

        Assert.Equal(Enumerable.Range(0, 16).Select(i => i % 2 == 0), done);
        FolderStore folder = new(Options.Folder);
        foreach (string file in Directory.EnumerateFiles(Options.Folder))
        {
            await folder.GetAsync(ContentHash.Parse(Path.GetFileName(file)));
        }

        // Who comes back has it whole, with what was left or without.
        using HttpStore again = new(_server.Address);
        foreach (byte[] blob in blobs)
        {
            Assert.Equal(blob, await again.FindAsync(await again.PutAsync(blob), 4 << 20));
        }
    }

    private static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(10);
        }
    }

    private string[] Incoming() =>
    [
        .. new DirectoryInfo(_folder["store/.incoming"]).EnumerateFileSystemInfos().Select(file => file.Name)
            .Order(StringComparer.Ordinal),
    ];

    private Uri UriOf(ContentHash hash) => new(_server.Address, $"blobs/{hash}");

    private async Task RestartAsync(BlobServerOptions options)
    {
        await _server.DisposeAsync();
        _server = await BlobServer.StartAsync(options, CancellationToken.None);
    }

    private async Task<HttpResponseMessage> PutAsync(ContentHash hash, byte[] body)
    {
        using ByteArrayContent content = new(body);
        return await _http.PutAsync(UriOf(hash), content);
    }

    private async Task<HttpResponseMessage> PutPartAsync(ContentHash hash, byte[] whole, int from, int to, string id)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, UriOf(hash));
        request.Content = new ByteArrayContent(whole[from..to]);
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, whole.Length);
        request.Headers.Add("Upload-Id", id);
        return await _http.SendAsync(request);
    }

    private async Task<long> OffsetAsync(ContentHash hash, string id)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, UriOf(hash));
        request.Headers.Add("Upload-Id", id);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return long.Parse(response.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
    }

    // A request of the upload ends the one that was cut; what it says stays.
    private async Task<long> SettledOffsetAsync()
    {
        using HttpResponseMessage conflict = await PutPartAsync(Hash, Blob, 399_999, 400_000, Id);
        return long.Parse(conflict.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
    }

    private sealed class Counted(Action<long> report) : IProgress<BlobProgress>
    {
        public void Report(BlobProgress value) => report(value.Done);
    }
}
