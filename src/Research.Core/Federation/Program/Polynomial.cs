using System.Globalization;

namespace Research.Federation.Program;

/// <summary>A whole number that follows from how many seats a round has: c + q·s + r·s², s = seats / 16.</summary>
/// <remarks>Sizes and addresses of a program are such numbers, so that one program serves every number of reveals.</remarks>
/// <param name="Constant">c.</param>
/// <param name="PerBlock">q, for each block of 16 seats.</param>
/// <param name="PerPair">r, for each pair of blocks.</param>
internal readonly record struct Polynomial(long Constant, long PerBlock = 0, long PerPair = 0)
{
    /// <summary>Gets whether it is no less than zero whatever the number of blocks, 1 or more.</summary>
    /// <remarks>Sufficient, not necessary: around s = 1 with coefficients of no negative sign.</remarks>
    public bool IsNeverNegative =>
        Constant + PerBlock + PerPair >= 0 && PerBlock + (2 * PerPair) >= 0 && PerPair >= 0;

    /// <summary>Gets whether every coefficient is a multiple of a number.</summary>
    public bool IsMultipleOf(long of) => Constant % of == 0 && PerBlock % of == 0 && PerPair % of == 0;

    /// <summary>Gets the number for so many blocks.</summary>
    /// <exception cref="OverflowException">It does not fit 64 bits.</exception>
    public long At(long blocks) => checked(Constant + (PerBlock * blocks) + (PerPair * blocks * blocks));

    public static implicit operator Polynomial(long constant) => new(constant);

    public static Polynomial operator +(Polynomial a, Polynomial b) => checked(
        new(a.Constant + b.Constant, a.PerBlock + b.PerBlock, a.PerPair + b.PerPair));

    public static Polynomial operator -(Polynomial a, Polynomial b) => checked(
        new(a.Constant - b.Constant, a.PerBlock - b.PerBlock, a.PerPair - b.PerPair));

    public static Polynomial operator -(Polynomial a) => new Polynomial(0) - a;

    /// <summary>Multiplies two whose product is one.</summary>
    /// <exception cref="InvalidOperationException">The product has s³.</exception>
    public static Polynomial operator *(Polynomial a, Polynomial b) =>
        (a.PerPair == 0 || (b.PerBlock == 0 && b.PerPair == 0)) && (b.PerPair == 0 || (a.PerBlock == 0 && a.PerPair == 0))
            ? checked(new(
                a.Constant * b.Constant,
                (a.Constant * b.PerBlock) + (a.PerBlock * b.Constant),
                (a.Constant * b.PerPair) + (a.PerBlock * b.PerBlock) + (a.PerPair * b.Constant)))
            : throw new InvalidOperationException($"The product of {a} and {b} grows faster than the square of the seats.");

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Constant} + {PerBlock}·s + {PerPair}·s²");
}
