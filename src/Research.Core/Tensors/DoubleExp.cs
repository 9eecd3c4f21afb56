namespace Research.Tensors;

/// <summary>Exponential in double precision, with the same bits on every processor.</summary>
/// <remarks>
/// x = k·ln 2 + r with |r| ≤ ½·ln 2; eʳ = 1 + r + r²·P(r), P interpolated at Chebyshev nodes (relative error 2e-17).
/// Only IEEE operations and fused multiply-add, in a fixed order. Tests hold the error below 1 ulp.
/// </remarks>
internal static class DoubleExp
{
    private const double P0 = 0.5;
    private const double P1 = 0.1666666666666667;
    private const double P2 = 0.04166666666666667;
    private const double P3 = 0.008333333333326084;
    private const double P4 = 0.0013888888888883711;
    private const double P5 = 0.0001984126987500228;
    private const double P6 = 2.480158732567746e-05;
    private const double P7 = 2.755725517000089e-06;
    private const double P8 = 2.755727347871858e-07;
    private const double P9 = 2.5105312729622103e-08;
    private const double P10 = 2.09147553258932e-09;
    private const double PerLn2 = 1.4426950408889634;
    private const double Ln2High = 0.6931471805598903; // 42 bits: a product with any exponent is exact.
    private const double Ln2Low = 5.497923018708371e-14;

    /// <summary>Gets eˣ: 0 where it underflows, infinity where it overflows, NaN of NaN.</summary>
    /// <param name="x">Any number.</param>
    public static double Of(double x)
    {
        if (!(x < 709.79 && x > -745.2))
        {
            return double.IsNaN(x) ? x : x > 0 ? double.PositiveInfinity : 0;
        }

        double k = Math.Round(x * PerLn2);
        double r = Math.FusedMultiplyAdd(-k, Ln2Low, Math.FusedMultiplyAdd(-k, Ln2High, x));
        double p = Math.FusedMultiplyAdd(P10, r, P9);
        p = Math.FusedMultiplyAdd(p, r, P8);
        p = Math.FusedMultiplyAdd(p, r, P7);
        p = Math.FusedMultiplyAdd(p, r, P6);
        p = Math.FusedMultiplyAdd(p, r, P5);
        p = Math.FusedMultiplyAdd(p, r, P4);
        p = Math.FusedMultiplyAdd(p, r, P3);
        p = Math.FusedMultiplyAdd(p, r, P2);
        p = Math.FusedMultiplyAdd(p, r, P1);
        p = Math.FusedMultiplyAdd(p, r, P0);
        return Math.ScaleB(Math.FusedMultiplyAdd(p, r * r, r) + 1, (int)k);
    }
}
