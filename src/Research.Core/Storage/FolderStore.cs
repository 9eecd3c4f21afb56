using System.Buffers;

namespace Research.Storage;

/// <summary>Content-addressed blobs as files of one folder, each named by the SHA-256 of its bytes.</summary>
/// <remarks>
/// What is found by a name that was agreed upon, because its hash is not known beforehand, lies in the folder
/// <c>named</c> within: written once, and never trusted; whoever reads it holds it to something.
/// A blob is written to a temporary file, flushed to disk and renamed, so a crash leaves whole blobs or none. What is
/// read is hashed again: a blob that was changed on disk is refused, never returned.
/// </remarks>
/// <param name="folder">The folder; made when first written to.</param>
public sealed class FolderStore(string folder)
{
    /// <summary>The largest blob that is read or written, in bytes.</summary>
    public const int MaximumBlobBytes = 1 << 30;

    private const string NamedFolder = "named";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

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
        CheckLength(content);
        ContentHash hash = ContentHash.Of(content.Span);
        if (await IsIntactAsync(hash, cancellationToken).ConfigureAwait(false))
        {
            return hash;
        }

        Directory.CreateDirectory(Folder);
        string temporary = Path.Combine(Folder, $".{Guid.NewGuid():N}.part");
        try
        {
            await WriteAsync(temporary, content, cancellationToken).ConfigureAwait(false);
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

    /// <summary>The longest name of an entry, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>Gets the path of a named entry, present or not.</summary>
    /// <param name="name">1 to 100 of the characters a to z, 0 to 9 and -.</param>
    /// <exception cref="ArgumentException">The name is anything else.</exception>
    public string PathOfNamed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? Path.Combine(Folder, NamedFolder, name)
            : throw new ArgumentException(
                $"Expected a name of 1 to {LongestName} characters a to z, 0 to 9 and -; got {name.Length} characters.",
                nameof(name));
    }

    /// <summary>Says whether a named entry is present.</summary>
    public bool ContainsNamed(string name) => File.Exists(PathOfNamed(name));

    /// <summary>Stores an entry under a name, once: the same bytes again change nothing.</summary>
    /// <exception cref="ArgumentException"><paramref name="content"/> is over <see cref="MaximumBlobBytes"/>, or the name is
    /// no name.</exception>
    /// <exception cref="IOException">The name has other bytes already.</exception>
    public async Task PutNamedAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string path = PathOfNamed(name);
        CheckLength(content);
        Directory.CreateDirectory(Path.Combine(Folder, NamedFolder));
        if (!File.Exists(path) && await TryWriteNewAsync(path, content, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        bool isSame = new FileInfo(path).Length == content.Length
            && (await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)).AsSpan()
                .SequenceEqual(content.Span);
        if (!isSame)
        {
            throw new IOException($"{path}: expected no entry, or the same; it has other bytes, and is written once.");
        }
    }

    /// <summary>Reads a named entry; its bytes are anybody's, and checked by whoever asked.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mostBytes">How many bytes it may have.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FileNotFoundException">There is no entry of that name.</exception>
    /// <exception cref="InvalidDataException">The file has more bytes.</exception>
    public async Task<byte[]> GetNamedAsync(
        string name, long mostBytes, CancellationToken cancellationToken = default)
    {
        string path = PathOfNamed(name);
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"The store {Folder} has no entry {name}.", path);
        }

        return file.Length <= mostBytes
            ? await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)
            : throw new InvalidDataException($"{path}: expected at most {mostBytes} bytes, got {file.Length}.");
    }

    private static async Task<bool> TryWriteNewAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
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
            File.Delete(temporary);
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

    private static void CheckLength(ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaximumBlobBytes)
        {
            throw new ArgumentException(
                $"Expected at most {MaximumBlobBytes} bytes; got {content.Length}.", nameof(content));
        }
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
