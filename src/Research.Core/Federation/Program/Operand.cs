namespace Research.Federation.Program;

/// <summary>Where the values that steps read come from.</summary>
internal static class Tree
{
    /// <summary>The outputs of earlier steps.</summary>
    public const int Trace = 0;

    /// <summary>Tables and numbers that follow from the specification.</summary>
    public const int Constants = 1;

    /// <summary>The weights of the model that the round starts from, [P] of 32 bits.</summary>
    public const int Model = 2;

    /// <summary>The round's evaluation records, encrypted.</summary>
    public const int Records = 3;

    /// <summary>The keys of the round's evaluation records.</summary>
    public const int Keys = 4;

    /// <summary>What the chain says: the seed of the choice of records, in one leaf.</summary>
    public const int Chain = 5;

    /// <summary>The direction in which an earlier round moved the model, one tree a round.</summary>
    public const int PastSteps = 1 << 16;

    /// <summary>The updates, one tree a seat, [P] of 32 bits.</summary>
    public const int Updates = 1 << 17;
}

/// <summary>Where a step finds one of its operands: an address that is affine in the loops' coordinates.</summary>
internal sealed record Operand
{
    /// <summary>Gets the step whose output it is; null for an input.</summary>
    public Step? Source => Made?.Step;

    /// <summary>Gets what names that step, which may be added after its reader.</summary>
    public StepReference? Made { get; init; }

    /// <summary>Gets the input that it lies in; <see cref="Program.Tree.Trace"/> where a step made it.</summary>
    public int Tree { get; init; }

    /// <summary>Gets the loop whose coordinate is added to the number of the tree.</summary>
    public Loop? TreeLoop { get; init; }

    /// <summary>Gets whether the first of the reader's own loops is added to the number of the tree.</summary>
    public bool TreeByOwn { get; init; }

    /// <summary>Gets the bytes of an element: 2, 4, 8, 32 or 128.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the first element, counted from where the source or the tree begins.</summary>
    public Polynomial Offset { get; init; } = 0;

    /// <summary>Gets by how many elements each of the reader's own loops moves on; loops beyond do not.</summary>
    public IReadOnlyList<long> Strides { get; init; } = [];

    /// <summary>Gets by how many elements loops around the reader move on, beside going on to their own run.</summary>
    public IReadOnlyList<(Loop Loop, long Stride)> Around { get; init; } = [];

    /// <summary>Gets which of the reader's own loops goes through the runs of the source's loop; −1 for none.</summary>
    public int Walk { get; init; } = -1;

    /// <summary>Gets which loop around the reader goes through the runs of the source's loop.</summary>
    public Loop? WalkAround { get; init; }

    /// <summary>Gets whether it is read in the run before, of the source's loop.</summary>
    public bool IsCarried { get; init; }

    /// <summary>Gets the own loop along which a step reads its own last output; −1 for none.</summary>
    public int CarriedAlong { get; init; } = -1;

    /// <summary>Gets what is read in the first run instead; null reads 0.</summary>
    public Step? First { get; init; }

    /// <summary>Gets the strides of the reader's own loops, in elements.</summary>
    public long StrideOf(int loop) => loop < Strides.Count ? Strides[loop] : 0;
}

/// <summary>Names a step: one that a later run of a loop reads may be added after its reader.</summary>
internal sealed class StepReference
{
    /// <summary>Gets or sets the step.</summary>
    public Step? Step { get; set; }
}
