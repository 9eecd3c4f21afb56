using System.Security.Cryptography;
using System.Text;

namespace Research.Storage;

/// <summary>The bytes of a download so far, and with a folder a file of them that outlives the process.</summary>
internal sealed class DownloadPart : IDisposable
{
    private const string Extension = ".part";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly FileStream? _file;

    private DownloadPart(FileStream? file) => _file = file;

    /// <summary>Gets the bytes.</summary>
    public GrowingBytes Bytes { get; } = new();

    /// <summary>Gets whether some of them are another process's.</summary>
    public bool IsInherited { get; private set; }

    /// <summary>Creates one that ends with this process.</summary>
    public static DownloadPart InMemory() => new(null);

    /// <summary>Opens the part of a blob of one store: another store's bytes must never be blamed on this one.</summary>
    /// <param name="store">The store's name.</param>
    /// <param name="hash">The blob.</param>
    /// <param name="mostBytes">How many bytes it may have.</param>
    /// <param name="options">Where parts are.</param>
    public static DownloadPart Open(string store, ContentHash hash, long mostBytes, HttpStoreOptions options)
    {
        if (options.PartsFolder is not { } folder)
        {
            return InMemory();
        }

        string origin = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(store)).AsSpan(0, 8));
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(folder);
            DeleteOld(folder, options.Time);
            file = new FileStream(
                Path.Combine(folder, $"{origin}-{hash}{Extension}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            DownloadPart part = new(file);
            part.Inherit(mostBytes);
            return part;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return InMemory(); // Another process fetches it too, or the disk fails: memory will do.
        }
    }

    /// <summary>Takes bytes that were put into the room of <see cref="Bytes"/>.</summary>
    public void Advance(Memory<byte> room, int count)
    {
        Bytes.Advance(count);
        try
        {
            _file?.Write(room.Span[..count]);
        }
        catch (IOException)
        {
            // A full disk: what is in memory will do, and what is in the file is checked before it is used.
        }
    }

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        Bytes.Clear();
        _file?.SetLength(0);
        IsInherited = false;
    }

    /// <summary>Deletes the file: the blob is whole, or there is none.</summary>
    public void Delete()
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays for a week, and is checked before it is used.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            bool isEmpty = _file?.Length == 0;
            _file?.Dispose();
            if (isEmpty)
            {
                Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The last bytes did not reach a full disk; what did is checked before it is used.
        }
    }

    private static void DeleteOld(string folder, TimeProvider time)
    {
        DateTime old = (time.GetUtcNow() - Lifetime).UtcDateTime;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles($"*{Extension}"))
        {
            if (file.LastWriteTimeUtc < old)
            {
                file.Delete();
            }
        }
    }

    private void Inherit(long mostBytes)
    {
        if (_file!.Length > mostBytes)
        {
            _file.SetLength(0);
        }

        int count;
        while (_file.Length > Bytes.Length && (count = _file.Read(Bytes.Room(_file.Length).Span)) > 0)
        {
            Bytes.Advance(count);
        }

        IsInherited = Bytes.Length > 0;
    }
}
