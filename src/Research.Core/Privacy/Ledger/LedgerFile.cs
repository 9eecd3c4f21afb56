namespace Research.Privacy.Ledger;

/// <summary>A ledger's file under its lock: <c>path + ".lock"</c>, held open without sharing.</summary>
/// <remarks>
/// The operating system frees the lock with the process, however it ends. Locks of network file systems may not hold.
/// </remarks>
internal sealed class LedgerFile : IDisposable
{
    private const int LockTimeoutMilliseconds = 30_000;
    private const int LockPollMilliseconds = 5;

    private readonly string _path;
    private readonly FileStream _lock;

    private LedgerFile(string path, FileStream heldLock)
    {
        _path = path;
        _lock = heldLock;
    }

    /// <summary>Waits for the lock, for at most 30 s.</summary>
    /// <exception cref="TimeoutException">Another process held it all the time.</exception>
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
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
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

    public void Dispose() => _lock.Dispose();
}
