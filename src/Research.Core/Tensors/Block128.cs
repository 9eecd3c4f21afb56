using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>The 8 × 8 register block of a matrix product in 4-float vectors.</summary>
/// <remarks>16 accumulators, 2 columns of B and a broadcast of A fit the 32 registers of Arm64.</remarks>
internal static unsafe class Block128
{
    public const int Rows = 8;

    public const int Columns = 8;

    /// <summary>
    /// C += A·B with A packed [k, 8], rows of B <paramref name="bStep"/> and of C <paramref name="cStep"/> apart;
    /// the right 4 columns lie <paramref name="bRight"/> and <paramref name="cRight"/> from the left 4.
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
        float* row6 = row5 + cStep;
        float* row7 = row6 + cStep;
        Vector128<float> c0x = Vector128.Load(row0);
        Vector128<float> c0y = Vector128.Load(row0 + cRight);
        Vector128<float> c1x = Vector128.Load(row1);
        Vector128<float> c1y = Vector128.Load(row1 + cRight);
        Vector128<float> c2x = Vector128.Load(row2);
        Vector128<float> c2y = Vector128.Load(row2 + cRight);
        Vector128<float> c3x = Vector128.Load(row3);
        Vector128<float> c3y = Vector128.Load(row3 + cRight);
        Vector128<float> c4x = Vector128.Load(row4);
        Vector128<float> c4y = Vector128.Load(row4 + cRight);
        Vector128<float> c5x = Vector128.Load(row5);
        Vector128<float> c5y = Vector128.Load(row5 + cRight);
        Vector128<float> c6x = Vector128.Load(row6);
        Vector128<float> c6y = Vector128.Load(row6 + cRight);
        Vector128<float> c7x = Vector128.Load(row7);
        Vector128<float> c7y = Vector128.Load(row7 + cRight);
        for (int step = 0; step < k; step++)
        {
            Vector128<float> bx = Vector128.Load(b);
            Vector128<float> by = Vector128.Load(b + bRight);
            Vector128<float> a0 = Vector128.Create(a[0]);
            c0x = Vector128.FusedMultiplyAdd(a0, bx, c0x);
            c0y = Vector128.FusedMultiplyAdd(a0, by, c0y);
            Vector128<float> a1 = Vector128.Create(a[1]);
            c1x = Vector128.FusedMultiplyAdd(a1, bx, c1x);
            c1y = Vector128.FusedMultiplyAdd(a1, by, c1y);
            Vector128<float> a2 = Vector128.Create(a[2]);
            c2x = Vector128.FusedMultiplyAdd(a2, bx, c2x);
            c2y = Vector128.FusedMultiplyAdd(a2, by, c2y);
            Vector128<float> a3 = Vector128.Create(a[3]);
            c3x = Vector128.FusedMultiplyAdd(a3, bx, c3x);
            c3y = Vector128.FusedMultiplyAdd(a3, by, c3y);
            Vector128<float> a4 = Vector128.Create(a[4]);
            c4x = Vector128.FusedMultiplyAdd(a4, bx, c4x);
            c4y = Vector128.FusedMultiplyAdd(a4, by, c4y);
            Vector128<float> a5 = Vector128.Create(a[5]);
            c5x = Vector128.FusedMultiplyAdd(a5, bx, c5x);
            c5y = Vector128.FusedMultiplyAdd(a5, by, c5y);
            Vector128<float> a6 = Vector128.Create(a[6]);
            c6x = Vector128.FusedMultiplyAdd(a6, bx, c6x);
            c6y = Vector128.FusedMultiplyAdd(a6, by, c6y);
            Vector128<float> a7 = Vector128.Create(a[7]);
            c7x = Vector128.FusedMultiplyAdd(a7, bx, c7x);
            c7y = Vector128.FusedMultiplyAdd(a7, by, c7y);
            a += 8;
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
        c6x.Store(row6);
        c6y.Store(row6 + cRight);
        c7x.Store(row7);
        c7y.Store(row7 + cRight);
    }
}
