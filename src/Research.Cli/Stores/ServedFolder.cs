using System.Buffers;
using System.Security.Cryptography;
using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>The folder of a served store: a <see cref="FolderStore"/>'s, and beside its blobs what is not whole yet.</summary>
/// <remarks>
/// Uploads lie in <c>.incoming</c> until they are whole, hashed and flushed to disk; then they are renamed. The file
/// <c>lock</c> there is held while a server runs: a second one would delete the first one's files.
/// </remarks>
internal sealed class ServedFolder : IDisposable
{
    private const string Incoming = ".incoming";
    private const int BufferBytes = 128 << 10;

    private readonly FileStream _lock;
    private readonly ITimer _expiry;
    private readonly Lock _rename = new();

    private ServedFolder(BlobServerOptions options, FileStream @lock)
    {
        _lock = @lock;
        Store = new FolderStore(options.Folder);
        Quota = new StoreQuota(options.QuotaBytes);
        Parts = new UploadParts(IncomingOf(Store), Quota, options);
        Store.DeleteLeftOvers(options.Time); // Of FolderStores; those of other processes may be writing just now.
        Parts.Adopt();
        Count();
        TimeSpan pause = TimeSpan.FromTicks(Math.Clamp(
            options.PartLifetime.Ticks / 4, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute));
        _expiry = options.Time.CreateTimer(_ => Parts.Expire(), null, pause, pause);
    }

    /// <summary>Gets the folder as others use it.</summary>
    public FolderStore Store { get; }

    /// <summary>Gets how much it takes.</summary>
    public StoreQuota Quota { get; }

    /// <summary>Gets the uploads that were cut.</summary>
    public UploadParts Parts { get; }

    /// <summary>Opens a folder, made where there is none, and tidies what an earlier server left.</summary>
    /// <exception cref="StoreException">It cannot be, or another server has it.</exception>
    public static ServedFolder Open(BlobServerOptions options)
    {
        FolderStore store = new(options.Folder);
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(IncomingOf(store));
            Directory.CreateDirectory(NamedOf(store));
            string path = Path.Combine(IncomingOf(store), "lock");
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (File.Exists(path))
            {
                throw new StoreException(
                    store.Name, "another research store serve has this folder: stop it, or serve another folder.", e);
            }

            return new ServedFolder(options, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw e as StoreException ?? new StoreException(store.Name, $"it cannot be served: {e.Message}", e);
        }
    }

    /// <summary>Gets the path of a new file for bytes that are not whole yet.</summary>
    public string NewTemporary() => Path.Combine(IncomingOf(Store), $"{Guid.NewGuid():N}{UploadId.Extension}");

    /// <summary>Opens a file for reading; null where there is none.</summary>
    public static FileStream? OpenRead(string path)
    {
        try
        {
            return new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Says whether a blob is here and its bytes hash to its name.</summary>
    public async Task<bool> IsIntactAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (OpenRead(Store.PathOf(hash)) is not { } file)
        {
            return false;
        }

        await using (file.ConfigureAwait(false))
        {
            using IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await HashAsync(file, sha, long.MaxValue, cancellationToken).ConfigureAwait(false);
            return new ContentHash(sha.GetHashAndReset()) == hash;
        }
    }

    /// <summary>Hashes at most so many bytes of a file, from where it stands.</summary>
    public static async Task HashAsync(
        FileStream file, IncrementalHash sha, long bytes, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (bytes > 0)
            {
                int count = await file
                    .ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, BufferBytes)), cancellationToken)
                    .ConfigureAwait(false);
                if (count == 0)
                {
                    return;
                }

                sha.AppendData(buffer, 0, count);
                bytes -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes a whole, hashed and flushed file a blob; what it costs is counted already.</summary>
    /// <returns>Whether there was none before.</returns>
    public bool Commit(string temporary, ContentHash hash)
    {
        string path = Store.PathOf(hash);
        lock (_rename) // Two may bring the same blob, and it counts once.
        {
            FileInfo before = new(path);
            long cost = before.Exists ? StoreQuota.Cost(before.Length) : 0;
            File.Move(temporary, path, overwrite: true);
            Quota.Add(-cost);
            return cost == 0;
        }
    }

    /// <summary>Deletes a file that did not become anything.</summary>
    public static void DeleteLeftOver(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is gone or read-only; the next start tidies.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _expiry.Dispose();
        _lock.Dispose();
    }

    private static string IncomingOf(FolderStore store) => Path.Combine(store.Folder, Incoming);

    private static string NamedOf(FolderStore store) => Path.Combine(store.Folder, "named");

    private void Count()
    {
        foreach (string folder in (string[])[Store.Folder, NamedOf(Store)])
        {
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
            {
                Quota.Add(StoreQuota.Cost(file.Length));
            }
        }
    }
}
