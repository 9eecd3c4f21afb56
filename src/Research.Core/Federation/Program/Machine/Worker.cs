namespace Research.Federation.Program.Machine;

/// <summary>One thread's place in a program: the run of each loop that goes on, and the memory of its outputs.</summary>
internal sealed unsafe class Worker : IDisposable
{
    private readonly List<NativeImage> _images = [];
    private readonly Dictionary<int, (nint One, nint Two)> _pairs = [];

    /// <param name="loops">How many loops the program has.</param>
    public Worker(int loops)
    {
        Now = new nint[loops];
        Before = new nint[loops];
        Runs = new long[loops];
        Addresses = new long[loops];
    }

    /// <summary>Gets the outputs of each loop's run that goes on.</summary>
    public nint[] Now { get; }

    /// <summary>Gets the outputs of the run before; 0 in the first.</summary>
    public nint[] Before { get; }

    /// <summary>Gets the number of each loop's run.</summary>
    public long[] Runs { get; }

    /// <summary>Gets the trace address of each loop's run.</summary>
    public long[] Addresses { get; }

    /// <summary>Gets or sets the seat's update, [P].</summary>
    public NativeImage? Update { get; set; }

    /// <summary>Gets or sets room for leaves.</summary>
    public byte[] Leaves { get; set; } = [];

    /// <summary>Gets memory for the runs of a loop that are not kept: one, or two that take turns.</summary>
    public (nint One, nint Two) Pair(int loop, long bytes, bool isCarried)
    {
        if (!_pairs.TryGetValue(loop, out (nint One, nint Two) pair))
        {
            NativeImage image = new(isCarried ? 2 * bytes : bytes);
            _images.Add(image);
            nint start = (nint)image.Start;
            pair = (start, isCarried ? start + (nint)bytes : start);
            _pairs.Add(loop, pair);
        }

        return pair;
    }

    /// <summary>Gets a worker in the same place.</summary>
    public Worker Fork()
    {
        Worker fork = new(Now.Length);
        Now.CopyTo(fork.Now, 0);
        Before.CopyTo(fork.Before, 0);
        Runs.CopyTo(fork.Runs, 0);
        Addresses.CopyTo(fork.Addresses, 0);
        return fork;
    }

    public void Dispose()
    {
        foreach (NativeImage image in _images)
        {
            image.Dispose();
        }

        Update?.Dispose();
    }
}
