using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>The mean of each window of each channel in each lane, summed row by row, and its gradient.</summary>
internal static unsafe class AveragePool
{
    /// <summary>Writes y [channels, positions, 16] from an image block x.</summary>
    public static void Forward(float* x, in ImageWindow window, float* y)
    {
        Vector512<float> share = Share(window);
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                float* corner = x + (((long)(channel * window.Height) + (oy * window.Stride)) * window.Width * Lanes.Count);
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    (Sum(corner, window) * share).Store(y);
                    corner += window.Stride * Lanes.Count;
                    y += Lanes.Count;
                }
            }
        }
    }

    /// <summary>Writes dx for an image block, given dy [channels, positions, 16].</summary>
    public static void Backward(in ImageWindow window, float* dy, float* dx)
    {
        Vector512<float> share = Share(window);
        new Span<float>(dx, window.ImageLength * Lanes.Count).Clear();
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                float* corner = dx + (((long)(channel * window.Height) + (oy * window.Stride)) * window.Width * Lanes.Count);
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    AddAll(Vector512.Load(dy) * share, window, corner);
                    corner += window.Stride * Lanes.Count;
                    dy += Lanes.Count;
                }
            }
        }
    }

    private static Vector512<float> Share(in ImageWindow window) =>
        Vector512.Create(1f / (window.Kernel * window.Kernel));

    private static Vector512<float> Sum(float* corner, in ImageWindow window)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int ky = 0; ky < window.Kernel; ky++)
        {
            float* line = corner + ((long)ky * window.Width * Lanes.Count);
            for (int kx = 0; kx < window.Kernel; kx++)
            {
                sum += Vector512.Load(line + (kx * Lanes.Count));
            }
        }

        return sum;
    }

    private static void AddAll(Vector512<float> part, in ImageWindow window, float* corner)
    {
        for (int ky = 0; ky < window.Kernel; ky++)
        {
            float* line = corner + ((long)ky * window.Width * Lanes.Count);
            for (int kx = 0; kx < window.Kernel; kx++)
            {
                (Vector512.Load(line + (kx * Lanes.Count)) + part).Store(line + (kx * Lanes.Count));
            }
        }
    }
}
