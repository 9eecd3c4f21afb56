namespace Research.Tensors;

/// <summary>The mean of each window of each channel, summed row by row, and its gradient.</summary>
internal static class AveragePool
{
    /// <summary>Writes y [channels, positions] from one image x.</summary>
    public static void Forward(ReadOnlySpan<float> x, in ImageWindow window, Span<float> y)
    {
        float share = 1f / (window.Kernel * window.Kernel);
        int at = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                int corner = ((channel * window.Height) + (oy * window.Stride)) * window.Width;
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    float sum = 0;
                    for (int ky = 0; ky < window.Kernel; ky++)
                    {
                        for (int kx = 0; kx < window.Kernel; kx++)
                        {
                            sum += x[corner + (ky * window.Width) + kx];
                        }
                    }

                    y[at++] = sum * share;
                    corner += window.Stride;
                }
            }
        }
    }

    /// <summary>Writes dx for one image, given dy [channels, positions].</summary>
    public static void Backward(in ImageWindow window, ReadOnlySpan<float> dy, Span<float> dx)
    {
        dx.Clear();
        float share = 1f / (window.Kernel * window.Kernel);
        int at = 0;
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                int corner = ((channel * window.Height) + (oy * window.Stride)) * window.Width;
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    float part = dy[at++] * share;
                    for (int ky = 0; ky < window.Kernel; ky++)
                    {
                        for (int kx = 0; kx < window.Kernel; kx++)
                        {
                            dx[corner + (ky * window.Width) + kx] += part;
                        }
                    }

                    corner += window.Stride;
                }
            }
        }
    }
}
