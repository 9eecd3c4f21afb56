using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Tensors;

/// <summary>Transposes 16 × 16 tiles of floats: numbers move, none changes.</summary>
internal static unsafe class Transpose
{
    public const int Side = 16;

    /// <summary>Writes target[j][i] = rows[i][j] for i, j in 0 … 15.</summary>
    /// <param name="rows">Addresses of 16 rows of at least 16 floats.</param>
    /// <param name="target">First row of the result; rows are written first to last, so where they lie less than 16
    /// floats apart each overwrites what the one before it spilt.</param>
    /// <param name="targetStep">Floats from one row to the next.</param>
    public static void Tile(float** rows, float* target, long targetStep)
    {
        if (Avx512F.IsSupported)
        {
            Vectors(rows, target, targetStep);
            return;
        }

        for (int j = 0; j < Side; j++)
        {
            for (int i = 0; i < Side; i++)
            {
                target[(j * targetStep) + i] = rows[i][j];
            }
        }
    }

    private static void Vectors(float** rows, float* target, long targetStep)
    {
        // Quads of rows, each transposed within 128-bit lanes; then two rounds that gather the lanes.
        Quad(rows, 0, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Quad(rows, 4, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Quad(rows, 8, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Quad(
            rows, 12, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        Gather(
            a0, b0, c0, d0, out Vector512<float> t0, out Vector512<float> t4, out Vector512<float> t8, out Vector512<float> t12);
        Gather(
            a1, b1, c1, d1, out Vector512<float> t1, out Vector512<float> t5, out Vector512<float> t9, out Vector512<float> t13);
        Gather(
            a2, b2, c2, d2, out Vector512<float> t2, out Vector512<float> t6, out Vector512<float> t10, out Vector512<float> t14);
        Gather(
            a3, b3, c3, d3, out Vector512<float> t3, out Vector512<float> t7, out Vector512<float> t11, out Vector512<float> t15);
        t0.Store(target);
        t1.Store(target + targetStep);
        t2.Store(target + (2 * targetStep));
        t3.Store(target + (3 * targetStep));
        t4.Store(target + (4 * targetStep));
        t5.Store(target + (5 * targetStep));
        t6.Store(target + (6 * targetStep));
        t7.Store(target + (7 * targetStep));
        t8.Store(target + (8 * targetStep));
        t9.Store(target + (9 * targetStep));
        t10.Store(target + (10 * targetStep));
        t11.Store(target + (11 * targetStep));
        t12.Store(target + (12 * targetStep));
        t13.Store(target + (13 * targetStep));
        t14.Store(target + (14 * targetStep));
        t15.Store(target + (15 * targetStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad(
        float** rows,
        int first,
        out Vector512<float> column0,
        out Vector512<float> column1,
        out Vector512<float> column2,
        out Vector512<float> column3)
    {
        Vector512<float> r0 = Vector512.Load(rows[first]);
        Vector512<float> r1 = Vector512.Load(rows[first + 1]);
        Vector512<float> r2 = Vector512.Load(rows[first + 2]);
        Vector512<float> r3 = Vector512.Load(rows[first + 3]);
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        column0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        column1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        column3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    // Lane l of each argument holds rows 0-3, 4-7, 8-11, 12-15 of column 4·l: four whole columns come out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(
        Vector512<float> a,
        Vector512<float> b,
        Vector512<float> c,
        Vector512<float> d,
        out Vector512<float> column0,
        out Vector512<float> column4,
        out Vector512<float> column8,
        out Vector512<float> column12)
    {
        Vector512<float> ab01 = Avx512F.Shuffle4x128(a, b, 0b01_00_01_00);
        Vector512<float> ab23 = Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);
        Vector512<float> cd01 = Avx512F.Shuffle4x128(c, d, 0b01_00_01_00);
        Vector512<float> cd23 = Avx512F.Shuffle4x128(c, d, 0b11_10_11_10);
        column0 = Avx512F.Shuffle4x128(ab01, cd01, 0b10_00_10_00);
        column4 = Avx512F.Shuffle4x128(ab01, cd01, 0b11_01_11_01);
        column8 = Avx512F.Shuffle4x128(ab23, cd23, 0b10_00_10_00);
        column12 = Avx512F.Shuffle4x128(ab23, cd23, 0b11_01_11_01);
    }
}
