using System.Runtime.Intrinsics;
using Research.Tensors;

namespace Research.Privacy.Mechanisms;

/// <summary>Turns uniform bits into standard normal numbers, eight at a time.</summary>
/// <remarks>
/// Source: Box and Muller 1958, Ann. Math. Stat. 29(2). The radius takes 64 bits (largest value √(2·65·ln 2) = 9.49);
/// the angle takes 52 bits within an eighth of the circle, and three more choose which eighth. Bit for bit the same on
/// every processor: <see cref="DoubleLog"/>, <see cref="DoubleSinCos"/>, the square root and fused multiply-add are
/// exact or ours.
/// </remarks>
internal static class BoxMuller
{
    /// <summary>Samples made, and 64-bit words used, at a time: words 0–3 are radii, words 4–7 angles.</summary>
    public const int Block = 8;

    private const ulong SignBit = 1UL << 63;
    private const ulong OneBits = 0x3FF0000000000000;
    private const ulong TwoTo52Bits = 0x4330000000000000;
    private const double TwoTo52 = 4503599627370496.0;
    private const double TwoTo32 = 4294967296.0;
    private const double TwoToMinus64 = 5.421010862427522e-20;

    // f in [1, 2) with 52 bits becomes f − 3/2 + 2⁻⁵³: the centres of 2⁵² equal parts of [−½, ½], without rounding.
    private const double AngleShift = 1.5;
    private const double HalfStep = 1.1102230246251565e-16;

    /// <summary>Transforms one block with vectors.</summary>
    /// <param name="uniform">8 uniform words.</param>
    /// <param name="first">Receives samples 0 to 3.</param>
    /// <param name="second">Receives samples 4 to 7.</param>
    public static void Transform(
        ReadOnlySpan<ulong> uniform, out Vector256<double> first, out Vector256<double> second)
    {
        Vector256<ulong> bits = Vector256.Create(uniform);
        Vector256<ulong> turns = Vector256.Create(uniform[4..]);

        Vector256<double> high = Exact(Vector256.ShiftRightLogical(bits, 32));
        Vector256<double> low = Exact(bits & Vector256.Create(0xFFFFFFFFUL)) + Vector256.Create(0.5);
        Vector256<double> u = Vector256.FusedMultiplyAdd(high, Vector256.Create(TwoTo32), low)
            * Vector256.Create(TwoToMinus64);
        Vector256<double> radius = Vector256.Sqrt(DoubleLog.Of(u) * Vector256.Create(-2.0));

        Vector256<double> t = (Vector256.ShiftRightLogical(turns, 12) | Vector256.Create(OneBits)).AsDouble()
            - Vector256.Create(AngleShift) + Vector256.Create(HalfStep);
        (Vector256<double> sin, Vector256<double> cos) = DoubleSinCos.OfQuarterTurns(t);
        Vector256<double> swap = Vector256.Equals(turns & Vector256<ulong>.One, Vector256<ulong>.Zero).AsDouble();
        Vector256<ulong> sign1 = Vector256.ShiftLeft(turns, 62) & Vector256.Create(SignBit);
        Vector256<ulong> sign2 = Vector256.ShiftLeft(turns, 61) & Vector256.Create(SignBit);

        Vector256<double> x = radius * Vector256.ConditionalSelect(swap, cos, sin);
        Vector256<double> y = radius * Vector256.ConditionalSelect(swap, sin, cos);
        first = (x.AsUInt64() ^ sign1).AsDouble();
        second = (y.AsUInt64() ^ sign2).AsDouble();
    }

    /// <summary>Transforms one block number by number: the plain form that tests hold the vectors to.</summary>
    /// <param name="uniform">8 uniform words.</param>
    /// <param name="normal">Receives 8 samples.</param>
    public static void TransformScalar(ReadOnlySpan<ulong> uniform, Span<double> normal)
    {
        for (int i = 0; i < Block / 2; i++)
        {
            ulong bits = uniform[i];
            ulong turns = uniform[i + 4];
            double u = Math.FusedMultiplyAdd(bits >> 32, TwoTo32, (bits & 0xFFFFFFFF) + 0.5) * TwoToMinus64;
            double radius = Math.Sqrt(DoubleLog.Of(u) * -2.0);

            double t = BitConverter.UInt64BitsToDouble((turns >> 12) | OneBits) - AngleShift + HalfStep;
            (double sin, double cos) = DoubleSinCos.OfQuarterTurns(t);
            bool keep = (turns & 1) == 0;
            double x = radius * (keep ? cos : sin);
            double y = radius * (keep ? sin : cos);
            normal[i] = Signed(x, turns << 62);
            normal[i + 4] = Signed(y, turns << 61);
        }
    }

    // Integers below 2⁵² as doubles, without a conversion instruction that some processors lack.
    private static Vector256<double> Exact(Vector256<ulong> value) =>
        (value | Vector256.Create(TwoTo52Bits)).AsDouble() - Vector256.Create(TwoTo52);

    private static double Signed(double value, ulong sign) =>
        BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) ^ (sign & SignBit));
}
