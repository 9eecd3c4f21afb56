namespace Research.Federation.Program;

/// <summary>A part of a program that runs again and again: steps, and loops within.</summary>
/// <remarks>The program itself is one that runs once. Each run's outputs follow those of the run before.</remarks>
internal sealed class Loop
{
    private readonly List<object> _items = [];

    /// <param name="parent">The loop around it; null for the program.</param>
    /// <param name="extent">How often it runs.</param>
    public Loop(Loop? parent, Extent extent)
    {
        Parent = parent;
        Extent = extent;
        Depth = parent is null ? 0 : parent.Depth + 1;
        parent?._items.Add(this);
    }

    /// <summary>Gets the loop around it.</summary>
    public Loop? Parent { get; }

    /// <summary>Gets how often it runs.</summary>
    public Extent Extent { get; }

    /// <summary>Gets how many loops are around it.</summary>
    public int Depth { get; }

    /// <summary>Gets the steps and loops, in program order.</summary>
    public IReadOnlyList<object> Items => _items;

    /// <summary>Gets the address of its first run's first output, in bytes, in the first runs of the loops around it.</summary>
    public Polynomial Address { get; private set; }

    /// <summary>Gets the bytes of one run.</summary>
    public Polynomial Stride { get; private set; }

    /// <summary>Gets the bytes of the outputs of one run's own steps, without the loops within.</summary>
    public Polynomial OwnBytes { get; private set; }

    /// <summary>Gets or sets whether later parts read other runs than the last, so that all are kept.</summary>
    public bool IsKept { get; set; }

    /// <summary>Gets or sets whether a run reads what the run before it made.</summary>
    public bool IsCarried { get; set; }

    /// <summary>Gets or sets its number among the program's loops.</summary>
    public int Number { get; set; }

    /// <summary>Tells whether it is another loop or around it.</summary>
    public bool Encloses(Loop other)
    {
        for (Loop? at = other; at is not null; at = at.Parent)
        {
            if (at == this)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets the loops around it and itself, the outermost first, without the program.</summary>
    public IReadOnlyList<Loop> Chain()
    {
        List<Loop> chain = [];
        for (Loop at = this; at.Parent is not null; at = at.Parent)
        {
            chain.Insert(0, at);
        }

        return chain;
    }

    internal void Add(Step step) => _items.Add(step);

    /// <summary>Gives addresses to everything within.</summary>
    /// <returns>The bytes of all runs.</returns>
    internal Polynomial Place(Polynomial address)
    {
        Address = address;
        Polynomial size = 0;
        Polynomial own = 0;
        foreach (object item in _items)
        {
            if (item is Step step)
            {
                step.Place(address + size, own);
                size += step.Bytes;
                own += step.Bytes;
            }
            else
            {
                size += ((Loop)item).Place(address + size);
            }
        }

        Stride = size;
        OwnBytes = own;
        return size * Extent.Count;
    }
}
