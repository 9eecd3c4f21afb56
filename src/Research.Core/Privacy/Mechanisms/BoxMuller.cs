using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Research.Tensors;

namespace Research.Privacy.Mechanisms;

/// <summary>Turns uniform bits into normal numbers, sixteen at a time, and adds them to values on a grid.</summary>
/// <remarks>
/// Source: Box and Muller 1958, Ann. Math. Stat. 29(2). The radius takes 64 bits (largest value √(2·65·ln 2) = 9.49);
/// the angle takes 51 bits within a quarter of the circle, and two more choose which quarter: bit 63 mirrors the first
/// quarter, [−45°, 45°], at the diagonal, and bit 62 turns by 180°. Bit for bit the same on every processor:
/// <see cref="MinusTwoLog"/>, <see cref="DoubleSinCos"/>, the square root and fused multiply-add are exact or ours.
/// </remarks>
internal static class BoxMuller
{
    /// <summary>Samples made, and 64-bit words used, at a time: words 0–7 are radii, words 8–15 angles.</summary>
    public const int Block = 16;

    private const int Pairs = Block / 2;
    private const ulong SignBit = 1UL << 63;

    // Fraction bits of a number f in [1, 2), the last one set: f − 3/2 is the centre of one of 2⁵¹ equal parts of
    // [−½, ½], without rounding.
    private const ulong FractionBits = (1UL << 52) - 1;
    private const ulong OneAndHalfStepBits = 0x3FF0000000000001;
    private const double AngleShift = 1.5;

    private const ulong LowerHalf = 0xFFFFFFFF;
    private const ulong TwoTo52Bits = 0x4330000000000000;
    private const double TwoTo52 = 4503599627370496.0;
    private const double TwoTo32 = 4294967296.0;

    /// <summary>Turns words 0 to 7 into radii.</summary>
    /// <param name="words">8 uniform words; overwritten with the bits of radii in steps of the grid.</param>
    /// <param name="grid">Deviation and grid.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MakeRadii(ref ulong words, in NoiseGrid grid)
    {
        Vector512<double> y = Nearest(Vector512.LoadUnsafe(ref words)) + Vector512.Create(0.5);
        Vector512<double> radius = Vector512.Sqrt(MinusTwoLog.Of(y)) * Vector512.Create(grid.DeviationInSteps);
        radius.AsUInt64().StoreUnsafe(ref words);
    }

    /// <summary>Adds 16 samples to 16 values and rounds the sums to the grid.</summary>
    /// <param name="words">The bits of 8 radii and 8 uniform words.</param>
    /// <param name="grid">Deviation and grid.</param>
    /// <param name="values">16 values: the first 8 get cosines, the others sines (mirrored: the other way).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref ulong words, in NoiseGrid grid, ref float values)
    {
        Vector512<ulong> turns = Vector512.LoadUnsafe(ref words, Pairs);
        Vector512<double> t = ((turns & Vector512.Create(FractionBits)) | Vector512.Create(OneAndHalfStepBits))
            .AsDouble() - Vector512.Create(AngleShift);
        (Vector512<double> sin, Vector512<double> cos) = DoubleSinCos.OfQuarterTurns(t);
        Vector512<ulong> mirror = (sin.AsUInt64() ^ cos.AsUInt64()) & SignMask(turns);

        Vector512<ulong> half = Vector512.ShiftLeft(turns, 1) & Vector512.Create(SignBit);
        Vector512<double> radius = (Vector512.LoadUnsafe(ref words) ^ half).AsDouble();
        Vector512<double> perStep = Vector512.Create(grid.StepsPerUnit);
        Vector512<double> step = Vector512.Create(grid.Step);
        Round((cos.AsUInt64() ^ mirror).AsDouble(), radius, perStep, step, ref values);
        Round((sin.AsUInt64() ^ mirror).AsDouble(), radius, perStep, step, ref Unsafe.Add(ref values, Pairs));
    }

    /// <summary>Does the same number by number: the plain form that tests hold the vectors to.</summary>
    /// <param name="uniform">16 uniform words.</param>
    /// <param name="grid">Deviation and grid.</param>
    /// <param name="values">16 values.</param>
    public static void AddScalar(ReadOnlySpan<ulong> uniform, in NoiseGrid grid, Span<float> values)
    {
        for (int i = 0; i < Pairs; i++)
        {
            ulong bits = uniform[i];
            ulong turns = uniform[i + Pairs];
            double nearest = Math.FusedMultiplyAdd(bits >> 32, TwoTo32, bits & LowerHalf);
            double radius = Math.Sqrt(MinusTwoLog.Of(nearest + 0.5)) * grid.DeviationInSteps;
            radius = (turns & (SignBit >> 1)) == 0 ? radius : -radius;

            double t = BitConverter.UInt64BitsToDouble((turns & FractionBits) | OneAndHalfStepBits) - AngleShift;
            (double sin, double cos) = DoubleSinCos.OfQuarterTurns(t);
            (double x, double y) = (turns & SignBit) == 0 ? (cos, sin) : (sin, cos);
            values[i] = Rounded(x, radius, values[i], grid);
            values[i + Pairs] = Rounded(y, radius, values[i + Pairs], grid);
        }
    }

    // Products with powers of two are exact: the sum is rounded once, then to a whole number of steps, then to float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector512<double> factor,
        Vector512<double> radius,
        Vector512<double> perStep,
        Vector512<double> step,
        ref float values)
    {
        Vector512<double> steps = Vector512.FusedMultiplyAdd(radius, factor, Widen(ref values) * perStep);
        Vector512<double> sum = Vector512.Round(steps) * step;
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256Single(sum).StoreUnsafe(ref values);
            return;
        }

        Vector256.Narrow(sum.GetLower(), sum.GetUpper()).StoreUnsafe(ref values);
    }

    private static float Rounded(double factor, double radius, float value, in NoiseGrid grid) =>
        (float)(Math.Round(Math.FusedMultiplyAdd(radius, factor, value * grid.StepsPerUnit)) * grid.Step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widen(ref float values)
    {
        Vector256<float> some = Vector256.LoadUnsafe(ref values);
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Double(some);
        }

        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(some);
        return Vector512.Create(lower, upper);
    }

    // All bits where bit 63 is set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> SignMask(Vector512<ulong> value) => Avx512F.IsSupported
        ? Vector512.ShiftRightArithmetic(value.AsInt64(), 63).AsUInt64()
        : Vector512.LessThan(value.AsInt64(), Vector512<long>.Zero).AsUInt64();

    // The double nearest to a number: one instruction where there is one, else one rounding by fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Nearest(Vector512<ulong> value) => Avx512DQ.IsSupported
        ? Avx512DQ.ConvertToVector512Double(value)
        : Vector512.FusedMultiplyAdd(
            Exact(Vector512.ShiftRightLogical(value, 32)),
            Vector512.Create(TwoTo32),
            Exact(value & Vector512.Create(LowerHalf)));

    // Integers below 2⁵² as doubles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Exact(Vector512<ulong> value) =>
        (value | Vector512.Create(TwoTo52Bits)).AsDouble() - Vector512.Create(TwoTo52);
}
