using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>The 8 × 8 register block of a matrix product in 4-float vectors.</summary>
/// <remarks>16 accumulators, 2 columns of B and a broadcast of A fit the 32 registers of Arm64.</remarks>
internal static unsafe class Block128
{
    public const int Rows = 8;

    public const int Columns = 8;

    /// <summary>C += A·B with A packed [k, 8], B packed [k, 8] and C's rows <paramref name="stride"/> apart.</summary>
    public static void Multiply(float* a, float* b, float* c, int stride, int k)
    {
        float* row0 = c;
        float* row1 = row0 + stride;
        float* row2 = row1 + stride;
        float* row3 = row2 + stride;
        float* row4 = row3 + stride;
        float* row5 = row4 + stride;
        float* row6 = row5 + stride;
        float* row7 = row6 + stride;
        Vector128<float> c0x = Vector128.Load(row0);
        Vector128<float> c0y = Vector128.Load(row0 + 4);
        Vector128<float> c1x = Vector128.Load(row1);
        Vector128<float> c1y = Vector128.Load(row1 + 4);
        Vector128<float> c2x = Vector128.Load(row2);
        Vector128<float> c2y = Vector128.Load(row2 + 4);
        Vector128<float> c3x = Vector128.Load(row3);
        Vector128<float> c3y = Vector128.Load(row3 + 4);
        Vector128<float> c4x = Vector128.Load(row4);
        Vector128<float> c4y = Vector128.Load(row4 + 4);
        Vector128<float> c5x = Vector128.Load(row5);
        Vector128<float> c5y = Vector128.Load(row5 + 4);
        Vector128<float> c6x = Vector128.Load(row6);
        Vector128<float> c6y = Vector128.Load(row6 + 4);
        Vector128<float> c7x = Vector128.Load(row7);
        Vector128<float> c7y = Vector128.Load(row7 + 4);
        for (int step = 0; step < k; step++)
        {
            Vector128<float> bx = Vector128.Load(b);
            Vector128<float> by = Vector128.Load(b + 4);
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
            b += 8;
        }

        c0x.Store(row0);
        c0y.Store(row0 + 4);
        c1x.Store(row1);
        c1y.Store(row1 + 4);
        c2x.Store(row2);
        c2y.Store(row2 + 4);
        c3x.Store(row3);
        c3y.Store(row3 + 4);
        c4x.Store(row4);
        c4y.Store(row4 + 4);
        c5x.Store(row5);
        c5y.Store(row5 + 4);
        c6x.Store(row6);
        c6y.Store(row6 + 4);
        c7x.Store(row7);
        c7y.Store(row7 + 4);
    }
}
