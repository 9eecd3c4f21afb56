using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Research.Storage;
using Research.Storage.Ipfs;

namespace Research.Tests.Storage;

public sealed class StoreListTests : IDisposable
{
    private static readonly byte[] Blob = [1, 2, 3];
    private static readonly ContentHash Hash = ContentHash.Of(Blob);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-");
    private readonly List<string> _notices = [];
    private readonly Clock _clock = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FindAsync_OnlyInTheLast_IsReturnedAndKeptInTheFirstFolder()
    {
        FolderStore near = Folder("near");
        FolderStore far = Folder("far");
        await far.PutAsync(Blob);

        Assert.Equal(Blob, await List(near, new Faulty(), far).FindAsync(Hash, 3));

        Assert.Equal(Blob, await near.FindAsync(Hash, 3));
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task FindAsync_StoreThatLies_IsNamedNeverAskedAgainAndTheNextServes()
    {
        Faulty liar = new(lies: true);
        FolderStore right = Folder("right");
        await right.PutAsync(Blob);
        StoreList list = List(liar, right);

        Assert.Equal(Blob, await list.FindAsync(Hash, 3));
        File.Delete(right.PathOf(Hash));
        InvalidDataException nowhere = await Assert.ThrowsAsync<InvalidDataException>(() => list.FindAsync(Hash, 3));

        Assert.Equal(1, liar.Asked);
        Assert.Contains(liar.Name, Assert.Single(_notices), StringComparison.Ordinal);
        Assert.Contains("lies", nowhere.Message, StringComparison.Ordinal);
    }

    // Whoever has mended the file need not start the program again.
    [Fact]
    public async Task FindAsync_FileThatWasMended_IsRead()
    {
        FolderStore store = Folder("one");
        await store.PutAsync(Blob);
        await File.WriteAllBytesAsync(store.PathOf(Hash), [9]);
        StoreList list = List(store);
        await Assert.ThrowsAsync<InvalidDataException>(() => list.FindAsync(Hash, 3));

        await list.PutAsync(Blob);

        Assert.Equal(Blob, await list.FindAsync(Hash, 3));
    }

    [Fact]
    public async Task FindAsync_StoreThatIsDown_IsNamedOnceAndAskedLastForAWhile()
    {
        Faulty down = new(isDown: true);
        FolderStore right = Folder("right");
        await right.PutAsync(Blob);
        StoreList list = List(down, right);

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Blob, await list.FindAsync(Hash, 3));
        }

        Assert.Equal(1, down.Asked);
        Assert.Contains("down", Assert.Single(_notices), StringComparison.Ordinal);
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(Blob, await list.FindAsync(Hash, 3));
        Assert.Equal(2, down.Asked);
    }

    // Not there and cannot be asked are two answers: nobody is out, and nothing is published twice, for the second.
    [Fact]
    public async Task FindAsync_NowhereElseAndOneIsDown_Throws()
    {
        StoreList list = List(Folder("near"), new Faulty(isDown: true), new Faulty());

        StoreException unsure = await Assert.ThrowsAsync<StoreException>(() => list.FindAsync(Hash, 3));

        Assert.Contains(Hash.ToString(), unsure.Message, StringComparison.Ordinal);
        Assert.Contains("down", unsure.Message, StringComparison.Ordinal);
        Assert.Null(await List(Folder("near"), new Faulty()).FindAsync(Hash, 3));
    }

    [Fact]
    public async Task PutAsync_OneOfTheServersTakesIt_IsEnoughAndTheOtherIsNamed()
    {
        FolderStore near = Folder("near");
        Faulty takes = new();

        Assert.Equal(Hash, await List(near, new Faulty(isDown: true), takes).PutAsync(Blob));

        Assert.Equal((1, true), (takes.Stored, near.Contains(Hash)));
        Assert.Contains("down", Assert.Single(_notices), StringComparison.Ordinal);
    }

    // The folder here has it, but nobody else can read that: who believed it was shared would lose a stake.
    [Fact]
    public async Task PutAsync_NoServerTakesIt_ThrowsAndTheFolderHasIt()
    {
        FolderStore near = Folder("near");

        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            () => List(near, new Faulty(isDown: true)).PutAsync(Blob));

        Assert.Contains("down", refused.Message, StringComparison.Ordinal);
        Assert.True(near.Contains(Hash));
    }

    [Fact]
    public async Task PutAsync_StoresThatOnlyRead_AreNotTold()
    {
        Faulty reads = new(takesWrites: false);
        await List(Folder("near"), reads).PutAsync(Blob);
        Assert.Equal((0, 0), (reads.Asked, reads.Stored));

        StoreException none = await Assert.ThrowsAsync<StoreException>(() => List(reads).PutAsync(Blob));
        Assert.Contains("none of them takes writes", none.Message, StringComparison.Ordinal);
    }

    // A stranger can be the first to write under a name.
    [Fact]
    public async Task FindNamedAsync_SomebodyWasThereBefore_TheNextThatIsRightServes()
    {
        FolderStore squatted = Folder("squatted");
        FolderStore right = Folder("right");
        await squatted.PutNamedAsync("keys-1", new byte[] { 9 });
        await right.PutNamedAsync("keys-1", Blob);

        byte[]? found = await List(squatted, right).FindNamedAsync(
            "keys-1", 3, bytes => _ = bytes.Length == 3 ? 0 : throw new InvalidDataException("expected 3 bytes"));

        Assert.Equal(Blob, found);
        Assert.Contains(squatted.Folder, _notices[0], StringComparison.Ordinal);
    }

    // Whoever sends a byte now and then, or takes one, holds up nobody.
    [Fact]
    public async Task FindAsync_StoreThatHangs_TheNextIsAskedBesideItAndItIsLetGo()
    {
        Hanging slow = new();
        FolderStore right = Folder("right");
        await right.PutAsync(Blob);
        using StoreList list = new([slow, slow, right], new Notes(_notices), new Impatient());

        Assert.Equal(Blob, await list.FindAsync(Hash, 3));

        Assert.Equal((2, 2), (slow.Asked, slow.LetGo));
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task FindAsync_StoreHangsAndNobodyElseHasIt_IsWaitedFor()
    {
        Hanging slow = new();
        using StoreList list = new([slow, Folder("empty")], new Notes(_notices), new Impatient());
        using CancellationTokenSource stop = new();

        Task<byte[]?> asked = list.FindAsync(Hash, 3, stop.Token);
        Assert.False(asked.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(1, slow.LetGo);
    }

    [Fact]
    public async Task PutAsync_OneHangs_IsLeftOnceAnotherHasItAndNamed()
    {
        Hanging slow = new();
        using StoreList list = new([Folder("near"), slow, new Faulty()], new Notes(_notices), new Impatient());

        Assert.Equal(Hash, await list.PutAsync(Blob));

        Assert.Equal(1, slow.LetGo);
        Assert.Contains("had not taken the blob", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithNamed_WhatASpecificationNames_IsAskedLastAndOpenedOnceAndClosed()
    {
        List<StoreAddress> opened = [];
        FolderStore named = Folder("named");
        await named.PutAsync(Blob);
        using StoreList own = new([Folder("near")], openNamed: address =>
        {
            opened.Add(address);
            return named;
        });
        StoreAddress address = StoreAddress.ParseNamed("https://store.example");

        Assert.Equal(Blob, await own.WithNamed([address]).FindAsync(Hash, 3));
        Assert.Equal(Blob, await own.WithNamed([address]).FindAsync(Hash, 3));

        Assert.Single(opened);
        Assert.True(Folder("near").Contains(Hash));
        Assert.Same(own, own.WithNamed([]));
        using StoreList deaf = new([Folder("other")]);
        Assert.Same(deaf, deaf.WithNamed([address]));
    }

    // Who shares a folder and nothing else would lose a bond to a sponsor who names what is away.
    [Fact]
    public async Task PutAsync_NamedStoreIsDown_FolderIsEnoughAndItIsSaid()
    {
        using StoreList own = new([Folder("shared")], new Notes(_notices), openNamed: _ => new Faulty(isDown: true));

        await own.WithNamed([StoreAddress.ParseNamed("https://store.example")]).PutAsync(Blob);

        Assert.True(Folder("shared").Contains(Hash));
        Assert.Contains("down", Assert.Single(_notices), StringComparison.Ordinal);
    }

    // One that is the user's own already is asked once, in the user's place and with the user's token.
    [Fact]
    public void WithNamed_OwnStoreIsNamed_StaysWhereItIs()
    {
        StoreAddress address = StoreAddress.ParseNamed("https://store.example");
        using HttpStore mine = new(new Uri("https://store.example"));
        using StoreList own = new([Folder("near"), mine], openNamed: one => StoreAddress.Open([one])[0]);

        Assert.Same(own, own.WithNamed([address]));
    }

    // A stranger's specification must not have its readers knock at doors behind their firewalls.
    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://[::1]:{0}")]
    [InlineData("https://127.0.0.1:{0}")]
    [InlineData("ipfs-gateway+http://127.0.0.1:{0}")]
    public async Task FindAsync_NamedStoreOnThisMachine_IsNotConnectedTo(string text)
    {
        using TcpListener door = new(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
        door.Start();
        int port = ((IPEndPoint)door.LocalEndpoint).Port;
        StoreAddress address = StoreAddress.ParseNamed(string.Format(CultureInfo.InvariantCulture, text, port));
        IBlobStore store = Assert.Single(StoreAddress.Open([address], publicOnly: true));

        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(Hash, 3));

        Assert.Contains("on this machine or in its own network", refused.Message, StringComparison.Ordinal);
        Assert.False(door.Pending());
        (store as IDisposable)?.Dispose();
    }

    [Fact]
    public void Open_FolderAsAStrangersStore_Throws() => Assert.Throws<ArgumentException>(
        () => StoreAddress.Open([StoreAddress.Parse("folder")], publicOnly: true));

    [Theory]
    [InlineData("folder")]
    [InlineData("/etc")]
    [InlineData("http://store.example")]
    [InlineData("ipfs-gateway+http://gateway.example")]
    [InlineData("ipfs+http://127.0.0.1:5001")]
    [InlineData("ipfs+https://node.example")]
    [InlineData("https://user:secret@host/")]
    [InlineData("https://host/ä")]
    [InlineData("https://host/a b")]
    public void ParseNamed_WhatStrangersMustNotAsk_IsRefused(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => StoreAddress.ParseNamed(text));

        Assert.StartsWith("Expected ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => StoreAddress.ParseNamed($"https://host/{new string('a', 200)}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ftp://host")]
    [InlineData("https://user:secret@host/")]
    [InlineData("https://host/?token=1")]
    [InlineData("ipfs+ftp://host")]
    [InlineData("https://")]
    public void Parse_WhatIsNoAddress_IsRefusedWithoutItsSecrets(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => StoreAddress.Parse(text));

        Assert.StartsWith("Expected ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("store", typeof(FolderStore))]
    [InlineData("C:\\store", typeof(FolderStore))]
    [InlineData("https://store.example/a", typeof(HttpStore))]
    [InlineData("HTTP://127.0.0.1:8765", typeof(HttpStore))]
    [InlineData("ipfs+http://127.0.0.1:5001", typeof(IpfsStore))]
    [InlineData("ipfs-gateway+https://gateway.example", typeof(IpfsGateway))]
    public void Open_AnAddress_IsTheStoreOfItsKind(string text, Type kind)
    {
        IBlobStore store = Assert.Single(StoreAddress.Open([StoreAddress.Parse(text)]));
        Assert.IsType(kind, store);
        (store as IDisposable)?.Dispose();
    }

    private FolderStore Folder(string name) => new(Path.Combine(_folder.FullName, name));

    private StoreList List(params IBlobStore[] stores) => new(stores, new Notes(_notices), _clock);

    private sealed class Notes(List<string> notices) : IProgress<string>
    {
        public void Report(string value) => notices.Add(value);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    // Whatever is waited for is over at once.
    private sealed class Impatient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new ShortTimer(base.CreateTimer(callback, state, Shortened(dueTime), period));

        private static TimeSpan Shortened(TimeSpan time) =>
            time == Timeout.InfiniteTimeSpan ? time : TimeSpan.FromMilliseconds(1);

        private sealed class ShortTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Shortened(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }

    // Answers when it is no longer asked.
    private sealed class Hanging : IBlobStore
    {
        private int _letGo;

        public string Name => "https://hanging.example";

        public int Asked { get; private set; }

        public int LetGo => _letGo;

        public async Task<byte[]?> FindAsync(
            ContentHash hash, long mostBytes, CancellationToken cancellationToken = default)
        {
            Asked++;
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return null;
            }
            finally
            {
                Interlocked.Increment(ref _letGo);
            }
        }

        public async Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            await FindAsync(default, 0, cancellationToken);
            return default;
        }

        public Task<byte[]?> FindNamedAsync(
            string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default) =>
            FindAsync(default, mostBytes, cancellationToken);

        public Task PutNamedAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            PutAsync(content, cancellationToken);
    }

    // What a server does to its client, which HttpStoreTests has for real ones.
    private sealed class Faulty(bool lies = false, bool isDown = false, bool takesWrites = true) : IBlobStore
    {
        public string Name => "https://faulty.example";

        public bool TakesWrites => takesWrites;

        public int Asked { get; private set; }

        public int Stored { get; private set; }

        public Task<byte[]?> FindAsync(ContentHash hash, long mostBytes, CancellationToken cancellationToken = default)
        {
            Asked++;
            return isDown ? Task.FromException<byte[]?>(new StoreException(Name, "it is down."))
                : lies ? Task.FromException<byte[]?>(new InvalidDataException($"{Name} lies."))
                : Task.FromResult<byte[]?>(null);
        }

        public Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            Stored += isDown ? 0 : 1;
            return isDown
                ? Task.FromException<ContentHash>(new StoreException(Name, "it is down."))
                : Task.FromResult(ContentHash.Of(content.Span));
        }

        public Task<byte[]?> FindNamedAsync(
            string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default) =>
            FindAsync(default, mostBytes, cancellationToken);

        public Task PutNamedAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            PutAsync(content, cancellationToken);
    }
}
