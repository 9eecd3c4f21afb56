namespace Research.Tensors;

/// <summary>Natural logarithm in double precision, with the same bits on every processor.</summary>
/// <remarks>
/// x = 2ᵏ·m with m in [√½, √2); ln m = 2·atanh(s), s = (m − 1)/(m + 1), by s + s³·Q(s²), Q interpolated at Chebyshev
/// nodes (relative error 5e-18). Only IEEE operations and fused multiply-add, in a fixed order. Tests hold the error
/// below 1 ulp.
/// </remarks>
internal static class DoubleLog
{
    private const double Q0 = 0.3333333333333335;
    private const double Q1 = 0.19999999999949444;
    private const double Q2 = 0.14285714313126918;
    private const double Q3 = 0.11111105544689748;
    private const double Q4 = 0.09091446216268435;
    private const double Q5 = 0.07665805861027504;
    private const double Q6 = 0.07308903576708663;
    private const double Ln2High = 0.6931471805598903; // 42 bits: a product with any exponent is exact.
    private const double Ln2Low = 5.497923018708371e-14;

    private const ulong RootHalfBits = 0x3FE6A09E667F3BCD;
    private const ulong Bias = 1024UL << 52;
    private const ulong TwoTo52Bits = 0x4330000000000000;
    private const double TwoTo52PlusBias = 4503599627370496.0 + 1024.0;

    /// <summary>Gets ln x.</summary>
    /// <param name="x">Positive, normal and finite.</param>
    public static double Of(double x)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(x);
        ulong exponent = (bits + (Bias - RootHalfBits)) >> 52; // k + 1024
        double k = BitConverter.UInt64BitsToDouble(exponent | TwoTo52Bits) - TwoTo52PlusBias;
        double m = BitConverter.UInt64BitsToDouble(bits - (exponent << 52) + Bias);

        double f = m - 1;
        double s = f / (m + 1);
        double z = s * s;
        double q = Math.FusedMultiplyAdd(Q6, z, Q5);
        q = Math.FusedMultiplyAdd(q, z, Q4);
        q = Math.FusedMultiplyAdd(q, z, Q3);
        q = Math.FusedMultiplyAdd(q, z, Q2);
        q = Math.FusedMultiplyAdd(q, z, Q1);
        q = Math.FusedMultiplyAdd(q, z, Q0);

        // 2s = f − s·f exactly, so the correction below is small and f enters unrounded.
        double correction = s * Math.FusedMultiplyAdd(z + z, q, -f);
        double low = Math.FusedMultiplyAdd(k, Ln2Low, correction);
        return Math.FusedMultiplyAdd(k, Ln2High, f + low);
    }
}
