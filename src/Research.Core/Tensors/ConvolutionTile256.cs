using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>The register tiles of a convolution in 8-float vectors: one vector for half a block of examples.</summary>
internal static unsafe class ConvolutionTile256
{
    /// <summary>Rows of weights in a product.</summary>
    public const int Rows = 4;

    /// <summary>Outputs in a tile of weight gradients.</summary>
    public const int Outputs = 3;

    /// <summary>Taps in a tile of weight gradients.</summary>
    public const int Taps = 4;

    /// <summary>sums[r, j] += Σ_k a[k, r] · b_j[offsets[k]] for 4 rows and 3 columns.</summary>
    /// <param name="a">[k, 4].</param>
    /// <param name="b0">First column; the others follow.</param>
    /// <param name="b1">Second column.</param>
    /// <param name="b2">Third column.</param>
    /// <param name="offsets">Where each k lies after a column's start, in floats.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="sums">[4, 3, 16].</param>
    public static void Multiply(float* a, float* b0, float* b1, float* b2, int* offsets, int k, float* sums)
    {
        Vector256<float> s0x = Vector256.Load(sums);
        Vector256<float> s0y = Vector256.Load(sums + 16);
        Vector256<float> s0z = Vector256.Load(sums + 32);
        Vector256<float> s1x = Vector256.Load(sums + 48);
        Vector256<float> s1y = Vector256.Load(sums + 64);
        Vector256<float> s1z = Vector256.Load(sums + 80);
        Vector256<float> s2x = Vector256.Load(sums + 96);
        Vector256<float> s2y = Vector256.Load(sums + 112);
        Vector256<float> s2z = Vector256.Load(sums + 128);
        Vector256<float> s3x = Vector256.Load(sums + 144);
        Vector256<float> s3y = Vector256.Load(sums + 160);
        Vector256<float> s3z = Vector256.Load(sums + 176);
        for (int step = 0; step < k; step++)
        {
            int offset = offsets[step];
            Vector256<float> x = Vector256.Load(b0 + offset);
            Vector256<float> y = Vector256.Load(b1 + offset);
            Vector256<float> z = Vector256.Load(b2 + offset);
            Vector256<float> a0 = Vector256.Create(a[0]);
            s0x = Vector256.FusedMultiplyAdd(a0, x, s0x);
            s0y = Vector256.FusedMultiplyAdd(a0, y, s0y);
            s0z = Vector256.FusedMultiplyAdd(a0, z, s0z);
            Vector256<float> a1 = Vector256.Create(a[1]);
            s1x = Vector256.FusedMultiplyAdd(a1, x, s1x);
            s1y = Vector256.FusedMultiplyAdd(a1, y, s1y);
            s1z = Vector256.FusedMultiplyAdd(a1, z, s1z);
            Vector256<float> a2 = Vector256.Create(a[2]);
            s2x = Vector256.FusedMultiplyAdd(a2, x, s2x);
            s2y = Vector256.FusedMultiplyAdd(a2, y, s2y);
            s2z = Vector256.FusedMultiplyAdd(a2, z, s2z);
            Vector256<float> a3 = Vector256.Create(a[3]);
            s3x = Vector256.FusedMultiplyAdd(a3, x, s3x);
            s3y = Vector256.FusedMultiplyAdd(a3, y, s3y);
            s3z = Vector256.FusedMultiplyAdd(a3, z, s3z);
            a += Rows;
        }

        s0x.Store(sums);
        s0y.Store(sums + 16);
        s0z.Store(sums + 32);
        s1x.Store(sums + 48);
        s1y.Store(sums + 64);
        s1z.Store(sums + 80);
        s2x.Store(sums + 96);
        s2y.Store(sums + 112);
        s2z.Store(sums + 128);
        s3x.Store(sums + 144);
        s3y.Store(sums + 160);
        s3z.Store(sums + 176);
    }

    /// <summary>sums[o, t] += Σ_p dy_o[p] · x_t[positions[p]] for 3 outputs and 4 taps, lane by lane.</summary>
    /// <param name="dy">Addresses of 3 outputs at position 0.</param>
    /// <param name="dyStep">Floats from one position to the next there.</param>
    /// <param name="x">Addresses of 4 taps at position 0.</param>
    /// <param name="positions">Where each position lies after that, in floats.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="sums">[3, 4, 16].</param>
    public static void Outer(float** dy, int dyStep, float** x, int* positions, int count, float* sums)
    {
        float* dy0 = dy[0];
        float* dy1 = dy[1];
        float* dy2 = dy[2];
        float* x0 = x[0];
        float* x1 = x[1];
        float* x2 = x[2];
        float* x3 = x[3];
        Vector256<float> s00 = Vector256.Load(sums);
        Vector256<float> s01 = Vector256.Load(sums + 16);
        Vector256<float> s02 = Vector256.Load(sums + 32);
        Vector256<float> s03 = Vector256.Load(sums + 48);
        Vector256<float> s10 = Vector256.Load(sums + 64);
        Vector256<float> s11 = Vector256.Load(sums + 80);
        Vector256<float> s12 = Vector256.Load(sums + 96);
        Vector256<float> s13 = Vector256.Load(sums + 112);
        Vector256<float> s20 = Vector256.Load(sums + 128);
        Vector256<float> s21 = Vector256.Load(sums + 144);
        Vector256<float> s22 = Vector256.Load(sums + 160);
        Vector256<float> s23 = Vector256.Load(sums + 176);
        for (int p = 0; p < count; p++)
        {
            int offset = positions[p];
            int at = p * dyStep;
            Vector256<float> d0 = Vector256.Load(dy0 + at);
            Vector256<float> d1 = Vector256.Load(dy1 + at);
            Vector256<float> d2 = Vector256.Load(dy2 + at);
            Vector256<float> v0 = Vector256.Load(x0 + offset);
            s00 = Vector256.FusedMultiplyAdd(d0, v0, s00);
            s10 = Vector256.FusedMultiplyAdd(d1, v0, s10);
            s20 = Vector256.FusedMultiplyAdd(d2, v0, s20);
            Vector256<float> v1 = Vector256.Load(x1 + offset);
            s01 = Vector256.FusedMultiplyAdd(d0, v1, s01);
            s11 = Vector256.FusedMultiplyAdd(d1, v1, s11);
            s21 = Vector256.FusedMultiplyAdd(d2, v1, s21);
            Vector256<float> v2 = Vector256.Load(x2 + offset);
            s02 = Vector256.FusedMultiplyAdd(d0, v2, s02);
            s12 = Vector256.FusedMultiplyAdd(d1, v2, s12);
            s22 = Vector256.FusedMultiplyAdd(d2, v2, s22);
            Vector256<float> v3 = Vector256.Load(x3 + offset);
            s03 = Vector256.FusedMultiplyAdd(d0, v3, s03);
            s13 = Vector256.FusedMultiplyAdd(d1, v3, s13);
            s23 = Vector256.FusedMultiplyAdd(d2, v3, s23);
        }

        s00.Store(sums);
        s01.Store(sums + 16);
        s02.Store(sums + 32);
        s03.Store(sums + 48);
        s10.Store(sums + 64);
        s11.Store(sums + 80);
        s12.Store(sums + 96);
        s13.Store(sums + 112);
        s20.Store(sums + 128);
        s21.Store(sums + 144);
        s22.Store(sums + 160);
        s23.Store(sums + 176);
    }
}
