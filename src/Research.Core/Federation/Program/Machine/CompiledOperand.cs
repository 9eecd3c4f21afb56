namespace Research.Federation.Program.Machine;

/// <summary>Where an operand comes from, as pointers reach it.</summary>
internal enum Reach
{
    /// <summary>Nowhere: it reads 0.</summary>
    Nothing,

    /// <summary>An input that does not change.</summary>
    Input,

    /// <summary>The update of the seat that is worked on.</summary>
    Update,

    /// <summary>The run of a loop that goes on.</summary>
    Now,

    /// <summary>The run before it.</summary>
    Before,

    /// <summary>A run that is kept: the last, or one that another loop names.</summary>
    Kept,

    /// <summary>The step's own output before.</summary>
    Own,
}

/// <summary>An operand for a number of seats.</summary>
internal sealed class CompiledOperand
{
    public required Reach Reach { get; init; }

    /// <summary>Gets the input's number.</summary>
    public int Tree { get; init; }

    /// <summary>Gets the loop whose outputs it reads.</summary>
    public Loop? Loop { get; init; }

    /// <summary>Gets the bytes of a number.</summary>
    public required int Width { get; init; }

    /// <summary>Gets where it begins, in bytes from the start of the input or of the run.</summary>
    public long Offset { get; init; }

    /// <summary>Gets the strides of the reader's own loops, in bytes.</summary>
    public required long[] Strides { get; init; }

    /// <summary>Gets the strides of loops around the reader, in bytes.</summary>
    public required (int Loop, long Stride)[] Around { get; init; }

    /// <summary>Gets which loop around names the kept run; null for the last.</summary>
    public Loop? Walk { get; init; }

    /// <summary>Gets whether an own loop goes through the kept runs.</summary>
    public bool IsWalked { get; init; }

    /// <summary>Gets what is read before the first run, in the run that goes on of an outer loop; null reads 0.</summary>
    public (Loop Loop, long Offset)? First { get; init; }

    /// <summary>Compiles an operand.</summary>
    public static CompiledOperand Of(Step reader, Operand? operand, long blocks, long parameterBytes)
    {
        int loops = reader.Loops.Count;
        if (operand is null)
        {
            return new CompiledOperand { Reach = Reach.Nothing, Width = 8, Strides = new long[loops], Around = [] };
        }

        int width = operand.Width;
        long[] strides = [.. Enumerable.Range(0, loops).Select(loop => operand.StrideOf(loop) * width)];
        Step? source = operand.Source;
        if (operand.TreeByOwn)
        {
            strides[0] += parameterBytes;
        }

        if (operand.Walk >= 0)
        {
            strides[operand.Walk] += source!.Parent.OwnBytes.At(blocks);
        }

        Reach reach = source is null ? (operand.Tree == Program.Tree.Updates ? Reach.Update : Reach.Input)
            : operand.CarriedAlong >= 0 ? Reach.Own
            : operand.IsCarried ? Reach.Before
            : source.Parent.IsKept && !source.Parent.Encloses(reader.Parent) ? Reach.Kept
            : Reach.Now;
        return new CompiledOperand
        {
            Reach = reach,
            Tree = operand.Tree,
            Loop = source?.Parent,
            Width = width,
            Offset = (operand.Offset.At(blocks) * width) + (source is null ? 0 : source.Offset.At(blocks)),
            Strides = strides,
            Around = [.. operand.Around.Select(one => (one.Loop.Number, one.Stride * width))],
            Walk = operand.WalkAround,
            IsWalked = operand.Walk >= 0,
            First = operand.First is { } first ? (first.Parent, first.Offset.At(blocks)) : null,
        };
    }
}
