using System.Net;
using System.Net.Sockets;
using System.Text;
using Research.Storage;
using Research.Storage.Ipfs;
using Research.Tests.Tools;

namespace Research.Tests.Storage.Ipfs;

/// <summary>What nodes and gateways do that lie, fail or stall, by a hand-written server.</summary>
public sealed class IpfsRefusalTests : IDisposable
{
    private const string RawBlock = "application/vnd.ipld.raw";

    private static readonly byte[] Blob = [1, 2, 3];
    private static readonly ContentHash Hash = ContentHash.Of(Blob);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-ipfs-names-");

    private IpfsOptions Named => new() { Names = [new FolderStore(_folder.FullName)] };

    public void Dispose() => _folder.Delete(recursive: true);

    // What the answers look like: docs.ipfs.tech/reference/kubo/rpc; the words are kubo's and js-ipfs's.
    [Theory]
    [InlineData("500 Internal Server Error", "{\"Message\":\"block was not found locally (offline): ipld: could not find x\",\"Code\":0,\"Type\":\"error\"}")]
    [InlineData("500 Internal Server Error", "{\"Message\":\"Failed to get block: request timed out\",\"Code\":0,\"Type\":\"error\"}")]
    [InlineData("500 Internal Server Error", "{\"Message\":\"context deadline exceeded\",\"Code\":0,\"Type\":\"error\"}")]
    public async Task FindAsync_NodeThatFoundNothing_IsNull(string status, string body)
    {
        await using ScriptedPeer node = new(_ => ScriptedPeer.Http(body, status));

        Assert.Null(await new IpfsStore(node.Address).FindAsync(Hash, 3));
        Assert.StartsWith(
            $"POST /api/v0/block/get?arg={Cid.RawOf(Hash)}&timeout=30s HTTP/1.1", Assert.Single(node.Heads), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500 Internal Server Error", "application/json", "{\"Message\":\"the disk\\nis \\u001b[31mfull\",\"Code\":0}", "HTTP status 500: \"the disk is  [31mfull\"")]
    [InlineData("500 Internal Server Error", "text/html", "<html>nginx</html>", "HTTP status 500: text/html: this is not the RPC of an IPFS node")]
    [InlineData("500 Internal Server Error", "application/json", "{\"Message\":\"\\ud800\"}", "HTTP status 500")]
    [InlineData("500 Internal Server Error", "application/json", "[[[[[[[[[[[[[[[", "HTTP status 500")]
    [InlineData("404 Not Found", "text/plain", "404 page not found", "HTTP status 404: text/plain: this is not the RPC of an IPFS node")]
    [InlineData("405 Method Not Allowed", "text/plain", "", "HTTP status 405")]
    [InlineData("403 Forbidden", "text/plain", "no", "HTTP status 403: check the key that the node wants")]
    [InlineData("307 Temporary Redirect", "text/plain", "", "it redirects, which is not followed")]
    public async Task StoreFindAndPut_NodeThatRefuses_SayWhyInOneLine(string status, string type, string body, string why)
    {
        await using ScriptedPeer node = new(_ => ScriptedPeer.Http(
            Encoding.UTF8.GetBytes(body), status, type, "Location: http://127.0.0.1:1/"));
        IpfsStore store = new(node.Address);

        StoreException found = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 3));
        StoreException put = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Blob));

        foreach (StoreException error in (StoreException[])[found, put])
        {
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
            Assert.StartsWith($"The store {node.Address.ToString().TrimEnd('/')}: ", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(error.Message, char.IsControl);
        }
    }

    [Fact]
    public async Task FindAsync_OtherBytes_NamesExpectedAndActual()
    {
        await using ScriptedPeer peer = new(_ => ScriptedPeer.Http((ReadOnlySpan<byte>)[1, 2, 4]));
        foreach (IBlobStore store in (IBlobStore[])[new IpfsStore(peer.Address), new IpfsGateway(peer.Address)])
        {
            InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, 3));

            Assert.StartsWith(store.Name, error.Message, StringComparison.Ordinal);
            Assert.Contains($"{Hash}, got 3", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{ContentHash.Of([1, 2, 4])}", error.Message, StringComparison.Ordinal);
        }
    }

    // A length is a promise: neither the promised nor the sent is kept beyond what was asked for.
    [Theory]
    [InlineData("Content-Length: 1000000000000")]
    [InlineData("X: 1")]
    public async Task FindAsync_MoreThanAskedFor_IsNotRead(string head)
    {
        byte[] answer =
        [
            .. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{head}\r\nConnection: close\r\n\r\n"),
            .. new byte[1 << 20],
        ];
        await using ScriptedPeer peer = new(_ => answer);
        foreach (IBlobStore store in (IBlobStore[])[new IpfsStore(peer.Address), new IpfsGateway(peer.Address)])
        {
            InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(Hash, 3));

            Assert.Contains("expected at most 3 bytes, got more", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FindAsync_BreaksOff_IsAStoreException()
    {
        byte[] answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\u0001");
        await using ScriptedPeer peer = new(_ => answer);
        foreach (IBlobStore store in (IBlobStore[])[new IpfsStore(peer.Address), new IpfsGateway(peer.Address)])
        {
            StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 3));

            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public async Task FindAsync_NobodyListens_IsAStoreException()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();
        foreach (IBlobStore store in (IBlobStore[])[new IpfsStore(address), new IpfsGateway(address)])
        {
            StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 3));

            Assert.Contains("it cannot be reached", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public async Task FindAsync_Silence_EndsWithTheDeadline()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedPeer peer = new(_ =>
        {
            asked.SetResult();
            return null;
        });
        ManualTime time = new();
        IpfsGateway gateway = new(peer.Address, new IpfsOptions { Patience = TimeSpan.FromSeconds(1), Time = time });
        Task<byte[]?> search = gateway.FindAsync(Hash, 3);
        await asked.Task;

        time.Advance(11_001);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => search);
        Assert.Contains("no answer within 11 s", error.Message, StringComparison.Ordinal);
    }

    // 64 KiB buy a second; a byte now and then buys nothing, and a fast start no pause longer than the patience.
    [Fact]
    public void TransferDeadline_Trickle_EndsAndATransferGoesOn()
    {
        ManualTime time = new();
        using TransferDeadline trickle = new(TimeSpan.FromSeconds(10), time, CancellationToken.None);
        using TransferDeadline transfer = new(TimeSpan.FromSeconds(10), time, CancellationToken.None);
        for (int second = 0; second < 9; second++)
        {
            time.Advance(1000);
            trickle.Passed(1);
            transfer.Passed(10 * TransferDeadline.BytesPerSecond);
        }

        time.Advance(1100);
        Assert.True(trickle.Token.IsCancellationRequested);
        Assert.False(transfer.Token.IsCancellationRequested);
        time.Advance(9000);
        Assert.True(transfer.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData("{\"Name\":\"blob\",\"Hash\":\"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku\"}", "expected the node to add bafkreiadsbmmn4waznesyuz3bjgrj33xzqhxrk6mz3ksq7meugrachh3qe, got bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData("<html></html>", "add: expected JSON with a CID as Hash, got application/json")]
    [InlineData("{\"Hash\":7}", "add: expected JSON with a CID as Hash")]
    [InlineData("", "add: expected JSON with a CID as Hash")]
    public async Task PutAsync_NodeThatAddsSomethingElse_Throws(string body, string why)
    {
        await using ScriptedPeer node = new(_ => ScriptedPeer.Http(body));

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => new IpfsStore(node.Address).PutAsync(Blob));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    // A trustless gateway: blocks by ?format=raw only, each under its CID.
    [Fact]
    public async Task GatewayFind_LargeBlobByBlocks_IsReadAndALieIsFound()
    {
        byte[] content = Keystream.Of("trustless", (2 << 20) + 1);
        ContentHash hash = ContentHash.Of(content);
        BlockShelf shelf = new();
        Cid root = UnixFs.Write(content, UnixFsLayout.Default, shelf.Put);
        await new FolderStore(_folder.FullName).PutNamedAsync($"ipfs-{hash}", Encoding.ASCII.GetBytes(root.ToString()));
        await using ScriptedPeer peer = new(path =>
            path.EndsWith("?format=raw", StringComparison.Ordinal)
                && shelf.Blocks.TryGetValue(Cid.Parse(path[6..^11]), out byte[]? block)
                ? ScriptedPeer.Http(block, type: RawBlock)
                : ScriptedPeer.Http("no", "404 Not Found"));
        IpfsGateway gateway = new(peer.Address, Named);

        Assert.Equal(content, await gateway.FindAsync(hash, content.Length));
        Assert.All(peer.Heads, head => Assert.Contains("Accept: application/vnd.ipld.raw", head, StringComparison.Ordinal));

        Cid last = shelf.Blocks.Single(block => block.Value.Length == 1).Key;
        shelf.Blocks[last] = [(byte)(content[^1] ^ 1)];
        InvalidDataException error =
            await Assert.ThrowsAsync<InvalidDataException>(() => gateway.FindAsync(hash, content.Length));
        Assert.Contains($"{last}: expected bytes with the SHA-256 {last.Digest}", error.Message, StringComparison.Ordinal);
    }

    // A gateway of the older kind: files, and an error for formats.
    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("406 Not Acceptable")]
    public async Task GatewayFind_FilesOnly_IsReadWholeAndALieIsFound(string status)
    {
        byte[] content = Keystream.Of("files", (1 << 20) + 1);
        ContentHash hash = ContentHash.Of(content);
        string root = UnixFs.RootOf(content).ToString();
        await new FolderStore(_folder.FullName).PutNamedAsync($"ipfs-{hash}", Encoding.ASCII.GetBytes(root));
        byte[] given = [.. content];
        await using ScriptedPeer peer = new(path =>
            path.Contains('?', StringComparison.Ordinal) ? ScriptedPeer.Http("formats?", status)
            : path == $"/ipfs/{root}" ? ScriptedPeer.Http(given)
            : ScriptedPeer.Http("no", "404 Not Found"));
        IpfsGateway gateway = new(peer.Address, Named);

        Assert.Equal(content, await gateway.FindAsync(hash, content.Length));
        given[5] ^= 1;
        InvalidDataException error =
            await Assert.ThrowsAsync<InvalidDataException>(() => gateway.FindAsync(hash, content.Length));
        Assert.Contains($"named as the blob {hash}: expected bytes of that hash", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GatewayFind_RedirectOnTheSameServer_IsFollowedAFewTimes()
    {
        await using ScriptedPeer peer = new(path => path.StartsWith("/ipfs/", StringComparison.Ordinal)
            ? ScriptedPeer.Http([], "301 Moved Permanently", head: "Location: /there")
            : ScriptedPeer.Http((ReadOnlySpan<byte>)[1, 2, 3]));
        await using ScriptedPeer circle =
            new(_ => ScriptedPeer.Http([], "302 Found", head: "Location: /again"));

        Assert.Equal(Blob, await new IpfsGateway(peer.Address).FindAsync(Hash, 3));
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => new IpfsGateway(circle.Address).FindAsync(Hash, 3));
        Assert.Contains("redirects more than 3 times", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, circle.Heads.Length);
    }

    // The other server is asked nothing, wherever it is: a stranger's redirect could point into this machine's network.
    [Theory]
    [InlineData("http://{0}.ipfs.localhost:{1}/", "redirects to http://")]
    [InlineData("https://127.0.0.1:{1}/", "redirects to https://127.0.0.1")]
    [InlineData("file:///etc/passwd", "redirects to file://")]
    [InlineData("http://[", "redirects to ")]
    [InlineData("//:99999/", "redirects to ")]
    [InlineData(null, "redirects to nowhere")]
    public async Task GatewayFind_RedirectElsewhere_IsNotFollowed(string? location, string why)
    {
        string? head = null;
        await using ScriptedPeer peer = new(_ => ScriptedPeer.Http([], "301 Moved Permanently", head: head));
        head = location is null ? null : "Location: "
            + location.Replace("{0}", Cid.RawOf(Hash).ToString(), StringComparison.Ordinal)
                .Replace("{1}", $"{peer.Address.Port}", StringComparison.Ordinal);

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => new IpfsGateway(peer.Address).FindAsync(Hash, 3));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("subdomain", error.Message, StringComparison.Ordinal);
        Assert.Single(peer.Heads);
    }

    [Theory]
    [InlineData("404 Not Found", null)]
    [InlineData("410 Gone", null)]
    [InlineData("504 Gateway Timeout", null)]
    [InlineData("429 Too Many Requests", "it limits requests")]
    [InlineData("500 Internal Server Error", "HTTP status 500")]
    [InlineData("206 Partial Content", "HTTP status 206")]
    public async Task GatewayFind_Status_IsAbsentOrAnError(string status, string? why)
    {
        await using ScriptedPeer peer = new(_ => ScriptedPeer.Http("<html>", status, "text/html"));
        IpfsGateway gateway = new(peer.Address);
        if (why is null)
        {
            Assert.Null(await gateway.FindAsync(Hash, 3));
            return;
        }

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => gateway.FindAsync(Hash, 3));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_WhatIpfsHasNot_SaysWhichStoreHas()
    {
        IpfsStore store = new(new Uri("http://127.0.0.1:1"));
        IpfsGateway gateway = new(new Uri("http://127.0.0.1:1"));

        foreach (StoreException error in (StoreException[])
            [
                await Assert.ThrowsAsync<StoreException>(() => store.PutNamedAsync("keys-1", Blob)),
                await Assert.ThrowsAsync<StoreException>(() => gateway.PutNamedAsync("keys-1", Blob)),
            ])
        {
            Assert.Contains("a folder or an HTTP store", error.Message, StringComparison.Ordinal);
        }

        StoreException reads = await Assert.ThrowsAsync<StoreException>(() => gateway.PutAsync(Blob));
        Assert.Contains("a gateway only reads", reads.Message, StringComparison.Ordinal);
        Assert.Null(await store.FindNamedAsync("keys-1", 3, _ => { }));
        Assert.Null(await gateway.FindNamedAsync("keys-1", 3, _ => { }));
        await Assert.ThrowsAsync<ArgumentException>(() => gateway.FindNamedAsync("../", 3, _ => { }));
    }

    [Fact]
    public async Task Authorization_IsSentAndNeverShown()
    {
        await using ScriptedPeer node = new(_ => ScriptedPeer.Http("no", "403 Forbidden"));
        IpfsOptions options = new() { Authorization = "Bearer geheim" };

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => new IpfsStore(new Uri(node.Address, "schluessel/api/v0/"), options).FindAsync(Hash, 3));

        Assert.Contains("Authorization: Bearer geheim", Assert.Single(node.Heads), StringComparison.Ordinal);
        Assert.StartsWith("POST /schluessel/api/v0/block/get", node.Heads[0], StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error + options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("schluessel", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://user:geheim@127.0.0.1/")]
    [InlineData("http://127.0.0.1/?key=geheim")]
    [InlineData("relative")]
    public void New_WhatIsNoAddress_ThrowsAndDoesNotShowIt(string address)
    {
        Uri uri = new(address, UriKind.RelativeOrAbsolute);

        Assert.DoesNotContain("geheim", Assert.Throws<ArgumentException>(() => new IpfsStore(uri)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", Assert.Throws<ArgumentException>(() => new IpfsGateway(uri)).Message, StringComparison.Ordinal);
    }
}
