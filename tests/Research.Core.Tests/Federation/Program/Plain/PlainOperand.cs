namespace Research.Tests.Federation.Program.Plain;

/// <summary>What a step reads.</summary>
/// <param name="Tree">The number of its tree.</param>
/// <param name="Width">Bytes of an element.</param>
internal sealed record PlainOperand(uint Tree, int Width)
{
    /// <summary>Gets the array that it lies in; null in other trees.</summary>
    public PlainArray? Array { get; init; }

    /// <summary>Gets where it lies in its array, or in its tree.</summary>
    public PlainPolynomial Offset { get; init; }

    /// <summary>Gets the constant that it is, until its place is known.</summary>
    public (long[] Values, bool IsTable)? Constant { get; init; }

    /// <summary>Gets strides in bytes along the reader's own loops.</summary>
    public IReadOnlyList<(int Own, long Bytes)> OwnStrides { get; init; } = [];

    /// <summary>Gets strides in bytes along loops around the reader.</summary>
    public IReadOnlyList<(PlainLoop Loop, long Bytes)> AroundStrides { get; init; } = [];

    /// <summary>Gets loops that have ended and whose run the reader's own loop names.</summary>
    public IReadOnlyList<(PlainLoop Ended, int Own)> RunsByOwn { get; init; } = [];

    /// <summary>Gets loops that have ended and whose run a loop around the reader names.</summary>
    public IReadOnlyList<(PlainLoop Ended, PlainLoop Loop)> RunsByAround { get; init; } = [];

    /// <summary>Gets the loop in whose run before it lies.</summary>
    public PlainLoop? Before { get; init; }

    /// <summary>Gets the own loop along which it is carried.</summary>
    public int? CarriedOwn { get; init; }

    /// <summary>Gets what is read in the first run of the loop along which it is carried.</summary>
    public PlainOperand? First { get; init; }

    public PlainLoop? TreeAround { get; init; }

    public int? TreeOwn { get; init; }

    public static PlainOperand Number(long value) => new(1, 8) { Constant = ([value], false) };

    public static PlainOperand Table(long[] values, int width) => new(1, width) { Constant = (values, true) };

    public static PlainOperand Input(uint tree, int width, long address = 0) =>
        new(tree, width) { Offset = new PlainPolynomial(address) };

    /// <summary>Moves by some elements along an own loop of the reader.</summary>
    public PlainOperand Along(int own, long elements) =>
        this with { OwnStrides = [.. OwnStrides, (own, elements * Width)] };

    /// <summary>Moves by some bytes along a loop around the reader.</summary>
    public PlainOperand Along(PlainLoop loop, long bytes) =>
        this with { AroundStrides = [.. AroundStrides, (loop, bytes)] };

    public PlainOperand Plus(long elements) =>
        this with { Offset = Offset + new PlainPolynomial(elements * Width) };

    /// <summary>Is x⟨i⟩: of the run that a loop around the reader names.</summary>
    public PlainOperand Run(PlainLoop ended, PlainLoop loop) => this with { RunsByAround = [.. RunsByAround, (ended, loop)] };

    /// <summary>Is x⟨i⟩: of the run that an own loop of the reader names.</summary>
    public PlainOperand Run(PlainLoop ended, int own) => this with { RunsByOwn = [.. RunsByOwn, (ended, own)] };

    /// <summary>Is prev(x) or prev(x, y).</summary>
    public PlainOperand Prev(PlainLoop loop, PlainOperand? first = null) => this with { Before = loop, First = first };
}
