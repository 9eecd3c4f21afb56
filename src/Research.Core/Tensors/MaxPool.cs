namespace Research.Tensors;

/// <summary>
/// The largest element of each window of each channel, and its gradient, which goes to the first such element.
/// </summary>
/// <remarks>
/// Windows are scanned row by row. A NaN counts as largest, so that a broken example is seen and not hidden.
/// </remarks>
internal static class MaxPool
{
    /// <summary>Writes y [channels, positions] from one image x.</summary>
    public static void Forward(ReadOnlySpan<float> x, in ImageWindow window, Span<float> y)
    {
        int at = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                int corner = ((channel * window.Height) + (oy * window.Stride)) * window.Width;
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    y[at++] = x[Largest(x, window, corner)];
                    corner += window.Stride;
                }
            }
        }
    }

    /// <summary>Writes dx for one image, given x and dy [channels, positions].</summary>
    public static void Backward(ReadOnlySpan<float> x, in ImageWindow window, ReadOnlySpan<float> dy, Span<float> dx)
    {
        dx.Clear();
        int at = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                int corner = ((channel * window.Height) + (oy * window.Stride)) * window.Width;
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    dx[Largest(x, window, corner)] += dy[at++];
                    corner += window.Stride;
                }
            }
        }
    }

    private static int Largest(ReadOnlySpan<float> x, in ImageWindow window, int corner)
    {
        int best = corner;
        for (int ky = 0; ky < window.Kernel; ky++)
        {
            int line = corner + (ky * window.Width);
            for (int i = line; i < line + window.Kernel; i++)
            {
                if (x[i] > x[best] || float.IsNaN(x[i]))
                {
                    best = i;
                }
            }
        }

        return best;
    }
}
