using System.Collections.Concurrent;
using System.Text;
using Research.Storage;
using Research.Storage.Ipfs;
using Research.Tests.Tools;

namespace Research.Tests.Storage.Ipfs;

/// <summary>The store against a real js-ipfs node, and between two of them.</summary>
[Collection(nameof(IpfsNodes))]
public sealed class IpfsStoreTests(IpfsNodeFixture nodes) : IDisposable
{
    private const int Mega = 1 << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-ipfs-names-");

    public void Dispose() => _folder.Delete(recursive: true);

    // The node is the oracle: PutAsync throws where its CID is not ours.
    [RequiresTheory("node", "npm")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Mega - 1)]
    [InlineData(Mega)]
    [InlineData(Mega + 1)]
    [InlineData((3 * Mega) + 12345)]
    public async Task PutAsync_AroundAChunk_IsTheNodesCidAndComesBack(int size)
    {
        FolderStore names = new(_folder.FullName);
        IpfsStore store = new(nodes.First.Rpc, new IpfsOptions { Names = [names] });
        byte[] content = Keystream.Of("put", size);

        ContentHash hash = await store.PutAsync(content);
        await store.PutAsync(content); // Again changes nothing.

        Assert.Equal(ContentHash.Of(content), hash);
        Assert.Equal(size > Mega, names.ContainsNamed($"ipfs-{hash}"));
        Assert.Equal(content, await store.FindAsync(hash, size));
        if (size <= Mega)
        {
            // Whoever knows the hash needs nothing else.
            Assert.Equal(content, await new IpfsStore(nodes.First.Rpc).FindAsync(hash, size));
        }
    }

    // The same walk of the tree in chunks that are small, so that 174 of them and one more are cheap.
    [RequiresTheory("node", "npm")]
    [InlineData(262_144, 262_144)]
    [InlineData(262_144, 262_145)]
    [InlineData(1_048_576, 3_000_000)]
    [InlineData(1000, 999)]
    [InlineData(1000, 1000)]
    [InlineData(1000, 1001)]
    [InlineData(1000, 174_000)]
    [InlineData(1000, 174_001)]
    [InlineData(1000, 348_001)]
    [InlineData(100, 174 * 174 * 100)]
    [InlineData(100, (174 * 174 * 100) + 1)]
    public async Task Write_AnyChunk_IsTheNodesCid(int chunkBytes, int size)
    {
        byte[] content = Keystream.Of("chunks", size);
        using HttpClient http = new();
        using ByteArrayContent file = new(content);
        file.Headers.ContentType = new("application/octet-stream"); // js-ipfs wants one.
        using MultipartFormDataContent form = new() { { file, "file", "file" } };

        using HttpResponseMessage answer = await http.PostAsync(
            new Uri(nodes.First.Rpc, $"api/v0/add?cid-version=1&raw-leaves=true&chunker=size-{chunkBytes}&cid-base=base32"
                + "&only-hash=true"),
            form);

        Cid ours = UnixFs.Write(content, new UnixFsLayout(chunkBytes, 174), (_, _) => { });
        Assert.Contains($"\"{ours}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // The larger one is found by its name alone; blocks come from the first node through the swarm.
    [RequiresTheory("node", "npm")]
    [InlineData(1000)]
    [InlineData((5 * Mega) + 1)]
    public async Task FindAsync_AtANodeThatHasItNot_ComesFromItsPeer(int size)
    {
        IpfsOptions options = new() { Names = [new FolderStore(_folder.FullName)] };
        byte[] content = Keystream.Of("swarm", size);
        ContentHash hash = await new IpfsStore(nodes.First.Rpc, options).PutAsync(content);

        Assert.Equal(content, await new IpfsStore(nodes.Second.Rpc, options).FindAsync(hash, size));
    }

    [RequiresTheory("node", "npm")]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData((2 * Mega) + 1)]
    public async Task FindAsync_ThroughTheNodesGateway_GivesTheBlob(int size)
    {
        IpfsOptions options = new() { Names = [new FolderStore(_folder.FullName)] };
        byte[] content = Keystream.Of("gateway", size);
        ContentHash hash = await new IpfsStore(nodes.First.Rpc, options).PutAsync(content);

        Assert.Equal(content, await new IpfsGateway(nodes.First.Gateway, options).FindAsync(hash, size));
    }

    // Both ways, through the node and its gateway, as an HTTP store does: it never goes back, and ends with all of it.
    [RequiresTheory("node", "npm")]
    [InlineData(1000)]
    [InlineData((5 * Mega) + 1)]
    public async Task Progress_BothWays_ReachesTheBlobsSize(int size)
    {
        ConcurrentQueue<BlobProgress> said = [];
        IpfsOptions options = new()
        {
            Names = [new FolderStore(_folder.FullName)],
            Progress = new Listener(said),
        };
        byte[] content = Keystream.Of("progress", size);
        IpfsStore store = new(nodes.First.Rpc, options);

        ContentHash hash = await store.PutAsync(content);
        BlobProgress[] up = [.. said];
        said.Clear();
        await store.FindAsync(hash, size);
        BlobProgress[] down = [.. said];
        said.Clear();
        await new IpfsGateway(nodes.First.Gateway, options).FindAsync(hash, size);

        foreach ((BlobProgress[] way, BlobDirection direction) in ((BlobProgress[], BlobDirection)[])
            [(up, BlobDirection.Upload), (down, BlobDirection.Download), ([.. said], BlobDirection.Download)])
        {
            Assert.All(way, one => Assert.Equal((hash, direction), (one.Hash, one.Direction)));
            Assert.Equal(way.Select(one => one.Done).Order(), way.Select(one => one.Done));
            Assert.Equal(size, way[^1].Done);
        }

        Assert.All(up.Concat(down), one => Assert.Equal((store.Name, (long?)size), (one.Store, one.Total)));
        Assert.True(size < Mega || (up.Length > 5 && down.Length > 5), $"{up.Length} and {down.Length}");
    }

    [RequiresFact("node", "npm")]
    public async Task FindAsync_WhatNobodyHas_IsNull()
    {
        IpfsStore store = new(nodes.First.Rpc, new IpfsOptions { Patience = TimeSpan.FromSeconds(1) });

        Assert.Null(await store.FindAsync(ContentHash.Of(Keystream.Of("nobody", 10)), 10));
    }

    [RequiresFact("node", "npm")]
    public async Task FindAsync_LargerThanAsked_ThrowsAndNamesTheStore()
    {
        IpfsStore store = new(
            nodes.First.Rpc,
            new IpfsOptions { Names = [new FolderStore(_folder.FullName)], Patience = TimeSpan.FromSeconds(1) });
        foreach (int size in (int[])[100, Mega + 1])
        {
            ContentHash hash = await store.PutAsync(Keystream.Of("larger", size));

            InvalidDataException error =
                await Assert.ThrowsAsync<InvalidDataException>(() => store.FindAsync(hash, size - 1));

            Assert.Contains($"at most {size - 1} bytes", error.Message, StringComparison.Ordinal);
            Assert.StartsWith(store.Name, error.Message, StringComparison.Ordinal);
        }
    }

    [RequiresFact("node", "npm")]
    public async Task PutAsync_LargeWithoutNames_IsRefused()
    {
        IpfsStore store = new(nodes.First.Rpc);

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(new byte[Mega + 1]));

        Assert.Contains("1048577 bytes; over 1048576 its CID does not follow from its hash", error.Message, StringComparison.Ordinal);
    }

    // Names are strangers': each of these lies costs a search, and the blob is found all the same.
    [RequiresFact("node", "npm")]
    public async Task FindAsync_NamesThatLie_StillFindsTheBlob()
    {
        FolderStore liar = new(Path.Combine(_folder.FullName, "liar"));
        FolderStore honest = new(Path.Combine(_folder.FullName, "honest"));
        IpfsStore store = new(nodes.First.Rpc, new IpfsOptions { Names = [honest] });
        IpfsStore misled = new(nodes.First.Rpc, new IpfsOptions { Names = [liar, honest] });
        byte[] other = Keystream.Of("other", Mega + 5);
        await store.PutAsync(other);
        byte[] small = Keystream.Of("small", 1000);
        ContentHash smallHash = await store.PutAsync(small);
        byte[] large = Keystream.Of("large", Mega + 7);
        ContentHash largeHash = await store.PutAsync(large);
        await liar.PutNamedAsync($"ipfs-{smallHash}", Encoding.ASCII.GetBytes(UnixFs.RootOf(other).ToString()));
        await liar.PutNamedAsync($"ipfs-{largeHash}", Encoding.ASCII.GetBytes(UnixFs.RootOf(other).ToString()));

        Assert.Equal(small, await misled.FindAsync(smallHash, BlobLimits.MostBytes));
        Assert.Equal(large, await misled.FindAsync(largeHash, BlobLimits.MostBytes));

        ContentHash absent = ContentHash.Of(Keystream.Of("absent", Mega + 9));
        await liar.PutNamedAsync($"ipfs-{absent}", Encoding.ASCII.GetBytes(UnixFs.RootOf(other).ToString()));
        IpfsStore quick = new(
            nodes.First.Rpc, new IpfsOptions { Names = [liar], Patience = TimeSpan.FromSeconds(1) });
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => quick.FindAsync(absent, BlobLimits.MostBytes));
        Assert.Contains($"named as the blob {absent}", error.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task PutAsync_NameTakenByOtherBytes_SaysWhereTheBlobIs()
    {
        FolderStore names = new(_folder.FullName);
        byte[] content = Keystream.Of("taken", Mega + 1);
        await names.PutNamedAsync($"ipfs-{ContentHash.Of(content)}", "not a CID"u8.ToArray());
        IpfsStore store = new(
            nodes.First.Rpc, new IpfsOptions { Names = [names], Patience = TimeSpan.FromSeconds(1) });

        StoreException error = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(content));

        Assert.Contains($"is stored as {UnixFs.RootOf(content)}, but not named everywhere", error.Message, StringComparison.Ordinal);
        InvalidDataException unread = await Assert.ThrowsAsync<InvalidDataException>(
            () => store.FindAsync(ContentHash.Of(content), BlobLimits.MostBytes));
        Assert.Contains("expected the text of a CID", unread.Message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task FindAsync_Cancelled_Stops()
    {
        IpfsStore store = new(nodes.First.Rpc, new IpfsOptions { Patience = TimeSpan.FromHours(1) });
        using CancellationTokenSource cancel = new();
        Task<byte[]?> search = store.FindAsync(ContentHash.Of(Keystream.Of("cancel", 10)), 10, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
    }

    private sealed class Listener(ConcurrentQueue<BlobProgress> said) : IProgress<BlobProgress>
    {
        public void Report(BlobProgress value) => said.Enqueue(value);
    }
}
