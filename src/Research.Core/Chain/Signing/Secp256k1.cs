using System.Globalization;
using System.Numerics;

namespace Research.Chain.Signing;

/// <summary>
/// The curve y² = x³ + 7 that Ethereum signs on, as far as signing needs it: multiples of the generator.
/// </summary>
/// <remarks>
/// Sources: SEC 2 version 2.0, section 2.4.1 (parameters); Renes, Costello and Batina 2016, eprint 2015/1060, algorithm
/// 7 (complete addition for a = 0: the same steps for every pair of points, doubling and infinity included).
/// The framework's ECDsa lacks this curve on macOS and signs with a random nonce; hence this one.
/// </remarks>
internal static class Secp256k1
{
    private static readonly BigInteger P = Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F");

    /// <summary>The number of points.</summary>
    public static readonly BigInteger Order = Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141");

    /// <summary>Arithmetic on scalars, modulo the order.</summary>
    public static readonly MontgomeryField Scalars = new(Order);

    private static readonly MontgomeryField Field = new(P);

    private static readonly Limbs256 ThreeB = Field.Enter(new Limbs256(21, 0, 0, 0));

    private static readonly Point Infinity = new(default, Field.One, default);

    private static readonly Point Generator = new(
        EnterHex("79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798"),
        EnterHex("483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8"),
        Field.One);

    /// <summary>Tells whether a plain integer is a valid key: from 1 to the order less one.</summary>
    public static bool IsValidScalar(in Limbs256 scalar) => !scalar.IsZero && Scalars.IsReduced(scalar);

    /// <summary>
    /// Multiplies the generator by a valid scalar; the steps and the memory touched are the same for all.
    /// </summary>
    /// <returns>The affine coordinates as plain integers.</returns>
    public static (Limbs256 X, Limbs256 Y) MultiplyGenerator(in Limbs256 scalar)
    {
        Point sum = Infinity;
        for (int i = 255; i >= 0; i--)
        {
            sum = Add(sum, sum);
            Point next = Add(sum, Generator);
            ulong bit = scalar.Bit(i);
            sum = new Point(
                Limbs256.Select(bit, next.X, sum.X),
                Limbs256.Select(bit, next.Y, sum.Y),
                Limbs256.Select(bit, next.Z, sum.Z));
        }

        Limbs256 inverse = Field.Invert(sum.Z);
        return (Field.Leave(Field.Multiply(sum.X, inverse)), Field.Leave(Field.Multiply(sum.Y, inverse)));
    }

    private static Point Add(in Point p, in Point q)
    {
        Limbs256 xx = Field.Multiply(p.X, q.X);
        Limbs256 yy = Field.Multiply(p.Y, q.Y);
        Limbs256 zz = Field.Multiply(p.Z, q.Z);
        Limbs256 xy = Cross(p.X, p.Y, q.X, q.Y, xx, yy);
        Limbs256 yz = Cross(p.Y, p.Z, q.Y, q.Z, yy, zz);
        Limbs256 xz = Cross(p.X, p.Z, q.X, q.Z, xx, zz);

        Limbs256 xx3 = Field.Add(Field.Add(xx, xx), xx);
        Limbs256 bzz3 = Field.Multiply(ThreeB, zz);
        Limbs256 plus = Field.Add(yy, bzz3);
        Limbs256 minus = Field.Subtract(yy, bzz3);
        Limbs256 bxz3 = Field.Multiply(ThreeB, xz);

        return new Point(
            Field.Subtract(Field.Multiply(xy, minus), Field.Multiply(yz, bxz3)),
            Field.Add(Field.Multiply(minus, plus), Field.Multiply(bxz3, xx3)),
            Field.Add(Field.Multiply(plus, yz), Field.Multiply(xx3, xy)));
    }

    // a*d + b*c from (a + b)(c + d) - ac - bd, one multiplication instead of two.
    private static Limbs256 Cross(
        in Limbs256 a, in Limbs256 b, in Limbs256 c, in Limbs256 d, in Limbs256 ac, in Limbs256 bd) =>
        Field.Subtract(Field.Multiply(Field.Add(a, b), Field.Add(c, d)), Field.Add(ac, bd));

    private static Limbs256 EnterHex(string hex) => Field.Enter(Limbs256.FromBigEndian(Convert.FromHexString(hex)));

    private static BigInteger Parse(string hex) =>
        BigInteger.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private readonly record struct Point(Limbs256 X, Limbs256 Y, Limbs256 Z);
}
