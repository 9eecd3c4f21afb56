namespace Research.Tests.Federation.Program.Plain;

/// <summary>A number c + q·s + r·s², where the seats are 16·s.</summary>
internal readonly record struct PlainPolynomial(long C, long Q = 0, long R = 0)
{
    public static PlainPolynomial operator +(PlainPolynomial a, PlainPolynomial b) =>
        new(a.C + b.C, a.Q + b.Q, a.R + b.R);

    public static PlainPolynomial operator -(PlainPolynomial a, PlainPolynomial b) =>
        new(a.C - b.C, a.Q - b.Q, a.R - b.R);

    public static PlainPolynomial operator *(PlainPolynomial a, PlainPolynomial b)
    {
        Assert.True((a.Q == 0 || b.R == 0) && (a.R == 0 || (b.Q == 0 && b.R == 0)), "More than a square.");
        return new(a.C * b.C, (a.C * b.Q) + (a.Q * b.C), (a.C * b.R) + (a.Q * b.Q) + (a.R * b.C));
    }

    public long At(int seats) => C + (Q * (seats / 16)) + (R * (seats / 16) * (seats / 16));

    /// <summary>Gets the next multiple of 128, whatever s.</summary>
    public PlainPolynomial ToLeaves()
    {
        Assert.True(Q % 128 == 0 && R % 128 == 0, "Seats do not fill leaves.");
        return new((C + 127) / 128 * 128, Q, R);
    }
}
