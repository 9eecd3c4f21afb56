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
}
