namespace Research.Privacy.Ledger;

/// <summary>A ledger's file under its lock: a file beside it, held open without sharing.</summary>
/// <remarks>
/// The operating system frees the lock with the process, however it ends. Locks of network file systems may not hold.
/// </remarks>
internal sealed class LedgerFile : IDisposable
{
    private const int LockTimeoutMilliseconds = 30_000;
    private const int LockPollMilliseconds = 5;

    // How .NET reports a file that another process holds: EAGAIN of Linux, EWOULDBLOCK of macOS, Windows' two.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly string _path;
    private readonly FileStream _lock;

    private LedgerFile(string path, FileStream heldLock)
    {
        _path = path;
        _lock = heldLock;
    }

    /// <summary>Waits for the lock, for at most 30 s.</summary>
    /// <exception cref="TimeoutException">Another process held it all the time.</exception>
    /// <exception cref="IOException">The lock file cannot be made.</exception>
    public static LedgerFile Lock(LedgerHome home)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new LedgerFile(
                    home.Ledger, OwnerFile.Open(home.Lock, FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                if (Environment.TickCount64 - start > LockTimeoutMilliseconds)
                {
                    throw new TimeoutException(
                        $"'{home.Lock}' stayed locked for {LockTimeoutMilliseconds / 1000} s.", e);
                }

                Thread.Sleep(LockPollMilliseconds);
            }
        }
    }

    /// <summary>
    /// Cuts the file at <paramref name="offset"/>, writes there, and returns once the bytes are on disk.
    /// </summary>
    /// <exception cref="IOException">The message says whether the charge counts.</exception>
    public void Append(long offset, ReadOnlySpan<byte> bytes)
    {
        byte[] before = [];
        bool isTouched = false;
        try
        {
            if (File.Exists(_path) && new FileInfo(_path).IsReadOnly)
            {
                throw new IOException("The file is read-only."); // Also for root, who could write to it.
            }

            using FileStream file = OwnerFile.Open(_path, FileMode.OpenOrCreate);
            before = ReadFrom(file, offset);
            isTouched = true;
            WriteAt(file, offset, bytes);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw !isTouched || TakeBack(offset, before)
                ? Failed("the charge was not written and does not count", e)
                : Failed("the charge may have been written or not", e);
        }
    }

    /// <summary>Writes the note of the last charge seen.</summary>
    /// <exception cref="IOException">The note could not be written; the charge counts.</exception>
    public void Note(LedgerHome home, LedgerSeen seen)
    {
        try
        {
            seen.Write(home);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw Failed("the charge counts, but the note of the last charge seen could not be renewed", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static byte[] ReadFrom(FileStream file, long offset)
    {
        if (file.Length <= offset)
        {
            return [];
        }

        byte[] bytes = new byte[checked((int)(file.Length - offset))];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void WriteAt(FileStream file, long offset, ReadOnlySpan<byte> bytes)
    {
        file.Position = offset;
        file.Write(bytes);
        if (file.Length > offset + bytes.Length)
        {
            file.SetLength(offset + bytes.Length);
        }

        file.Flush(flushToDisk: true);
    }

    // The charge has not returned, so nothing was released that these bytes would have to tell of.
    private bool TakeBack(long offset, ReadOnlySpan<byte> before)
    {
        try
        {
            using FileStream file = OwnerFile.Open(_path, FileMode.Open);
            WriteAt(file, offset, before);
            return true;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return false; // The caller is told.
        }
    }

    private IOException Failed(string what, Exception e) =>
        new($"{_path}: {what}; nothing may be released. ({e.Message})", e);

    // A file size limit of the process arrives as ArgumentOutOfRangeException.
    private static bool IsTrouble(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
