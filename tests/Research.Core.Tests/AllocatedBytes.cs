namespace Research.Tests;

/// <summary>What a computation allocates on its own thread, whatever other threads do.</summary>
internal static class AllocatedBytes
{
    // A collection, which any thread may ask for, moves the count by some bytes; code compiled anew may allocate once.
    private const int Attempts = 10;

    /// <summary>Runs a computation until it allocates nothing, a few times at most, and gives the least it took.</summary>
    public static long Least(Action computation)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            computation();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
