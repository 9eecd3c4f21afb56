using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>
/// The largest element of each window of each channel in each lane, and its gradient, which goes to the first such.
/// </summary>
/// <remarks>
/// Windows are scanned row by row. A NaN counts as largest, so that a broken example is seen and not hidden.
/// </remarks>
internal static unsafe class MaxPool
{
    /// <summary>Writes y [channels, positions, 16] from an image block x.</summary>
    public static void Forward(float* x, in ImageWindow window, float* y)
    {
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                float* corner = x + (((long)(channel * window.Height) + (oy * window.Stride)) * window.Width * Lanes.Count);
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    Largest(corner, window).Store(y);
                    corner += window.Stride * Lanes.Count;
                    y += Lanes.Count;
                }
            }
        }
    }

    /// <summary>Writes dx for an image block, given x and dy [channels, positions, 16].</summary>
    public static void Backward(float* x, in ImageWindow window, float* dy, float* dx)
    {
        new Span<float>(dx, window.ImageLength * Lanes.Count).Clear();
        for (int channel = 0; channel < window.Channels; channel++)
        {
            for (int oy = 0; oy < window.OutputHeight; oy++)
            {
                long at = ((long)(channel * window.Height) + (oy * window.Stride)) * window.Width * Lanes.Count;
                for (int ox = 0; ox < window.OutputWidth; ox++)
                {
                    Spread(x + at, window, Vector512.Load(dy), dx + at);
                    at += window.Stride * Lanes.Count;
                    dy += Lanes.Count;
                }
            }
        }
    }

    private static Vector512<float> Largest(float* corner, in ImageWindow window)
    {
        Vector512<float> best = Vector512.Load(corner);
        for (int ky = 0; ky < window.Kernel; ky++)
        {
            float* line = corner + ((long)ky * window.Width * Lanes.Count);
            for (int kx = 0; kx < window.Kernel; kx++)
            {
                Vector512<float> value = Vector512.Load(line + (kx * Lanes.Count));
                best = Vector512.ConditionalSelect(IsLarger(value, best), value, best);
            }
        }

        return best;
    }

    // Each lane's gradient goes where its largest element stands first.
    private static void Spread(float* corner, in ImageWindow window, Vector512<float> dy, float* dx)
    {
        Vector512<float> best = Largest(corner, window);
        Vector512<float> isOpen = Vector512<int>.AllBitsSet.AsSingle();
        for (int ky = 0; ky < window.Kernel; ky++)
        {
            long line = (long)ky * window.Width * Lanes.Count;
            for (long at = line; at < line + (window.Kernel * Lanes.Count); at += Lanes.Count)
            {
                Vector512<float> value = Vector512.Load(corner + at);
                Vector512<float> takes = isOpen & (Vector512.Equals(value, best) | ~Vector512.Equals(value, value));
                (Vector512.Load(dx + at) + (dy & takes)).Store(dx + at);
                isOpen = Vector512.AndNot(isOpen, takes);
            }
        }
    }

    // True where value > best, or where value is NaN: the first NaN stays.
    private static Vector512<float> IsLarger(Vector512<float> value, Vector512<float> best) =>
        ~Vector512.LessThanOrEqual(value, best) & Vector512.Equals(best, best);
}
