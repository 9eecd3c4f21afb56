namespace Research.Tensors;

/// <summary>Copies a strided matrix into panels that a register block reads front to back.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Packs [rows, steps] into panels of <paramref name="height"/> rows, each [steps, height]; missing rows become
    /// zero.
    /// </summary>
    public static void Pack(float* source, Strides strides, float* target, int rows, int steps, int height)
    {
        for (int row = 0; row < rows; row += height)
        {
            int present = Math.Min(height, rows - row);
            float* panel = source + ((long)row * strides.Row);
            if (present < height)
            {
                new Span<float>(target, steps * height).Clear();
            }

            if (strides.Row == 1)
            {
                Contiguous(panel, strides.Column, target, present, steps, height);
            }
            else
            {
                Strided(panel, strides, target, present, steps, height);
            }

            target += (long)steps * height;
        }
    }

    private static void Contiguous(float* source, int stepStride, float* target, int present, int steps, int height)
    {
        for (int step = 0; step < steps; step++)
        {
            new ReadOnlySpan<float>(source + ((long)step * stepStride), present)
                .CopyTo(new Span<float>(target, present));
            target += height;
        }
    }

    private static void Strided(float* source, Strides strides, float* target, int present, int steps, int height)
    {
        for (int row = 0; row < present; row++)
        {
            float* from = source + ((long)row * strides.Row);
            float* to = target + row;
            for (int step = 0; step < steps; step++)
            {
                *to = *from;
                from += strides.Column;
                to += height;
            }
        }
    }
}
