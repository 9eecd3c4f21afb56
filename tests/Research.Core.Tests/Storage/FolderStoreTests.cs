using Research.Storage;

namespace Research.Tests.Storage;

public sealed class FolderStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task PutAsync_ThenGetAsync_ReturnsTheBytesAndLeavesNoTemporaryFile()
    {
        FolderStore store = new(_folder.FullName);

        ContentHash first = await store.PutAsync(new byte[] { 1, 2, 3 });
        ContentHash second = await store.PutAsync(new byte[] { 1, 2, 3 });

        Assert.Equal(first, second);
        Assert.Equal([1, 2, 3], await store.GetAsync(first));
        Assert.Equal(first.ToString(), Assert.Single(_folder.GetFiles()).Name);
    }

    [Fact]
    public async Task GetAsync_ChangedOnDisk_ThrowsAndPutRepairs()
    {
        FolderStore store = new(_folder.FullName);
        ContentHash hash = await store.PutAsync(new byte[] { 1, 2, 3 });
        await File.WriteAllBytesAsync(store.PathOf(hash), [1, 2, 4]);

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => store.GetAsync(hash));
        Assert.Contains(hash.ToString(), error.Message, StringComparison.Ordinal);

        await store.PutAsync(new byte[] { 1, 2, 3 });
        Assert.Equal([1, 2, 3], await store.GetAsync(hash));
    }

    [Fact]
    public async Task GetAsync_Absent_NamesTheBlob()
    {
        FolderStore store = new(_folder.FullName);
        ContentHash hash = ContentHash.Of([9]);

        FileNotFoundException error = await Assert.ThrowsAsync<FileNotFoundException>(() => store.GetAsync(hash));
        Assert.Contains(hash.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutNamedAsync_OtherBytes_AreRefusedAndTheFirstStay()
    {
        FolderStore store = new(_folder.FullName);
        await store.PutNamedAsync("keys-1", new byte[] { 1, 2, 3 });
        await store.PutNamedAsync("keys-1", new byte[] { 1, 2, 3 });

        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => store.PutNamedAsync("keys-1", new byte[] { 1, 2 }));

        Assert.Contains(store.PathOfNamed("keys-1"), refused.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await store.GetNamedAsync("keys-1", 3));
        Assert.Single(_folder.GetFiles("*", SearchOption.AllDirectories));
        InvalidDataException large = await Assert.ThrowsAsync<InvalidDataException>(() => store.GetNamedAsync("keys-1", 2));
        Assert.Contains("expected at most 2 bytes, got 3", large.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.GetNamedAsync("keys-2", 3));
    }

    // A process that was killed left them; one that lives holds its own, however old; strangers' files are strangers'.
    [Fact]
    public async Task PutAsync_LeftOversOfKilledProcesses_GoADayLater()
    {
        FolderStore store = new(_folder.FullName);
        await store.PutNamedAsync("keys-1", new byte[] { 1 });
        string[] killed =
            [store.PathOf(default) + Part('0'), store.PathOfNamed("keys-1") + Part('1'), Beside(Part('2'))];
        string[] staying =
            [Beside($"notes{Part('3')[..^6]}.part"), Beside("song.part"), Beside(Part('4')), Beside(Part('5'))];
        foreach (string path in (string[])[.. killed, .. staying])
        {
            await File.WriteAllBytesAsync(path, new byte[9]);
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        }

        File.SetLastWriteTimeUtc(staying[2], TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-20));
        await using FileStream held = new(staying[3], FileMode.Open, FileAccess.Write, FileShare.None);
        await store.PutAsync(new byte[] { 2 });
        Assert.All(killed, path => Assert.True(File.Exists(path), "It has tidied before, and does so once."));

        await new FolderStore(_folder.FullName).PutAsync(new byte[] { 3 });

        Assert.All(killed, path => Assert.False(File.Exists(path), path));
        Assert.All(staying, path => Assert.True(File.Exists(path), path));

        string Beside(string name) => Path.Combine(_folder.FullName, name);

        static string Part(char digit) => $".{new string(digit, 32)}.part";
    }

    [Theory]
    [InlineData("console")]
    [InlineData("com")]
    [InlineData("com10")]
    [InlineData("nul-1")]
    public void PathOfNamed_WhatOnlyBeginsLikeADevice_IsAName(string name) =>
        Assert.False(new FolderStore(_folder.FullName).ContainsNamed(name));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData("a.part")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData("con")]
    [InlineData("nul")]
    [InlineData("com1")]
    [InlineData("lpt9")]
    public void PathOfNamed_WhatIsNoName_IsRefused(string name)
    {
        FolderStore store = new(_folder.FullName);

        Assert.Throws<ArgumentException>(() => store.PathOfNamed(name));
        Assert.Throws<ArgumentException>(() => store.PathOfNamed(new string('a', 101)));
        Assert.False(store.ContainsNamed(new string('a', 100)));
    }

    // A name of 64 digits must not stand for content that hashes to something else.
    [Fact]
    public async Task PutNamedAsync_NameThatIsAHash_IsNoBlob()
    {
        FolderStore store = new(_folder.FullName);
        ContentHash hash = ContentHash.Of([1]);

        await store.PutNamedAsync(hash.ToString(), new byte[] { 2 });

        Assert.False(store.Contains(hash));
    }
}
