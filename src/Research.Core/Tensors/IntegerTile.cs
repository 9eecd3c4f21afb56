using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Tensors;

/// <summary>The register tiles of <see cref="IntegerProduct"/>: 12 × 32 in vectors of 16, 6 × 16 in vectors of 8.</summary>
internal static unsafe class IntegerTile
{
    /// <summary>Rows of the narrow tile.</summary>
    public const int NarrowRows = 6;

    /// <summary>Columns of the narrow tile.</summary>
    public const int NarrowColumns = 16;

    private const int LeftStep = 16;
    private const int RightStep = 32;
    private const int HalfBits = 16;

    /// <summary>Gets the sums of the products of the two halves of each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Products(Vector512<int> a, Vector512<int> b) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())
        : Vector512.Create(Products(a.GetLower(), b.GetLower()), Products(a.GetUpper(), b.GetUpper()));

    /// <summary>tile[r, c] = Σ over pairs of left[r]·right[c], both halves.</summary>
    /// <param name="left">[pairs, 16], of which 12 count.</param>
    /// <param name="right">[pairs, 32].</param>
    /// <param name="pairs">Pairs of examples.</param>
    /// <param name="tile">Receives [12, 32].</param>
    public static void Multiply512(int* left, int* right, int pairs, int* tile)
    {
        Vector512<int> s0x = Vector512<int>.Zero;
        Vector512<int> s0y = Vector512<int>.Zero;
        Vector512<int> s1x = Vector512<int>.Zero;
        Vector512<int> s1y = Vector512<int>.Zero;
        Vector512<int> s2x = Vector512<int>.Zero;
        Vector512<int> s2y = Vector512<int>.Zero;
        Vector512<int> s3x = Vector512<int>.Zero;
        Vector512<int> s3y = Vector512<int>.Zero;
        Vector512<int> s4x = Vector512<int>.Zero;
        Vector512<int> s4y = Vector512<int>.Zero;
        Vector512<int> s5x = Vector512<int>.Zero;
        Vector512<int> s5y = Vector512<int>.Zero;
        Vector512<int> s6x = Vector512<int>.Zero;
        Vector512<int> s6y = Vector512<int>.Zero;
        Vector512<int> s7x = Vector512<int>.Zero;
        Vector512<int> s7y = Vector512<int>.Zero;
        Vector512<int> s8x = Vector512<int>.Zero;
        Vector512<int> s8y = Vector512<int>.Zero;
        Vector512<int> s9x = Vector512<int>.Zero;
        Vector512<int> s9y = Vector512<int>.Zero;
        Vector512<int> s10x = Vector512<int>.Zero;
        Vector512<int> s10y = Vector512<int>.Zero;
        Vector512<int> s11x = Vector512<int>.Zero;
        Vector512<int> s11y = Vector512<int>.Zero;
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<int> x = Vector512.Load(right);
            Vector512<int> y = Vector512.Load(right + Vector512<int>.Count);
            Vector512<int> a0 = Vector512.Create(left[0]);
            s0x += Products(a0, x);
            s0y += Products(a0, y);
            Vector512<int> a1 = Vector512.Create(left[1]);
            s1x += Products(a1, x);
            s1y += Products(a1, y);
            Vector512<int> a2 = Vector512.Create(left[2]);
            s2x += Products(a2, x);
            s2y += Products(a2, y);
            Vector512<int> a3 = Vector512.Create(left[3]);
            s3x += Products(a3, x);
            s3y += Products(a3, y);
            Vector512<int> a4 = Vector512.Create(left[4]);
            s4x += Products(a4, x);
            s4y += Products(a4, y);
            Vector512<int> a5 = Vector512.Create(left[5]);
            s5x += Products(a5, x);
            s5y += Products(a5, y);
            Vector512<int> a6 = Vector512.Create(left[6]);
            s6x += Products(a6, x);
            s6y += Products(a6, y);
            Vector512<int> a7 = Vector512.Create(left[7]);
            s7x += Products(a7, x);
            s7y += Products(a7, y);
            Vector512<int> a8 = Vector512.Create(left[8]);
            s8x += Products(a8, x);
            s8y += Products(a8, y);
            Vector512<int> a9 = Vector512.Create(left[9]);
            s9x += Products(a9, x);
            s9y += Products(a9, y);
            Vector512<int> a10 = Vector512.Create(left[10]);
            s10x += Products(a10, x);
            s10y += Products(a10, y);
            Vector512<int> a11 = Vector512.Create(left[11]);
            s11x += Products(a11, x);
            s11y += Products(a11, y);
            left += LeftStep;
            right += RightStep;
        }

        s0x.Store(tile);
        s0y.Store(tile + Vector512<int>.Count);
        s1x.Store(tile + (1 * RightStep));
        s1y.Store(tile + (1 * RightStep) + Vector512<int>.Count);
        s2x.Store(tile + (2 * RightStep));
        s2y.Store(tile + (2 * RightStep) + Vector512<int>.Count);
        s3x.Store(tile + (3 * RightStep));
        s3y.Store(tile + (3 * RightStep) + Vector512<int>.Count);
        s4x.Store(tile + (4 * RightStep));
        s4y.Store(tile + (4 * RightStep) + Vector512<int>.Count);
        s5x.Store(tile + (5 * RightStep));
        s5y.Store(tile + (5 * RightStep) + Vector512<int>.Count);
        s6x.Store(tile + (6 * RightStep));
        s6y.Store(tile + (6 * RightStep) + Vector512<int>.Count);
        s7x.Store(tile + (7 * RightStep));
        s7y.Store(tile + (7 * RightStep) + Vector512<int>.Count);
        s8x.Store(tile + (8 * RightStep));
        s8y.Store(tile + (8 * RightStep) + Vector512<int>.Count);
        s9x.Store(tile + (9 * RightStep));
        s9y.Store(tile + (9 * RightStep) + Vector512<int>.Count);
        s10x.Store(tile + (10 * RightStep));
        s10y.Store(tile + (10 * RightStep) + Vector512<int>.Count);
        s11x.Store(tile + (11 * RightStep));
        s11y.Store(tile + (11 * RightStep) + Vector512<int>.Count);
    }

    /// <summary>The same for 6 rows and 16 columns of the panels.</summary>
    public static void Multiply256(int* left, int* right, int pairs, int* tile)
    {
        Vector256<int> s0x = Vector256<int>.Zero;
        Vector256<int> s0y = Vector256<int>.Zero;
        Vector256<int> s1x = Vector256<int>.Zero;
        Vector256<int> s1y = Vector256<int>.Zero;
        Vector256<int> s2x = Vector256<int>.Zero;
        Vector256<int> s2y = Vector256<int>.Zero;
        Vector256<int> s3x = Vector256<int>.Zero;
        Vector256<int> s3y = Vector256<int>.Zero;
        Vector256<int> s4x = Vector256<int>.Zero;
        Vector256<int> s4y = Vector256<int>.Zero;
        Vector256<int> s5x = Vector256<int>.Zero;
        Vector256<int> s5y = Vector256<int>.Zero;
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector256<int> x = Vector256.Load(right);
            Vector256<int> y = Vector256.Load(right + Vector256<int>.Count);
            Vector256<int> a0 = Vector256.Create(left[0]);
            s0x += Products(a0, x);
            s0y += Products(a0, y);
            Vector256<int> a1 = Vector256.Create(left[1]);
            s1x += Products(a1, x);
            s1y += Products(a1, y);
            Vector256<int> a2 = Vector256.Create(left[2]);
            s2x += Products(a2, x);
            s2y += Products(a2, y);
            Vector256<int> a3 = Vector256.Create(left[3]);
            s3x += Products(a3, x);
            s3y += Products(a3, y);
            Vector256<int> a4 = Vector256.Create(left[4]);
            s4x += Products(a4, x);
            s4y += Products(a4, y);
            Vector256<int> a5 = Vector256.Create(left[5]);
            s5x += Products(a5, x);
            s5y += Products(a5, y);
            left += LeftStep;
            right += RightStep;
        }

        s0x.Store(tile);
        s0y.Store(tile + Vector256<int>.Count);
        s1x.Store(tile + (1 * RightStep));
        s1y.Store(tile + (1 * RightStep) + Vector256<int>.Count);
        s2x.Store(tile + (2 * RightStep));
        s2y.Store(tile + (2 * RightStep) + Vector256<int>.Count);
        s3x.Store(tile + (3 * RightStep));
        s3y.Store(tile + (3 * RightStep) + Vector256<int>.Count);
        s4x.Store(tile + (4 * RightStep));
        s4y.Store(tile + (4 * RightStep) + Vector256<int>.Count);
        s5x.Store(tile + (5 * RightStep));
        s5y.Store(tile + (5 * RightStep) + Vector256<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(Vector256<int> a, Vector256<int> b) => Avx2.IsSupported
        ? Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())
        : (Low(a) * Low(b)) + ((a >> HalfBits) * (b >> HalfBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Low(Vector256<int> pairs) => (pairs << HalfBits) >> HalfBits;
}
