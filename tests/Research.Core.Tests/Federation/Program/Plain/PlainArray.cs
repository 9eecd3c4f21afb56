namespace Research.Tests.Federation.Program.Plain;

/// <summary>The outputs of a record: where they lie follows when it is added.</summary>
/// <param name="width">Bytes of an output.</param>
internal sealed class PlainArray(int width)
{
    public int Width { get; } = width;

    public IReadOnlyList<PlainLoop> Around { get; set; } = [];

    /// <summary>Gets or sets where the first run's outputs begin.</summary>
    public PlainPolynomial Start { get; set; }

    /// <summary>Gets the element at a place, in every run of the loops that the reader shares.</summary>
    public PlainOperand At(long element = 0) => new(0, Width)
    {
        Array = this,
        Offset = new PlainPolynomial(element * Width),
    };
}
