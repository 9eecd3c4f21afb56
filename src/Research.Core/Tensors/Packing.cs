using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Copies a strided matrix into panels that a register block reads front to back.</summary>
internal static unsafe class Packing
{
    /// <summary>Floats that a target needs beyond its panels: the widest store may spill so far.</summary>
    public const int Slack = 16;

    /// <summary>
    /// Packs [rows, steps] into panels of <paramref name="height"/> rows, each [steps, height]; missing rows become
    /// zero. Writes up to <see cref="Slack"/> floats past the last panel.
    /// </summary>
    public static void Pack(float* source, Strides strides, float* target, int rows, int steps, int height)
    {
        for (int row = 0; row < rows; row += height)
        {
            int present = Math.Min(height, rows - row);
            float* panel = source + ((long)row * strides.Row);
            if (strides.Row == 1)
            {
                Contiguous(panel, strides.Column, target, present, steps, height);
            }
            else if (strides.Column == 1)
            {
                Transposed(panel, strides.Row, target, present, steps, height);
            }
            else
            {
                Clear(target, present, steps, height);
                Strided(panel, strides, target, present, 0, steps, height);
            }

            target += (long)steps * height;
        }
    }

    private static void Clear(float* target, int present, int steps, int height)
    {
        if (present < height)
        {
            new Span<float>(target, steps * height).Clear();
        }
    }

    private static void Contiguous(float* source, int stepStride, float* target, int present, int steps, int height)
    {
        if (present == height && height % 16 == 0)
        {
            for (int step = 0; step < steps; step++)
            {
                for (int i = 0; i < height; i += 16)
                {
                    Vector512.Load(source + i).Store(target + i);
                }

                source += stepStride;
                target += height;
            }

            return;
        }

        Clear(target, present, steps, height);
        bool twelve = present == 12; // The height of the widest block of A.
        for (int step = 0; step < steps; step++)
        {
            if (twelve)
            {
                Vector256.Load(source).Store(target);
                Vector128.Load(source + 8).Store(target + 8);
            }
            else
            {
                new ReadOnlySpan<float>(source, present).CopyTo(new Span<float>(target, present));
            }

            source += stepStride;
            target += height;
        }
    }

    // Rows are contiguous over the steps: 16 × 16 tiles are turned, then what is left goes number by number.
    [SkipLocalsInit]
    private static void Transposed(float* source, int rowStride, float* target, int present, int steps, int height)
    {
        const int Side = Transpose.Side;
        float* zeros = stackalloc float[Side];
        new Span<float>(zeros, Side).Clear();
        float** rows = stackalloc float*[Side];
        int tiled = height is 12 or 32 or 16 ? steps / Side * Side : 0;
        for (int step = 0; step < tiled; step += Side)
        {
            for (int left = 0; left < height; left += Side)
            {
                for (int i = 0; i < Side; i++)
                {
                    bool inside = left + i < present;
                    rows[i] = inside ? source + ((long)(left + i) * rowStride) + step : zeros;
                }

                Transpose.Tile(rows, target + ((long)step * height) + left, height);
            }
        }

        if (tiled < steps)
        {
            Clear(target + ((long)tiled * height), present, steps - tiled, height);
            Strided(source, new Strides(rowStride, 1), target, present, tiled, steps, height);
        }
    }

    private static void Strided(
        float* source, Strides strides, float* target, int present, int firstStep, int steps, int height)
    {
        for (int row = 0; row < present; row++)
        {
            float* from = source + ((long)row * strides.Row) + ((long)firstStep * strides.Column);
            float* to = target + row + ((long)firstStep * height);
            for (int step = firstStep; step < steps; step++)
            {
                *to = *from;
                from += strides.Column;
                to += height;
            }
        }
    }
}
