namespace Research.Tests.Federation.Program.Plain;

/// <summary>A loop around records, whose runs follow each other.</summary>
/// <param name="extent">How many runs; <see cref="Seats"/> for one a seat.</param>
internal sealed class PlainLoop(int extent)
{
    public const int Seats = 0;

    public int Extent { get; } = extent;

    /// <summary>Gets or sets the bytes of a run: known when the loop ends.</summary>
    public PlainPolynomial? Stride { get; set; }

    public static PlainPolynomial Times(int extent) =>
        extent == Seats ? new PlainPolynomial(0, 16) : new PlainPolynomial(extent);
}
