namespace Research.Federation.Program;

/// <summary>A program while it is written: the verbs in which the parts of a scoring speak.</summary>
/// <remarks>
/// Shapes: the arguments <c>loops</c> are those of the output. An operand moves by its strides, one for each of these
/// loops, in elements; a loop without a stride leaves it where it is.
/// </remarks>
internal sealed class Draft
{
    private readonly List<Step> _steps = [];
    private readonly List<Loop> _loops = [];

    public Draft() => Root = Loop(null, 1);

    /// <summary>Gets the program.</summary>
    public Loop Root { get; }

    /// <summary>Gets the tables and numbers.</summary>
    public Constants Constants { get; } = new();

    /// <summary>Gets the steps, in program order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Gets the loops, the program first.</summary>
    public IReadOnlyList<Loop> Loops => _loops;

    /// <summary>Starts a loop.</summary>
    public Loop Loop(Loop? around, Extent extent)
    {
        Loop loop = new(around, extent) { Number = _loops.Count };
        _loops.Add(loop);
        return loop;
    }

    /// <summary>Adds steps.</summary>
    public Step Add(Step step)
    {
        _steps.Add(step);
        return step;
    }

    /// <summary>Gets a number as an operand.</summary>
    public Operand Number(long value) => Constants.Number(value);

    /// <summary>Adds ⌊a·b + c·2ᵗ⌉ₛ.</summary>
    public Step Mac(
        Loop at,
        string name,
        int width,
        IReadOnlyList<Extent> loops,
        Operand a,
        Operand b,
        Operand? c = null,
        int t = 0,
        int s = 0) => Add(new Step(at, StepKind.Mac, width, loops)
        {
            Name = name,
            A = a,
            B = b,
            C = c,
            ShiftLeft = t,
            ShiftRight = s,
        });

    /// <summary>Adds a copy, ⌊a⌉ₛ.</summary>
    public Step Copy(Loop at, string name, int width, IReadOnlyList<Extent> loops, Operand a, int s = 0) =>
        Sum(at, name, width, loops, 1, a, s: s);

    /// <summary>Adds scalar products of runs of 16 bits, with one step or, where the run is long, with parts and their
    /// sum.</summary>
    /// <param name="at">The loop.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="width">Bytes of a result.</param>
    /// <param name="loops">The shape of the results.</param>
    /// <param name="length">The length of the runs.</param>
    /// <param name="a">Where the first run begins.</param>
    /// <param name="b">Where the other begins.</param>
    /// <param name="c">What is added; null for nothing.</param>
    /// <param name="t">The shift of c.</param>
    /// <param name="s">The shift of the result.</param>
    /// <param name="low">The least result; null for what the width holds.</param>
    public Step Dot(
        Loop at,
        string name,
        int width,
        IReadOnlyList<Extent> loops,
        int length,
        Operand a,
        Operand b,
        Operand? c = null,
        int t = 0,
        int s = 0,
        long? low = null)
    {
        int parts = Step.PartsOf(length);
        a = a with { Strides = [.. Padded(a, loops.Count), Step.MostTerms] };
        b = b with { Strides = [.. Padded(b, loops.Count), Step.MostTerms] };
        if (parts > 1)
        {
            Step partial = Add(new Step(at, StepKind.Dot, sizeof(long), [.. loops, parts])
            {
                Name = name + ", parts",
                A = a,
                B = b,
                Length = length,
            });
            return Sum(at, name, width, loops, parts, partial.Rows(loops.Count), c, t, s, low);
        }

        return Add(Bounded(low, new Step(at, StepKind.Dot, width, [.. loops, 1])
        {
            Name = name,
            A = a,
            B = b,
            C = c,
            Length = length,
            ShiftLeft = t,
            ShiftRight = s,
        }));
    }

    /// <summary>Adds sums of runs; see <see cref="Dot"/>.</summary>
    public Step Sum(
        Loop at,
        string name,
        int width,
        IReadOnlyList<Extent> loops,
        int length,
        Operand a,
        Operand? b = null,
        int t = 0,
        int s = 0,
        long? low = null,
        long? high = null)
    {
        int parts = Step.PartsOf(length);
        a = a with { Strides = [.. Padded(a, loops.Count), Step.MostTerms] };
        if (parts > 1)
        {
            Step partial = Add(new Step(at, StepKind.Sum, sizeof(long), [.. loops, parts])
            {
                Name = name + ", parts",
                A = a,
                Length = length,
            });
            return Sum(at, name, width, loops, parts, partial.Rows(loops.Count), b, t, s, low, high);
        }

        return Add(Bounded(low, new Step(at, StepKind.Sum, width, [.. loops, 1])
        {
            Name = name,
            A = a,
            B = b,
            Length = length,
            ShiftLeft = t,
            ShiftRight = s,
        }, high));
    }

    /// <summary>Adds a·c·2ᵗ / b.</summary>
    public Step Ratio(
        Loop at,
        string name,
        int width,
        IReadOnlyList<Extent> loops,
        Operand a,
        Operand b,
        Operand? c = null,
        int t = 0,
        bool isRounded = false,
        long? low = null,
        long? high = null) => Add(Bounded(low, new Step(at, StepKind.Ratio, width, loops)
        {
            Name = name,
            A = a,
            B = b,
            C = c ?? Number(1),
            ShiftLeft = t,
            Length = isRounded ? 1 : 0,
        }, high));

    /// <summary>Adds the elements of b that a names.</summary>
    public Step Gather(
        Loop at, string name, int width, IReadOnlyList<Extent> loops, Operand a, Operand b, int length) =>
        Add(new Step(at, StepKind.Gather, width, loops) { Name = name, A = a, B = b, Length = length });

    /// <summary>Adds steps of three operands, or fewer.</summary>
    public Step Of(
        StepKind kind,
        Loop at,
        string name,
        int width,
        IReadOnlyList<Extent> loops,
        Operand? a,
        Operand? b = null,
        Operand? c = null,
        int length = 1,
        int t = 0,
        int s = 0) => Add(new Step(at, kind, width, loops)
        {
            Name = name,
            A = a,
            B = b,
            C = c,
            Length = length,
            ShiftLeft = t,
            ShiftRight = s,
        });

    /// <summary>Gives every step its address.</summary>
    /// <returns>The bytes of the trace.</returns>
    public Polynomial Place()
    {
        foreach (Step step in _steps)
        {
            NoteCarried(step.A);
            NoteCarried(step.B);
            NoteCarried(step.C);
        }

        foreach (Step step in _steps)
        {
            NoteKept(step, step.A);
            NoteKept(step, step.B);
            NoteKept(step, step.C);
        }

        return Root.Place(0);
    }

    private static Step Bounded(long? low, Step step, long? high = null) => low is null && high is null
        ? step
        : step.Within(low ?? step.Low, high ?? step.High);

    private static long[] Padded(Operand operand, int loops) =>
        [.. Enumerable.Range(0, loops).Select(operand.StrideOf)];

    // Kept is what is read in other runs than the last, or in the last of runs that threads share.
    private static void NoteKept(Step reader, Operand? operand)
    {
        if (operand?.Source?.Parent is { Parent: not null } loop && !operand.IsCarried)
        {
            bool isLast = loop.Parent.Parent is null && !loop.Encloses(reader.Parent);
            loop.IsKept |= operand.Walk >= 0 || operand.WalkAround is not null || (isLast && !loop.IsCarried);
        }
    }

    private static void NoteCarried(Operand? operand)
    {
        if (operand is { IsCarried: true, Source: { } source })
        {
            source.Parent.IsCarried = true;
        }
    }
}
