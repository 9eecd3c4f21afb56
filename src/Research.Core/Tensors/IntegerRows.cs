using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Research.Privacy.Sums;

namespace Research.Tensors;

/// <summary>Sums of whole numbers over examples that lie as rows: what <see cref="IntegerLanes"/> does for blocks.</summary>
internal static unsafe class IntegerRows
{
    /// <summary>Rows whose 32-bit sum cannot overflow.</summary>
    public const int MostRows = SumGrid.MostTerms;

    private const int Block = 1024; // 4 KiB of sums, in the first-level cache beside the rows' stretch.

    /// <summary>Adds each row's sum of squares; every square is exact in double.</summary>
    /// <param name="rows">[count, size].</param>
    /// <param name="count">Rows.</param>
    /// <param name="size">Numbers of a row, up to 2²⁸.</param>
    /// <param name="squaredNorms">[count], added to; NaN or infinite where a number is.</param>
    public static void AddSquares(float* rows, int count, int size, Span<double> squaredNorms)
    {
        for (int row = 0; row < count; row++)
        {
            float* values = rows + ((long)row * size);
            Vector512<double> low = Vector512<double>.Zero;
            Vector512<double> high = Vector512<double>.Zero;
            int i = 0;
            for (; i <= size - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                (Vector512<double> first, Vector512<double> second) = Vector512.Widen(Vector512.Load(values + i));
                low = Vector512.FusedMultiplyAdd(first, first, low);
                high = Vector512.FusedMultiplyAdd(second, second, high);
            }

            double sum = Vector512.Sum(low + high);
            for (; i < size; i++)
            {
                sum = Math.FusedMultiplyAdd((double)values[i], values[i], sum);
            }

            squaredNorms[row] += sum;
        }
    }

    /// <summary>Adds factor · value, rounded toward zero, row by row: rounding so never raises a norm.</summary>
    /// <param name="rows">[count, size].</param>
    /// <param name="count">Rows, at most <see cref="MostRows"/>.</param>
    /// <param name="size">Numbers of a row.</param>
    /// <param name="factors">[count]; |factor · value| must stay below 2²². Where one is 0 nothing is added, whatever
    /// the row holds.</param>
    /// <param name="sums">[size], added to.</param>
    [SkipLocalsInit]
    public static void AddTruncated(float* rows, int count, int size, ReadOnlySpan<float> factors, Span<long> sums)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostRows);
        int* block = stackalloc int[Block];
        for (int start = 0; start < size; start += Block)
        {
            int width = Math.Min(Block, size - start);
            new Span<int>(block, width).Clear();
            for (int row = 0; row < count; row++)
            {
                if (factors[row] != 0)
                {
                    AddRow(rows + ((long)row * size) + start, width, factors[row], block);
                }
            }

            for (int i = 0; i < width; i++)
            {
                sums[start + i] += block[i];
            }
        }
    }

    private static void AddRow(float* values, int width, float factor, int* block)
    {
        Vector512<float> scale = Vector512.Create(factor);
        int i = 0;
        for (; i <= width - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<int> steps = Vector512.ConvertToInt32Native(Vector512.Load(values + i) * scale);
            (Vector512.Load(block + i) + steps).Store(block + i);
        }

        for (; i < width; i++)
        {
            block[i] += (int)(values[i] * factor);
        }
    }
}
