namespace Research.Privacy.Ledger;

/// <summary>A ledger's file under its lock: <c>path + ".lock"</c>, held open without sharing.</summary>
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
    public static LedgerFile Lock(string path)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new LedgerFile(
                    path, new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                if (Environment.TickCount64 - start > LockTimeoutMilliseconds)
                {
                    throw new TimeoutException(
                        $"'{path}.lock' stayed locked for {LockTimeoutMilliseconds / 1000} s.", e);
                }

                Thread.Sleep(LockPollMilliseconds);
            }
        }
    }

    /// <summary>Reads every byte; none when there is no file.</summary>
    public byte[] Read() => File.Exists(_path) ? File.ReadAllBytes(_path) : [];

    /// <summary>
    /// Cuts the file at <paramref name="offset"/>, writes there, and returns once the bytes are on disk.
    /// </summary>
    public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        using FileStream file = new(
            _path,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.Read,
            bufferSize: 0,
            FileOptions.WriteThrough);
        file.SetLength(offset);
        file.Position = offset;
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Writes a charge, and the copy of the ledger as last seen; returns once both are on disk.</summary>
    /// <param name="bytes">The file as it is.</param>
    /// <param name="end">Where its last whole line ends; what follows is replaced.</param>
    /// <param name="added">What shall stand from there on.</param>
    /// <exception cref="IOException">The message says whether the charge counts.</exception>
    public void Append(ReadOnlySpan<byte> bytes, int end, ReadOnlySpan<byte> added)
    {
        try
        {
            if (new FileInfo(_path).IsReadOnly)
            {
                throw new IOException("The file is read-only."); // Also for root, who could write to it.
            }

            LastSeen.Stage(_path, bytes[..end], added); // First: on a full disk it fails before the ledger is touched.
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw NotCharged(e);
        }

        try
        {
            WriteAt(end, added);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw TakeBack(end, bytes[end..]) ? NotCharged(e) : Failed("the charge may have been written or not", e);
        }

        try
        {
            LastSeen.Commit(_path);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw Failed("the charge counts, but the copy of the ledger as last seen could not be renewed", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    // The charge has not returned, so nothing was released that these bytes would have to tell of.
    private bool TakeBack(long offset, ReadOnlySpan<byte> before)
    {
        try
        {
            WriteAt(offset, before);
            return true;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return false; // The caller is told.
        }
    }

    private IOException NotCharged(Exception e) => Failed("the charge was not written and does not count", e);

    private IOException Failed(string what, Exception e) =>
        new($"{_path}: {what}; nothing may be released. ({e.Message})", e);

    // A file size limit of the process arrives as ArgumentOutOfRangeException.
    private static bool IsTrouble(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
