namespace Research.Tensors;

/// <summary>
/// Lays the windows of an image out as columns, so that a convolution becomes a matrix product, and back.
/// </summary>
/// <remarks>
/// columns [taps, positions]: row (c·k + ky)·k + kx holds, for each output position, the element under that tap, 0 in
/// the padding.
/// </remarks>
internal static class ImageColumns
{
    /// <summary>Copies the image into columns.</summary>
    public static void Gather(ReadOnlySpan<float> image, in ImageWindow window, Span<float> columns)
    {
        int at = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            ReadOnlySpan<float> plane = image.Slice(
                channel * window.Height * window.Width, window.Height * window.Width);
            for (int tap = 0; tap < window.Kernel * window.Kernel; tap++)
            {
                GatherTap(plane, window, tap / window.Kernel, tap % window.Kernel, columns.Slice(at, window.Positions));
                at += window.Positions;
            }
        }
    }

    /// <summary>Adds columns back to the image elements they came from, tap by tap in order.</summary>
    public static void AddBack(ReadOnlySpan<float> columns, in ImageWindow window, Span<float> image)
    {
        int at = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            Span<float> plane = image.Slice(channel * window.Height * window.Width, window.Height * window.Width);
            for (int tap = 0; tap < window.Kernel * window.Kernel; tap++)
            {
                AddTap(columns.Slice(at, window.Positions), window, tap / window.Kernel, tap % window.Kernel, plane);
                at += window.Positions;
            }
        }
    }

    private static void GatherTap(ReadOnlySpan<float> plane, in ImageWindow window, int ky, int kx, Span<float> row)
    {
        (int first, int end) = Inside(window.Width, window.OutputWidth, window.Stride, window.Padding, kx);
        for (int oy = 0; oy < window.OutputHeight; oy++)
        {
            Span<float> line = row.Slice(oy * window.OutputWidth, window.OutputWidth);
            int y = (oy * window.Stride) - window.Padding + ky;
            if (y < 0 || y >= window.Height || first >= end)
            {
                line.Clear();
                continue;
            }

            line[..first].Clear();
            line[end..].Clear();
            int x = (y * window.Width) + (first * window.Stride) - window.Padding + kx;
            for (int ox = first; ox < end; ox++)
            {
                line[ox] = plane[x];
                x += window.Stride;
            }
        }
    }

    private static void AddTap(ReadOnlySpan<float> row, in ImageWindow window, int ky, int kx, Span<float> plane)
    {
        (int first, int end) = Inside(window.Width, window.OutputWidth, window.Stride, window.Padding, kx);
        for (int oy = 0; oy < window.OutputHeight; oy++)
        {
            int y = (oy * window.Stride) - window.Padding + ky;
            if (y < 0 || y >= window.Height)
            {
                continue;
            }

            int x = (y * window.Width) + (first * window.Stride) - window.Padding + kx;
            for (int ox = first; ox < end; ox++)
            {
                plane[x] += row[(oy * window.OutputWidth) + ox];
                x += window.Stride;
            }
        }
    }

    // The outputs whose tap lies inside the image rather than in the padding: 0 <= o·stride − padding + tap < size.
    private static (int First, int End) Inside(int size, int outputs, int stride, int padding, int tap)
    {
        int first = Math.Max(0, (padding - tap + stride - 1) / stride);
        int last = size - 1 + padding - tap;
        int end = last < 0 ? 0 : Math.Min(outputs, (last / stride) + 1);
        return (Math.Min(first, end), end);
    }
}
