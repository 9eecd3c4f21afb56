using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>e^x in single precision, the same bits on every processor.</summary>
/// <remarks>
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor polynomial of degree 7 in r (remainder below 6e-9), then 2^n in
/// two exact steps.
/// Largest error against <see cref="Math.Exp(double)"/>: below 1 ulp, held by a test. Reduction constants: Cephes 2.8,
/// expf.c.
/// </remarks>
internal static class Exponential
{
    private const float Largest = 88.722839f;     // ln of the largest float
    private const float Smallest = -103.972084f;  // ln of half the smallest denormal
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;   // few bits, so that n·Ln2High is exact
    private const float Ln2Low = -2.12194440e-4f;
    private const float Rounder = 12582912f;      // 1.5·2^23: adding and subtracting it rounds to an integer

    public static float Scalar(float x)
    {
        if (!(x <= Largest))
        {
            return float.IsNaN(x) ? x : float.PositiveInfinity;
        }

        if (x < Smallest)
        {
            return 0;
        }

        float n = MathF.FusedMultiplyAdd(x, Log2E, Rounder) - Rounder;
        float r = MathF.FusedMultiplyAdd(-n, Ln2Low, MathF.FusedMultiplyAdd(-n, Ln2High, x));
        float p = 1f / 5040;
        p = MathF.FusedMultiplyAdd(p, r, 1f / 720);
        p = MathF.FusedMultiplyAdd(p, r, 1f / 120);
        p = MathF.FusedMultiplyAdd(p, r, 1f / 24);
        p = MathF.FusedMultiplyAdd(p, r, 1f / 6);
        p = MathF.FusedMultiplyAdd(p, r, 0.5f);
        p = MathF.FusedMultiplyAdd(p, r, 1f);
        p = MathF.FusedMultiplyAdd(p, r, 1f);
        int power = (int)n;
        int half = power >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    public static Vector512<float> Vector(Vector512<float> x)
    {
        Vector512<float> inside = Vector512.ConditionalSelect(
            Vector512.GreaterThanOrEqual(x, Vector512.Create(Smallest))
            & Vector512.LessThanOrEqual(x, Vector512.Create(Largest)),
            x,
            Vector512<float>.Zero);
        Vector512<float> n =
            Vector512.FusedMultiplyAdd(inside, Vector512.Create(Log2E), Vector512.Create(Rounder))
            - Vector512.Create(Rounder);
        Vector512<float> r = Vector512.FusedMultiplyAdd(
            -n, Vector512.Create(Ln2Low), Vector512.FusedMultiplyAdd(-n, Vector512.Create(Ln2High), inside));
        Vector512<float> p = Vector512.Create(1f / 5040);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 720));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 120));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 24));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 6));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        Vector512<int> power = Vector512.ConvertToInt32(n);
        Vector512<int> half = Vector512.ShiftRightArithmetic(power, 1);
        Vector512<float> result = p * PowerOfTwo(half) * PowerOfTwo(power - half);

        result = Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512.Create(Largest)), Vector512.Create(float.PositiveInfinity), result);
        result = Vector512.ConditionalSelect(
            Vector512.LessThan(x, Vector512.Create(Smallest)), Vector512<float>.Zero, result);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), result, x);
    }

    private static float PowerOfTwo(int power) => BitConverter.Int32BitsToSingle((power + 127) << 23);

    private static Vector512<float> PowerOfTwo(Vector512<int> power) =>
        Vector512.ShiftLeft(power + Vector512.Create(127), 23).AsSingle();
}
