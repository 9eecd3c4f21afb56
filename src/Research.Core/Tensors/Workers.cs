namespace Research.Tensors;

/// <summary>Runs independent parts of a computation side by side.</summary>
/// <remarks>
/// Parts must write disjoint outputs, each in a fixed order: then the number of threads never shows in the bits.
/// </remarks>
internal static class Workers
{
    /// <summary>
    /// Calls <paramref name="part"/> with 0 … <paramref name="threads"/> − 1 and returns when all are done.
    /// </summary>
    public static void Run(int threads, Action<int> part)
    {
        if (threads == 1)
        {
            part(0);
            return;
        }

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part);
    }

    /// <summary>
    /// Cuts <paramref name="count"/> items into <paramref name="parts"/> runs whose starts are multiples of <paramref
    /// name="multiple"/>.
    /// </summary>
    public static (int Start, int End) Slice(int count, int part, int parts, int multiple = 1)
    {
        long blocks = (count + multiple - 1) / multiple;
        long start = blocks * part / parts * multiple;
        long end = blocks * (part + 1) / parts * multiple;
        return ((int)Math.Min(start, count), (int)Math.Min(end, count));
    }
}
