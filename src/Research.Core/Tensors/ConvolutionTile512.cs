using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>The register tiles of a convolution in 16-float vectors: one vector for a block of examples.</summary>
internal static unsafe class ConvolutionTile512
{
    /// <summary>Rows of weights in a product.</summary>
    public const int Rows = 8;

    /// <summary>Outputs in a tile of weight gradients.</summary>
    public const int Outputs = 4;

    /// <summary>Taps in a tile of weight gradients.</summary>
    public const int Taps = 6;

    /// <summary>sums[r, j] += Σ_k a[k, r] · b_j[offsets[k]] for 8 rows and 3 columns.</summary>
    /// <param name="a">[k, 8].</param>
    /// <param name="b0">First column; the others follow.</param>
    /// <param name="b1">Second column.</param>
    /// <param name="b2">Third column.</param>
    /// <param name="offsets">Where each k lies after a column's start, in floats.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="sums">[8, 3, 16].</param>
    public static void Multiply(float* a, float* b0, float* b1, float* b2, int* offsets, int k, float* sums)
    {
        Vector512<float> s0x = Vector512.Load(sums);
        Vector512<float> s0y = Vector512.Load(sums + 16);
        Vector512<float> s0z = Vector512.Load(sums + 32);
        Vector512<float> s1x = Vector512.Load(sums + 48);
        Vector512<float> s1y = Vector512.Load(sums + 64);
        Vector512<float> s1z = Vector512.Load(sums + 80);
        Vector512<float> s2x = Vector512.Load(sums + 96);
        Vector512<float> s2y = Vector512.Load(sums + 112);
        Vector512<float> s2z = Vector512.Load(sums + 128);
        Vector512<float> s3x = Vector512.Load(sums + 144);
        Vector512<float> s3y = Vector512.Load(sums + 160);
        Vector512<float> s3z = Vector512.Load(sums + 176);
        Vector512<float> s4x = Vector512.Load(sums + 192);
        Vector512<float> s4y = Vector512.Load(sums + 208);
        Vector512<float> s4z = Vector512.Load(sums + 224);
        Vector512<float> s5x = Vector512.Load(sums + 240);
        Vector512<float> s5y = Vector512.Load(sums + 256);
        Vector512<float> s5z = Vector512.Load(sums + 272);
        Vector512<float> s6x = Vector512.Load(sums + 288);
        Vector512<float> s6y = Vector512.Load(sums + 304);
        Vector512<float> s6z = Vector512.Load(sums + 320);
        Vector512<float> s7x = Vector512.Load(sums + 336);
        Vector512<float> s7y = Vector512.Load(sums + 352);
        Vector512<float> s7z = Vector512.Load(sums + 368);
        for (int step = 0; step < k; step++)
        {
            int offset = offsets[step];
            Vector512<float> x = Vector512.Load(b0 + offset);
            Vector512<float> y = Vector512.Load(b1 + offset);
            Vector512<float> z = Vector512.Load(b2 + offset);
            Vector512<float> a0 = Vector512.Create(a[0]);
            s0x = Vector512.FusedMultiplyAdd(a0, x, s0x);
            s0y = Vector512.FusedMultiplyAdd(a0, y, s0y);
            s0z = Vector512.FusedMultiplyAdd(a0, z, s0z);
            Vector512<float> a1 = Vector512.Create(a[1]);
            s1x = Vector512.FusedMultiplyAdd(a1, x, s1x);
            s1y = Vector512.FusedMultiplyAdd(a1, y, s1y);
            s1z = Vector512.FusedMultiplyAdd(a1, z, s1z);
            Vector512<float> a2 = Vector512.Create(a[2]);
            s2x = Vector512.FusedMultiplyAdd(a2, x, s2x);
            s2y = Vector512.FusedMultiplyAdd(a2, y, s2y);
            s2z = Vector512.FusedMultiplyAdd(a2, z, s2z);
            Vector512<float> a3 = Vector512.Create(a[3]);
            s3x = Vector512.FusedMultiplyAdd(a3, x, s3x);
            s3y = Vector512.FusedMultiplyAdd(a3, y, s3y);
            s3z = Vector512.FusedMultiplyAdd(a3, z, s3z);
            Vector512<float> a4 = Vector512.Create(a[4]);
            s4x = Vector512.FusedMultiplyAdd(a4, x, s4x);
            s4y = Vector512.FusedMultiplyAdd(a4, y, s4y);
            s4z = Vector512.FusedMultiplyAdd(a4, z, s4z);
            Vector512<float> a5 = Vector512.Create(a[5]);
            s5x = Vector512.FusedMultiplyAdd(a5, x, s5x);
            s5y = Vector512.FusedMultiplyAdd(a5, y, s5y);
            s5z = Vector512.FusedMultiplyAdd(a5, z, s5z);
            Vector512<float> a6 = Vector512.Create(a[6]);
            s6x = Vector512.FusedMultiplyAdd(a6, x, s6x);
            s6y = Vector512.FusedMultiplyAdd(a6, y, s6y);
            s6z = Vector512.FusedMultiplyAdd(a6, z, s6z);
            Vector512<float> a7 = Vector512.Create(a[7]);
            s7x = Vector512.FusedMultiplyAdd(a7, x, s7x);
            s7y = Vector512.FusedMultiplyAdd(a7, y, s7y);
            s7z = Vector512.FusedMultiplyAdd(a7, z, s7z);
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
        s4x.Store(sums + 192);
        s4y.Store(sums + 208);
        s4z.Store(sums + 224);
        s5x.Store(sums + 240);
        s5y.Store(sums + 256);
        s5z.Store(sums + 272);
        s6x.Store(sums + 288);
        s6y.Store(sums + 304);
        s6z.Store(sums + 320);
        s7x.Store(sums + 336);
        s7y.Store(sums + 352);
        s7z.Store(sums + 368);
    }

    /// <summary>sums[o, t] += Σ_p dy_o[p] · x_t[positions[p]] for 4 outputs and 6 taps, lane by lane.</summary>
    /// <param name="dy">Addresses of 4 outputs at position 0.</param>
    /// <param name="dyStep">Floats from one position to the next there.</param>
    /// <param name="x">Addresses of 6 taps at position 0.</param>
    /// <param name="positions">Where each position lies after that, in floats.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="sums">[4, 6, 16].</param>
    public static void Outer(float** dy, int dyStep, float** x, int* positions, int count, float* sums)
    {
        float* dy0 = dy[0];
        float* dy1 = dy[1];
        float* dy2 = dy[2];
        float* dy3 = dy[3];
        float* x0 = x[0];
        float* x1 = x[1];
        float* x2 = x[2];
        float* x3 = x[3];
        float* x4 = x[4];
        float* x5 = x[5];
        Vector512<float> s00 = Vector512.Load(sums);
        Vector512<float> s01 = Vector512.Load(sums + 16);
        Vector512<float> s02 = Vector512.Load(sums + 32);
        Vector512<float> s03 = Vector512.Load(sums + 48);
        Vector512<float> s04 = Vector512.Load(sums + 64);
        Vector512<float> s05 = Vector512.Load(sums + 80);
        Vector512<float> s10 = Vector512.Load(sums + 96);
        Vector512<float> s11 = Vector512.Load(sums + 112);
        Vector512<float> s12 = Vector512.Load(sums + 128);
        Vector512<float> s13 = Vector512.Load(sums + 144);
        Vector512<float> s14 = Vector512.Load(sums + 160);
        Vector512<float> s15 = Vector512.Load(sums + 176);
        Vector512<float> s20 = Vector512.Load(sums + 192);
        Vector512<float> s21 = Vector512.Load(sums + 208);
        Vector512<float> s22 = Vector512.Load(sums + 224);
        Vector512<float> s23 = Vector512.Load(sums + 240);
        Vector512<float> s24 = Vector512.Load(sums + 256);
        Vector512<float> s25 = Vector512.Load(sums + 272);
        Vector512<float> s30 = Vector512.Load(sums + 288);
        Vector512<float> s31 = Vector512.Load(sums + 304);
        Vector512<float> s32 = Vector512.Load(sums + 320);
        Vector512<float> s33 = Vector512.Load(sums + 336);
        Vector512<float> s34 = Vector512.Load(sums + 352);
        Vector512<float> s35 = Vector512.Load(sums + 368);
        for (int p = 0; p < count; p++)
        {
            int offset = positions[p];
            int at = p * dyStep;
            Vector512<float> d0 = Vector512.Load(dy0 + at);
            Vector512<float> d1 = Vector512.Load(dy1 + at);
            Vector512<float> d2 = Vector512.Load(dy2 + at);
            Vector512<float> d3 = Vector512.Load(dy3 + at);
            Vector512<float> v0 = Vector512.Load(x0 + offset);
            s00 = Vector512.FusedMultiplyAdd(d0, v0, s00);
            s10 = Vector512.FusedMultiplyAdd(d1, v0, s10);
            s20 = Vector512.FusedMultiplyAdd(d2, v0, s20);
            s30 = Vector512.FusedMultiplyAdd(d3, v0, s30);
            Vector512<float> v1 = Vector512.Load(x1 + offset);
            s01 = Vector512.FusedMultiplyAdd(d0, v1, s01);
            s11 = Vector512.FusedMultiplyAdd(d1, v1, s11);
            s21 = Vector512.FusedMultiplyAdd(d2, v1, s21);
            s31 = Vector512.FusedMultiplyAdd(d3, v1, s31);
            Vector512<float> v2 = Vector512.Load(x2 + offset);
            s02 = Vector512.FusedMultiplyAdd(d0, v2, s02);
            s12 = Vector512.FusedMultiplyAdd(d1, v2, s12);
            s22 = Vector512.FusedMultiplyAdd(d2, v2, s22);
            s32 = Vector512.FusedMultiplyAdd(d3, v2, s32);
            Vector512<float> v3 = Vector512.Load(x3 + offset);
            s03 = Vector512.FusedMultiplyAdd(d0, v3, s03);
            s13 = Vector512.FusedMultiplyAdd(d1, v3, s13);
            s23 = Vector512.FusedMultiplyAdd(d2, v3, s23);
            s33 = Vector512.FusedMultiplyAdd(d3, v3, s33);
            Vector512<float> v4 = Vector512.Load(x4 + offset);
            s04 = Vector512.FusedMultiplyAdd(d0, v4, s04);
            s14 = Vector512.FusedMultiplyAdd(d1, v4, s14);
            s24 = Vector512.FusedMultiplyAdd(d2, v4, s24);
            s34 = Vector512.FusedMultiplyAdd(d3, v4, s34);
            Vector512<float> v5 = Vector512.Load(x5 + offset);
            s05 = Vector512.FusedMultiplyAdd(d0, v5, s05);
            s15 = Vector512.FusedMultiplyAdd(d1, v5, s15);
            s25 = Vector512.FusedMultiplyAdd(d2, v5, s25);
            s35 = Vector512.FusedMultiplyAdd(d3, v5, s35);
        }

        s00.Store(sums);
        s01.Store(sums + 16);
        s02.Store(sums + 32);
        s03.Store(sums + 48);
        s04.Store(sums + 64);
        s05.Store(sums + 80);
        s10.Store(sums + 96);
        s11.Store(sums + 112);
        s12.Store(sums + 128);
        s13.Store(sums + 144);
        s14.Store(sums + 160);
        s15.Store(sums + 176);
        s20.Store(sums + 192);
        s21.Store(sums + 208);
        s22.Store(sums + 224);
        s23.Store(sums + 240);
        s24.Store(sums + 256);
        s25.Store(sums + 272);
        s30.Store(sums + 288);
        s31.Store(sums + 304);
        s32.Store(sums + 320);
        s33.Store(sums + 336);
        s34.Store(sums + 352);
        s35.Store(sums + 368);
    }
}
