using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Blocks of 16 examples side by side, [size, 16], and the way into and out of them.</summary>
/// <remarks>
/// With one example in each lane every layer is vectorised without a horizontal operation: an example's arithmetic is
/// one scalar chain whatever the width of the vectors, and a per-example gradient is a lane.
/// </remarks>
internal static unsafe class Lanes
{
    /// <summary>Examples in a block.</summary>
    public const int Count = 16;

    /// <summary>Writes a block [size, 16] from rows; rows that are not present become zero.</summary>
    /// <param name="rows">Addresses of <paramref name="present"/> examples, each of <paramref name="size"/>
    /// floats.</param>
    /// <param name="present">1 to 16.</param>
    /// <param name="size">Numbers of an example.</param>
    /// <param name="block">Receives the block.</param>
    [SkipLocalsInit]
    public static void Gather(float** rows, int present, int size, float* block)
    {
        float* zeros = stackalloc float[Count];
        new Span<float>(zeros, Count).Clear();
        float** tile = stackalloc float*[Count];
        int tiled = size / Count * Count;
        for (int i = 0; i < tiled; i += Count)
        {
            for (int lane = 0; lane < Count; lane++)
            {
                tile[lane] = lane < present ? rows[lane] + i : zeros;
            }

            Transpose.Tile(tile, block + ((long)i * Count), Count);
        }

        for (int i = tiled; i < size; i++)
        {
            for (int lane = 0; lane < Count; lane++)
            {
                block[((long)i * Count) + lane] = lane < present ? rows[lane][i] : 0;
            }
        }
    }

    /// <summary>Writes the present lanes of a block as rows, each multiplied by its factor.</summary>
    /// <param name="block">[size, 16].</param>
    /// <param name="size">Numbers of an example.</param>
    /// <param name="factors">16 factors; where one is 0 the row becomes 0 whatever it held.</param>
    /// <param name="present">1 to 16.</param>
    /// <param name="rows">Receives [present, size].</param>
    [SkipLocalsInit]
    public static void Scatter(float* block, int size, float* factors, int present, float* rows)
    {
        Vector512<float> factor = Vector512.Load(factors);
        Vector512<float> dropped = Vector512.Equals(factor, Vector512<float>.Zero);
        float* scaled = stackalloc float[Count * Count];
        float* turned = stackalloc float[Count * Count];
        float** tile = stackalloc float*[Count];
        for (int lane = 0; lane < Count; lane++)
        {
            tile[lane] = scaled + (lane * Count);
        }

        for (int i = 0; i < size; i += Count)
        {
            int width = Math.Min(Count, size - i);
            for (int j = 0; j < width; j++)
            {
                Vector512<float> value = Vector512.Load(block + ((long)(i + j) * Count)) * factor;
                Vector512.AndNot(value, dropped).Store(scaled + (j * Count));
            }

            Transpose.Tile(tile, turned, Count);
            for (int lane = 0; lane < present; lane++)
            {
                float* row = rows + ((long)lane * size) + i;
                if (width == Count)
                {
                    Vector512.Load(turned + (lane * Count)).Store(row);
                }
                else
                {
                    new ReadOnlySpan<float>(turned + (lane * Count), width).CopyTo(new Span<float>(row, width));
                }
            }
        }
    }

    /// <summary>Adds factor · value, lane by lane; where a factor is 0 nothing is added whatever the value holds.</summary>
    /// <param name="values">[count, 16].</param>
    /// <param name="factors">16 factors.</param>
    /// <param name="sums">[count, 16].</param>
    /// <param name="count">Vectors.</param>
    public static void AddScaled(float* values, float* factors, float* sums, int count)
    {
        Vector512<float> factor = Vector512.Load(factors);
        Vector512<float> dropped = Vector512.Equals(factor, Vector512<float>.Zero);
        if (dropped == Vector512<float>.Zero)
        {
            for (long i = 0; i < (long)count * Count; i += Count)
            {
                Vector512.FusedMultiplyAdd(Vector512.Load(values + i), factor, Vector512.Load(sums + i)).Store(sums + i);
            }

            return;
        }

        for (long i = 0; i < (long)count * Count; i += Count)
        {
            Vector512<float> value = Vector512.AndNot(Vector512.Load(values + i), dropped);
            Vector512.FusedMultiplyAdd(value, factor, Vector512.Load(sums + i)).Store(sums + i);
        }
    }

    /// <summary>Adds values [count, 16] to sums.</summary>
    public static void Add(float* values, float* sums, int count)
    {
        for (long i = 0; i < (long)count * Count; i += Count)
        {
            (Vector512.Load(sums + i) + Vector512.Load(values + i)).Store(sums + i);
        }
    }

    /// <summary>Fills [count, 16] with one number a vector.</summary>
    public static void Spread(float* numbers, int count, float* values)
    {
        for (int i = 0; i < count; i++)
        {
            Vector512.Create(numbers[i]).Store(values + ((long)i * Count));
        }
    }

    /// <summary>Adds Σ value² in double to each lane's sum, first to last.</summary>
    /// <param name="values">[count, 16].</param>
    /// <param name="count">Vectors.</param>
    /// <param name="sums">16 sums.</param>
    public static void AddSquares(float* values, int count, double* sums)
    {
        Vector512<double> low = Vector512.Load(sums);
        Vector512<double> high = Vector512.Load(sums + 8);
        for (long i = 0; i < (long)count * Count; i += Count)
        {
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(Vector512.Load(values + i));
            low = Vector512.FusedMultiplyAdd(first, first, low);
            high = Vector512.FusedMultiplyAdd(second, second, high);
        }

        low.Store(sums);
        high.Store(sums + 8);
    }

    /// <summary>Adds Σ a·b in double to each lane's sum, first to last.</summary>
    public static void AddDots(float* a, float* b, int count, double* sums)
    {
        Vector512<double> low = Vector512.Load(sums);
        Vector512<double> high = Vector512.Load(sums + 8);
        for (long i = 0; i < (long)count * Count; i += Count)
        {
            (Vector512<double> a0, Vector512<double> a1) = Vector512.Widen(Vector512.Load(a + i));
            (Vector512<double> b0, Vector512<double> b1) = Vector512.Widen(Vector512.Load(b + i));
            low = Vector512.FusedMultiplyAdd(a0, b0, low);
            high = Vector512.FusedMultiplyAdd(a1, b1, high);
        }

        low.Store(sums);
        high.Store(sums + 8);
    }

    /// <summary>Sums the 16 lanes of each vector: lanes l and l + 8, then l + 4, l + 2, l + 1.</summary>
    /// <param name="values">[count, 16].</param>
    /// <param name="count">Vectors.</param>
    /// <param name="sums">Receives count numbers.</param>
    [SkipLocalsInit]
    public static void Reduce(float* values, int count, float* sums)
    {
        float* turned = stackalloc float[Count * Count];
        float** tile = stackalloc float*[Count];
        int tiled = count / Count * Count;
        for (int i = 0; i < tiled; i += Count)
        {
            for (int j = 0; j < Count; j++)
            {
                tile[j] = values + ((long)(i + j) * Count);
            }

            Transpose.Tile(tile, turned, Count);
            for (int half = Count / 2; half > 0; half /= 2)
            {
                for (int lane = 0; lane < half; lane++)
                {
                    float* left = turned + (lane * Count);
                    (Vector512.Load(left) + Vector512.Load(left + (half * Count))).Store(left);
                }
            }

            Vector512.Load(turned).Store(sums + i);
        }

        for (int i = tiled; i < count; i++)
        {
            new ReadOnlySpan<float>(values + ((long)i * Count), Count).CopyTo(new Span<float>(turned, Count));
            for (int half = Count / 2; half > 0; half /= 2)
            {
                for (int lane = 0; lane < half; lane++)
                {
                    turned[lane] += turned[lane + half];
                }
            }

            sums[i] = turned[0];
        }
    }
}
