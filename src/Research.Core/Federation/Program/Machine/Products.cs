using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Federation.Program.Machine;

/// <summary>Scalar products of runs of 16 bits, exact.</summary>
/// <remarks>
/// No number is −2¹⁵, so a pair of products fits 32 bits. Their upper and lower halves are added up apart: 256 terms
/// cannot overflow either.
/// </remarks>
internal static unsafe class Products
{
    /// <summary>Computes Σ aₖ·bₖ.</summary>
    /// <param name="a">Numbers of 16 bits.</param>
    /// <param name="b">As many.</param>
    /// <param name="count">How many, at most 256.</param>
    public static long Of(short* a, short* b, int count)
    {
        int i = 0;
        long sum = 0;
        if (Avx512BW.IsSupported && count >= 32)
        {
            Vector512<int> high = Vector512<int>.Zero;
            Vector512<int> low = Vector512<int>.Zero;
            Vector512<int> mask = Vector512.Create(0xFFFF);
            for (; i + 32 <= count; i += 32)
            {
                Vector512<int> pairs = Avx512BW.MultiplyAddAdjacent(Vector512.Load(a + i), Vector512.Load(b + i));
                high += Vector512.ShiftRightArithmetic(pairs, 16);
                low += pairs & mask;
            }

            sum = ((long)Vector512.Sum(high) << 16) + Vector512.Sum(low);
        }

        if (Avx2.IsSupported && count - i >= 16)
        {
            Vector256<int> high = Vector256<int>.Zero;
            Vector256<int> low = Vector256<int>.Zero;
            Vector256<int> mask = Vector256.Create(0xFFFF);
            for (; i + 16 <= count; i += 16)
            {
                Vector256<int> pairs = Avx2.MultiplyAddAdjacent(Vector256.Load(a + i), Vector256.Load(b + i));
                high += Vector256.ShiftRightArithmetic(pairs, 16);
                low += pairs & mask;
            }

            sum += ((long)Vector256.Sum(high) << 16) + Vector256.Sum(low);
        }

        for (; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Computes Σ aₖ, at most 256 terms of 2 or 4 bytes.</summary>
    public static long Sum(byte* a, int width, int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += width == 2 ? ((short*)a)[i] : ((int*)a)[i];
        }

        return sum;
    }

    /// <summary>Computes Σ aₖ, at most 256 terms of 8 bytes.</summary>
    public static Int128 WideSum(long* a, int count)
    {
        long high = 0;
        long low = 0;
        for (int i = 0; i < count; i++)
        {
            high += a[i] >> 32;
            low += (uint)a[i];
        }

        return ((Int128)high << 32) + low;
    }
}
