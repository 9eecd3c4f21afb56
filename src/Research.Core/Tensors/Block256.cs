using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>The 6 × 16 register block of a matrix product in 8-float vectors.</summary>
/// <remarks>12 accumulators, 2 columns of B and a broadcast of A fit the 16 registers of AVX2.</remarks>
internal static unsafe class Block256
{
    public const int Rows = 6;

    public const int Columns = 16;

    /// <summary>
    /// C += A·B with A packed [k, 6], rows of B <paramref name="bStep"/> and of C <paramref name="cStep"/> apart;
    /// the right 8 columns lie <paramref name="bRight"/> and <paramref name="cRight"/> from the left 8.
    /// </summary>
    public static void Multiply(
        float* a, float* b, int bStep, nint bRight, float* c, int cStep, nint cRight, int k)
    {
        float* row0 = c;
        float* row1 = row0 + cStep;
        float* row2 = row1 + cStep;
        float* row3 = row2 + cStep;
        float* row4 = row3 + cStep;
        float* row5 = row4 + cStep;
        Vector256<float> c0x = Vector256.Load(row0);
        Vector256<float> c0y = Vector256.Load(row0 + cRight);
        Vector256<float> c1x = Vector256.Load(row1);
        Vector256<float> c1y = Vector256.Load(row1 + cRight);
        Vector256<float> c2x = Vector256.Load(row2);
        Vector256<float> c2y = Vector256.Load(row2 + cRight);
        Vector256<float> c3x = Vector256.Load(row3);
        Vector256<float> c3y = Vector256.Load(row3 + cRight);
        Vector256<float> c4x = Vector256.Load(row4);
        Vector256<float> c4y = Vector256.Load(row4 + cRight);
        Vector256<float> c5x = Vector256.Load(row5);
        Vector256<float> c5y = Vector256.Load(row5 + cRight);
        for (int step = 0; step < k; step++)
        {
            Vector256<float> bx = Vector256.Load(b);
            Vector256<float> by = Vector256.Load(b + bRight);
            Vector256<float> a0 = Vector256.Create(a[0]);
            c0x = Vector256.FusedMultiplyAdd(a0, bx, c0x);
            c0y = Vector256.FusedMultiplyAdd(a0, by, c0y);
            Vector256<float> a1 = Vector256.Create(a[1]);
            c1x = Vector256.FusedMultiplyAdd(a1, bx, c1x);
            c1y = Vector256.FusedMultiplyAdd(a1, by, c1y);
            Vector256<float> a2 = Vector256.Create(a[2]);
            c2x = Vector256.FusedMultiplyAdd(a2, bx, c2x);
            c2y = Vector256.FusedMultiplyAdd(a2, by, c2y);
            Vector256<float> a3 = Vector256.Create(a[3]);
            c3x = Vector256.FusedMultiplyAdd(a3, bx, c3x);
            c3y = Vector256.FusedMultiplyAdd(a3, by, c3y);
            Vector256<float> a4 = Vector256.Create(a[4]);
            c4x = Vector256.FusedMultiplyAdd(a4, bx, c4x);
            c4y = Vector256.FusedMultiplyAdd(a4, by, c4y);
            Vector256<float> a5 = Vector256.Create(a[5]);
            c5x = Vector256.FusedMultiplyAdd(a5, bx, c5x);
            c5y = Vector256.FusedMultiplyAdd(a5, by, c5y);
            a += 6;
            b += bStep;
        }

        c0x.Store(row0);
        c0y.Store(row0 + cRight);
        c1x.Store(row1);
        c1y.Store(row1 + cRight);
        c2x.Store(row2);
        c2y.Store(row2 + cRight);
        c3x.Store(row3);
        c3y.Store(row3 + cRight);
        c4x.Store(row4);
        c4y.Store(row4 + cRight);
        c5x.Store(row5);
        c5y.Store(row5 + cRight);
    }
}
