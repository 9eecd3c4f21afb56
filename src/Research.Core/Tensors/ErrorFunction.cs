using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>erf in single precision, the same bits on every processor.</summary>
/// <remarks>
/// Below 1 x + x·P(x²), above it 1 − e^Q(|x|), where Q is a polynomial for ln erfc on [1, 3.95]; beyond, erf rounds to
/// 1. Coefficients: minimax fits by Lawson's reweighted least squares, made by tests/Fixtures/erf.py. Largest error
/// against double: below 1.5 ulp, held by a test.
/// </remarks>
internal static class ErrorFunction
{
    private const float Split = 1f;
    private const float Largest = 3.95f;
    private const float P0 = 0.12837917f;
    private const float P1 = -0.37612626f;
    private const float P2 = 0.112835854f;
    private const float P3 = -0.026853813f;
    private const float P4 = 0.005188328f;
    private const float P5 = -0.0008010197f;
    private const float P6 = 7.8538724e-05f;
    private const float Q0 = -0.0003415232f;
    private const float Q1 = -1.1270891f;
    private const float Q2 = -0.63814485f;
    private const float Q3 = -0.10310675f;
    private const float Q4 = 0.021838063f;
    private const float Q5 = -0.002947658f;
    private const float Q6 = 0.00018637918f;

    public static float Scalar(float x)
    {
        float size = MathF.Abs(x);
        if (size < Split)
        {
            float square = x * x;
            float p = MathF.FusedMultiplyAdd(P6, square, P5);
            p = MathF.FusedMultiplyAdd(p, square, P4);
            p = MathF.FusedMultiplyAdd(p, square, P3);
            p = MathF.FusedMultiplyAdd(p, square, P2);
            p = MathF.FusedMultiplyAdd(p, square, P1);
            p = MathF.FusedMultiplyAdd(p, square, P0);
            return MathF.FusedMultiplyAdd(p, x, x);
        }

        size = size > Largest ? Largest : size;
        float q = MathF.FusedMultiplyAdd(Q6, size, Q5);
        q = MathF.FusedMultiplyAdd(q, size, Q4);
        q = MathF.FusedMultiplyAdd(q, size, Q3);
        q = MathF.FusedMultiplyAdd(q, size, Q2);
        q = MathF.FusedMultiplyAdd(q, size, Q1);
        q = MathF.FusedMultiplyAdd(q, size, Q0);
        float large = 1f - Exponential.Scalar(q);
        return x < 0 ? -large : large;
    }

    public static Vector512<float> Vector(Vector512<float> x)
    {
        Vector512<float> size = Vector512.Abs(x);
        Vector512<float> square = x * x;
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(P6), square, Vector512.Create(P5));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(P4));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(P3));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(P2));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(P1));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(P0));
        Vector512<float> small = Vector512.FusedMultiplyAdd(p, x, x);

        Vector512<float> most = Vector512.Create(Largest);
        Vector512<float> inside = Vector512.ConditionalSelect(Vector512.GreaterThan(size, most), most, size);
        Vector512<float> q = Vector512.FusedMultiplyAdd(Vector512.Create(Q6), inside, Vector512.Create(Q5));
        q = Vector512.FusedMultiplyAdd(q, inside, Vector512.Create(Q4));
        q = Vector512.FusedMultiplyAdd(q, inside, Vector512.Create(Q3));
        q = Vector512.FusedMultiplyAdd(q, inside, Vector512.Create(Q2));
        q = Vector512.FusedMultiplyAdd(q, inside, Vector512.Create(Q1));
        q = Vector512.FusedMultiplyAdd(q, inside, Vector512.Create(Q0));
        Vector512<float> large = Vector512<float>.One - Exponential.Vector(q);
        large = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), -large, large);
        return Vector512.ConditionalSelect(Vector512.LessThan(size, Vector512.Create(Split)), small, large);
    }
}
