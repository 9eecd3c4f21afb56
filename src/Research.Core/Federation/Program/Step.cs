namespace Research.Federation.Program;

/// <summary>Steps of one kind: a dense array of outputs, and where each output's operands lie.</summary>
internal sealed class Step
{
    /// <summary>The bytes of a leaf; every array of outputs begins at one.</summary>
    public const int Leaf = 128;

    /// <summary>The most terms of a run that one step adds up.</summary>
    public const int MostTerms = 256;

    /// <summary>The most loops around and of a step together.</summary>
    public const int MostLoops = 8;

    /// <param name="parent">The loop that it belongs to.</param>
    /// <param name="kind">What it computes.</param>
    /// <param name="width">Bytes of an output: 2, 4, 8, 32 or 128.</param>
    /// <param name="loops">The shape of its outputs, the outermost first.</param>
    public Step(Loop parent, StepKind kind, int width, IReadOnlyList<Extent> loops)
    {
        (Parent, Kind, Width, Loops) = (parent, kind, width, loops);
        High = width == 8 ? long.MaxValue : (1L << ((8 * Math.Min(width, 4)) - 1)) - 1;
        Low = -High; // One value less than two's complement has: products of 16 bits then add up in pairs.
        Polynomial count = 1;
        foreach (Extent loop in loops)
        {
            count *= loop.Count;
        }

        Count = count;
        Bytes = Padded(count * width);
        parent.Add(this);
    }

    /// <summary>Gets the loop that it belongs to.</summary>
    public Loop Parent { get; }

    /// <summary>Gets what it computes.</summary>
    public StepKind Kind { get; }

    /// <summary>Gets the bytes of an output.</summary>
    public int Width { get; }

    /// <summary>Gets the shape of its outputs, the outermost first.</summary>
    public IReadOnlyList<Extent> Loops { get; }

    /// <summary>Gets the operands.</summary>
    public Operand? A { get; init; }

    /// <inheritdoc cref="A"/>
    public Operand? B { get; init; }

    /// <inheritdoc cref="A"/>
    public Operand? C { get; init; }

    /// <summary>Gets how long a run is, or what its kind says.</summary>
    public int Length { get; init; } = 1;

    /// <summary>Gets t.</summary>
    public int ShiftLeft { get; init; }

    /// <summary>Gets s.</summary>
    public int ShiftRight { get; init; }

    /// <summary>Gets the least output.</summary>
    public long Low { get; private set; }

    /// <summary>Gets the greatest output.</summary>
    public long High { get; private set; }

    /// <summary>Gets what people call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Gets how many outputs a run of its loop has.</summary>
    public Polynomial Count { get; }

    /// <summary>Gets the bytes of a run's outputs, whole leaves.</summary>
    public Polynomial Bytes { get; }

    /// <summary>Gets the address of its first output in the first run of the loops around it.</summary>
    public Polynomial Address { get; private set; }

    /// <summary>Gets where its outputs lie among those of its loop's own steps.</summary>
    public Polynomial Offset { get; private set; }

    /// <summary>Gets an operand that begins with its first output.</summary>
    /// <param name="strides">By how many elements each of the reader's loops moves on.</param>
    public Operand At(params long[] strides) => new()
    {
        Made = new StepReference { Step = this },
        Width = Width,
        Strides = strides,
    };

    /// <summary>Gets an operand that begins at an output, and moves on as the reader's loops do.</summary>
    public Operand From(Polynomial offset, params long[] strides) => At(strides) with { Offset = offset };

    /// <summary>Gets the operand of a reader of the same shape.</summary>
    public Operand Each() => Rows(Loops.Count);

    /// <summary>Gets the operand of a reader whose loops are the first of its own.</summary>
    /// <param name="loops">How many.</param>
    public Operand Rows(int loops)
    {
        long[] strides = new long[loops];
        long stride = 1;
        for (int loop = Loops.Count - 1; loop >= 0; loop--)
        {
            if (loop < loops)
            {
                strides[loop] = stride;
            }

            stride *= loop > 0 ? Loops[loop].Constant : 1; // Only the outermost can be the seats.
        }

        return At(strides);
    }

    /// <summary>Gets the same steps with bounds of their outputs; they take the place of these.</summary>
    public Step Within(long low, long high)
    {
        (Low, High) = (low, high);
        return this;
    }

    /// <summary>Gets how many parts a run of a length has.</summary>
    public static int PartsOf(int length) => (length + MostTerms - 1) / MostTerms;

    internal void Place(Polynomial address, Polynomial offset) => (Address, Offset) = (address, offset);

    private static Polynomial Padded(Polynomial bytes)
    {
        if (bytes.PerBlock == 0 && bytes.PerPair == 0)
        {
            return (bytes.Constant + Leaf - 1) / Leaf * Leaf;
        }

        return bytes.IsMultipleOf(Leaf)
            ? bytes
            : throw new InvalidOperationException($"An array of {bytes} bytes does not end where a leaf does.");
    }
}
