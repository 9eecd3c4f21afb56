namespace Research.Federation.Program.Layers;

/// <summary>What passes between two layers: 16-bit numbers of a block of records, [B, size], in units of 2⁻ᶠ.</summary>
/// <param name="Of">Where the first number lies, with the strides of [record, element].</param>
/// <param name="Shape">The shape of one record's numbers.</param>
/// <param name="Fraction">f.</param>
internal sealed record Signal(Operand Of, IReadOnlyList<int> Shape, int Fraction)
{
    /// <summary>Gets how many numbers a record has.</summary>
    public int Size => Training.Specification.Shapes.Size(Shape);

    /// <summary>Gets what a record's stride is, in elements.</summary>
    public long RecordStride => Of.StrideOf(0);

    /// <summary>Gets the operand for a reader with other loops; the first number stays.</summary>
    public Operand By(params long[] strides) => Of with { Strides = strides };
}
