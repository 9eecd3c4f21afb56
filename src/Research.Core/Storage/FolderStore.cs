namespace Research.Storage;

/// <summary>Content-addressed blobs as files of one folder, each named by the SHA-256 of its bytes.</summary>
/// <remarks>
/// Named entries lie in the folder <c>named</c> within. A blob is written to a temporary file, flushed to disk and renamed, so a crash leaves whole blobs or none. What is
/// read is hashed again: a blob that was changed on disk is refused, never returned. What a
/// killed process left of such files goes a day later, when a store first writes to the folder.
/// </remarks>
/// <param name="folder">The folder; made when first written to.</param>
public sealed class FolderStore(string folder) : IBlobStore
{
    private const string NamedFolder = "named";

    private int _isTidied;

    /// <summary>Gets the folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public string Name => Folder;

    /// <summary>Gets the path of a blob, present or not.</summary>
    public string PathOf(ContentHash hash) => Path.Combine(Folder, hash.ToString());

    /// <summary>Says whether a blob of that name is present; its bytes are not checked.</summary>
    public bool Contains(ContentHash hash) => File.Exists(PathOf(hash));

    /// <inheritdoc/>
    public async Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        BlobLimits.Require(content);
        ContentHash hash = ContentHash.Of(content.Span);
        string temporary = PartFile.NameFor(Folder + Path.DirectorySeparatorChar);
        try
        {
            if (await IsIntactAsync(hash, cancellationToken).ConfigureAwait(false))
            {
                return hash;
            }

            Directory.CreateDirectory(Folder);
            TidyOnce();
            await WriteAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, PathOf(hash), overwrite: true);
            return hash;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(Folder, $"the blob {hash} was not stored: {e.Message}", e);
        }
        finally
        {
            DeleteLeftOver(temporary);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(
        ContentHash hash, long mostBytes, CancellationToken cancellationToken = default)
    {
        string path = PathOf(hash);
        if (await ReadAsync(path, mostBytes, cancellationToken).ConfigureAwait(false) is not { } content)
        {
            return null;
        }

        ContentHash actual = ContentHash.Of(content);
        return actual == hash
            ? content
            : throw new InvalidDataException($"{path}: expected content with SHA-256 {hash}, got {actual}.");
    }

    /// <summary>Reads a blob that must be there, and checks it against its name.</summary>
    /// <exception cref="FileNotFoundException">No blob of that name is in the folder.</exception>
    /// <exception cref="InvalidDataException">The file's bytes do not hash to its name, or are too many.</exception>
    public async Task<byte[]> GetAsync(ContentHash hash, CancellationToken cancellationToken = default) =>
        await FindAsync(hash, BlobLimits.MostBytes, cancellationToken).ConfigureAwait(false)
            ?? throw new FileNotFoundException($"The store {Folder} has no blob {hash}.", PathOf(hash));

    /// <summary>Gets the path of a named entry, present or not.</summary>
    /// <param name="name">Its name; see <see cref="EntryName"/>.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public string PathOfNamed(string name)
    {
        EntryName.Require(name);
        return Path.Combine(Folder, NamedFolder, name);
    }

    /// <summary>Says whether a named entry is present.</summary>
    public bool ContainsNamed(string name) => File.Exists(PathOfNamed(name));

    /// <inheritdoc/>
    public async Task PutNamedAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string path = PathOfNamed(name);
        BlobLimits.Require(content);
        try
        {
            Directory.CreateDirectory(Path.Combine(Folder, NamedFolder));
            TidyOnce();
            if (!File.Exists(path) && await TryWriteNewAsync(path, content, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (new FileInfo(path).Length == content.Length
                && (await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)).AsSpan()
                    .SequenceEqual(content.Span))
            {
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(Folder, $"the entry {name} was not stored: {e.Message}", e);
        }

        throw new StoreException(
            Folder, $"{path}: expected no entry, or the same; it has other bytes, and is written once.");
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindNamedAsync(
        string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        string path = PathOfNamed(name);
        if (await ReadAsync(path, mostBytes, cancellationToken).ConfigureAwait(false) is not { } content)
        {
            return null;
        }

        try
        {
            check(content);
            return content;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a named entry that must be there; its bytes are anybody's, and checked by whoever asked.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mostBytes">How many bytes it may have.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FileNotFoundException">There is no entry of that name.</exception>
    /// <exception cref="InvalidDataException">The file has more bytes.</exception>
    public async Task<byte[]> GetNamedAsync(
        string name, long mostBytes, CancellationToken cancellationToken = default) =>
        await FindNamedAsync(name, mostBytes, _ => { }, cancellationToken).ConfigureAwait(false)
            ?? throw new FileNotFoundException($"The store {Folder} has no entry {name}.", PathOfNamed(name));

    /// <summary>Deletes what processes that were killed a day ago or earlier left of files that they wrote
    /// here.</summary>
    /// <param name="time">The clock; the system's where left out.</param>
    public void DeleteLeftOvers(TimeProvider? time = null)
    {
        PartFile.DeleteLeftOvers(Folder, time: time);
        PartFile.DeleteLeftOvers(Path.Combine(Folder, NamedFolder), time: time);
    }

    private void TidyOnce()
    {
        if (Interlocked.Exchange(ref _isTidied, 1) == 0)
        {
            DeleteLeftOvers();
        }
    }

    private static async Task<bool> TryWriteNewAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = PartFile.NameFor(path);
        try
        {
            await WriteAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false; // Somebody else was first.
        }
        finally
        {
            DeleteLeftOver(temporary);
        }
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }
    }

    private static void DeleteLeftOver(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no folder, or it is read-only: nothing was left there.
        }
    }

    // Null where there is no such file, also where it went away just now.
    private async Task<byte[]?> ReadAsync(string path, long mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            FileInfo file = new(path);
            return !file.Exists ? null
                : file.Length <= mostBytes
                ? await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)
                : throw new InvalidDataException($"{path}: expected at most {mostBytes} bytes, got {file.Length}.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(Folder, e.Message, e);
        }
    }

    private async Task<bool> IsIntactAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (!Contains(hash))
        {
            return false;
        }

        byte[] content = await File.ReadAllBytesAsync(PathOf(hash), cancellationToken).ConfigureAwait(false);
        return ContentHash.Of(content) == hash;
    }
}
