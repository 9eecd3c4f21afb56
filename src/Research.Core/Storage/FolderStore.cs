namespace Research.Storage;

/// <summary>Content-addressed blobs as files of one folder, each named by the SHA-256 of its bytes.</summary>
/// <remarks>
/// A blob is written to a temporary file, flushed to disk and renamed, so a crash leaves whole blobs or none. What is
/// read is hashed again: a blob that was changed on disk is refused, never returned.
/// </remarks>
/// <param name="folder">The folder; made when first written to.</param>
public sealed class FolderStore(string folder)
{
    /// <summary>The largest blob that is read or written, in bytes.</summary>
    public const int MaximumBlobBytes = 1 << 30;

    /// <summary>Gets the folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Gets the path of a blob, present or not.</summary>
    public string PathOf(ContentHash hash) => Path.Combine(Folder, hash.ToString());

    /// <summary>Says whether a blob of that name is present; its bytes are not checked.</summary>
    public bool Contains(ContentHash hash) => File.Exists(PathOf(hash));

    /// <summary>Stores <paramref name="content"/> and returns its name; storing it again changes nothing.</summary>
    /// <exception cref="ArgumentException"><paramref name="content"/> is over
    /// <see cref="MaximumBlobBytes"/>.</exception>
    public async Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        if (content.Length > MaximumBlobBytes)
        {
            throw new ArgumentException(
                $"Expected at most {MaximumBlobBytes} bytes; got {content.Length}.", nameof(content));
        }

        ContentHash hash = ContentHash.Of(content.Span);
        if (await IsIntactAsync(hash, cancellationToken).ConfigureAwait(false))
        {
            return hash;
        }

        Directory.CreateDirectory(Folder);
        string temporary = Path.Combine(Folder, $".{Guid.NewGuid():N}.part");
        try
        {
            FileStream stream = new(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, PathOf(hash), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return hash;
    }

    /// <summary>Reads a blob and checks it against its name.</summary>
    /// <exception cref="FileNotFoundException">No blob of that name is in the folder.</exception>
    /// <exception cref="InvalidDataException">The file's bytes do not hash to its name, or are too many.</exception>
    public async Task<byte[]> GetAsync(ContentHash hash, CancellationToken cancellationToken = default)
    {
        string path = Existing(hash);
        return Checked(hash, path, await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Reads a blob and checks it against its name, on this thread.</summary>
    /// <param name="hash">Its name.</param>
    /// <param name="mostBytes">How many bytes it may have.</param>
    /// <exception cref="FileNotFoundException">No blob of that name is in the folder.</exception>
    /// <exception cref="InvalidDataException">The file's bytes do not hash to its name, or are too many.</exception>
    public byte[] Get(ContentHash hash, long mostBytes = MaximumBlobBytes)
    {
        string path = Existing(hash, mostBytes);
        return Checked(hash, path, File.ReadAllBytes(path));
    }

    private static byte[] Checked(ContentHash hash, string path, byte[] content)
    {
        ContentHash actual = ContentHash.Of(content);
        return actual == hash
            ? content
            : throw new InvalidDataException($"{path}: expected content with SHA-256 {hash}, got {actual}.");
    }

    private string Existing(ContentHash hash, long mostBytes = MaximumBlobBytes)
    {
        string path = PathOf(hash);
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"The store {Folder} has no blob {hash}.", path);
        }

        return file.Length <= mostBytes
            ? path
            : throw new InvalidDataException($"{path}: expected at most {mostBytes} bytes, got {file.Length}.");
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
