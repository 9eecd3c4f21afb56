using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Tensors;

/// <summary>The 12 × 32 register block of a matrix product in 16-float vectors.</summary>
/// <remarks>24 accumulators, 2 columns of B and a broadcast of A fit the 32 registers of AVX-512.</remarks>
internal static unsafe class Block512
{
    public const int Rows = 12;

    public const int Columns = 32;

    /// <summary>
    /// C += A·B with A packed [k, 12], rows of B <paramref name="bStep"/> and of C <paramref name="cStep"/> apart;
    /// the right 16 columns lie <paramref name="bRight"/> and <paramref name="cRight"/> from the left 16.
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
        float* row8 = row7 + cStep;
        float* row9 = row8 + cStep;
        float* row10 = row9 + cStep;
        float* row11 = row10 + cStep;
        Vector512<float> c0x = Vector512.Load(row0);
        Vector512<float> c0y = Vector512.Load(row0 + cRight);
        Vector512<float> c1x = Vector512.Load(row1);
        Vector512<float> c1y = Vector512.Load(row1 + cRight);
        Vector512<float> c2x = Vector512.Load(row2);
        Vector512<float> c2y = Vector512.Load(row2 + cRight);
        Vector512<float> c3x = Vector512.Load(row3);
        Vector512<float> c3y = Vector512.Load(row3 + cRight);
        Vector512<float> c4x = Vector512.Load(row4);
        Vector512<float> c4y = Vector512.Load(row4 + cRight);
        Vector512<float> c5x = Vector512.Load(row5);
        Vector512<float> c5y = Vector512.Load(row5 + cRight);
        Vector512<float> c6x = Vector512.Load(row6);
        Vector512<float> c6y = Vector512.Load(row6 + cRight);
        Vector512<float> c7x = Vector512.Load(row7);
        Vector512<float> c7y = Vector512.Load(row7 + cRight);
        Vector512<float> c8x = Vector512.Load(row8);
        Vector512<float> c8y = Vector512.Load(row8 + cRight);
        Vector512<float> c9x = Vector512.Load(row9);
        Vector512<float> c9y = Vector512.Load(row9 + cRight);
        Vector512<float> c10x = Vector512.Load(row10);
        Vector512<float> c10y = Vector512.Load(row10 + cRight);
        Vector512<float> c11x = Vector512.Load(row11);
        Vector512<float> c11y = Vector512.Load(row11 + cRight);
        Prefetch(c + ((long)Rows * cStep), cStep, cRight);
        for (int step = 0; step < k; step++)
        {
            Vector512<float> bx = Vector512.Load(b);
            Vector512<float> by = Vector512.Load(b + bRight);
            Vector512<float> a0 = Vector512.Create(a[0]);
            c0x = Vector512.FusedMultiplyAdd(a0, bx, c0x);
            c0y = Vector512.FusedMultiplyAdd(a0, by, c0y);
            Vector512<float> a1 = Vector512.Create(a[1]);
            c1x = Vector512.FusedMultiplyAdd(a1, bx, c1x);
            c1y = Vector512.FusedMultiplyAdd(a1, by, c1y);
            Vector512<float> a2 = Vector512.Create(a[2]);
            c2x = Vector512.FusedMultiplyAdd(a2, bx, c2x);
            c2y = Vector512.FusedMultiplyAdd(a2, by, c2y);
            Vector512<float> a3 = Vector512.Create(a[3]);
            c3x = Vector512.FusedMultiplyAdd(a3, bx, c3x);
            c3y = Vector512.FusedMultiplyAdd(a3, by, c3y);
            Vector512<float> a4 = Vector512.Create(a[4]);
            c4x = Vector512.FusedMultiplyAdd(a4, bx, c4x);
            c4y = Vector512.FusedMultiplyAdd(a4, by, c4y);
            Vector512<float> a5 = Vector512.Create(a[5]);
            c5x = Vector512.FusedMultiplyAdd(a5, bx, c5x);
            c5y = Vector512.FusedMultiplyAdd(a5, by, c5y);
            Vector512<float> a6 = Vector512.Create(a[6]);
            c6x = Vector512.FusedMultiplyAdd(a6, bx, c6x);
            c6y = Vector512.FusedMultiplyAdd(a6, by, c6y);
            Vector512<float> a7 = Vector512.Create(a[7]);
            c7x = Vector512.FusedMultiplyAdd(a7, bx, c7x);
            c7y = Vector512.FusedMultiplyAdd(a7, by, c7y);
            Vector512<float> a8 = Vector512.Create(a[8]);
            c8x = Vector512.FusedMultiplyAdd(a8, bx, c8x);
            c8y = Vector512.FusedMultiplyAdd(a8, by, c8y);
            Vector512<float> a9 = Vector512.Create(a[9]);
            c9x = Vector512.FusedMultiplyAdd(a9, bx, c9x);
            c9y = Vector512.FusedMultiplyAdd(a9, by, c9y);
            Vector512<float> a10 = Vector512.Create(a[10]);
            c10x = Vector512.FusedMultiplyAdd(a10, bx, c10x);
            c10y = Vector512.FusedMultiplyAdd(a10, by, c10y);
            Vector512<float> a11 = Vector512.Create(a[11]);
            c11x = Vector512.FusedMultiplyAdd(a11, bx, c11x);
            c11y = Vector512.FusedMultiplyAdd(a11, by, c11y);
            a += 12;
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
        c8x.Store(row8);
        c8y.Store(row8 + cRight);
        c9x.Store(row9);
        c9y.Store(row9 + cRight);
        c10x.Store(row10);
        c10y.Store(row10 + cRight);
        c11x.Store(row11);
        c11y.Store(row11 + cRight);
    }

    // The block below comes next, and its sums start from what C holds there: that is fetched meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* c, int cStep, nint cRight)
    {
        for (int row = 0; row < Rows && Sse.IsSupported; row++)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + cRight);
            c += cStep;
        }
    }
}
