namespace Research.Cli.Stores;

/// <summary>How much of the disk a store takes, and may take.</summary>
/// <remarks>A file counts in whole blocks, at least one: else empty ones would be free, and fill the disk's inodes.</remarks>
internal sealed class StoreQuota(long most)
{
    private const long Block = 4096;

    private readonly Lock _gate = new();
    private long _used;

    /// <summary>Gets the most, in bytes.</summary>
    public long Most { get; } = most;

    /// <summary>Gets what is taken or promised, in bytes.</summary>
    public long Used
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>Gets what a file of this length counts.</summary>
    public static long Cost(long length) => Math.Max(1, (length + Block - 1) / Block) * Block;

    /// <summary>Takes so many bytes, unless that is more than there are.</summary>
    public bool TryTake(long bytes)
    {
        lock (_gate)
        {
            if (bytes > Most - _used)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Counts what is there already, or gives back (below 0).</summary>
    public void Add(long bytes)
    {
        lock (_gate)
        {
            _used += bytes;
        }
    }
}
