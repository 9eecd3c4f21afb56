using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Mean and maximum of each channel of blocks of 16 images, and their gradients.</summary>
/// <remarks>Channels are [count, 16], one after the other.</remarks>
internal static unsafe class GlobalPool
{
    /// <summary>Writes the mean of each channel.</summary>
    public static void Average(float* x, long channels, int count, float* y)
    {
        Vector512<float> share = Vector512.Create(1f / count);
        for (long channel = 0; channel < channels; channel++)
        {
            (LaneMoments.Sum(x + (channel * count * Lanes.Count), count) * share).Store(y + (channel * Lanes.Count));
        }
    }

    /// <summary>Spreads the gradient of each mean over its channel.</summary>
    public static void AverageBackward(float* dy, long channels, int count, float* dx)
    {
        Vector512<float> share = Vector512.Create(1f / count);
        for (long channel = 0; channel < channels; channel++)
        {
            Vector512<float> part = Vector512.Load(dy + (channel * Lanes.Count)) * share;
            for (int i = 0; i < count; i++)
            {
                part.Store(dx + (((channel * count) + i) * Lanes.Count));
            }
        }
    }

    /// <summary>Writes the largest element of each channel. A NaN counts as largest, as in <see
    /// cref="MaxPool"/>.</summary>
    public static void Largest(float* x, long channels, int count, float* y)
    {
        for (long channel = 0; channel < channels; channel++)
        {
            Largest(x + (channel * count * Lanes.Count), count).Store(y + (channel * Lanes.Count));
        }
    }

    /// <summary>Gives each channel's gradient to its first largest element, and 0 to the others.</summary>
    public static void LargestBackward(float* x, long channels, int count, float* dy, float* dx)
    {
        for (long channel = 0; channel < channels; channel++)
        {
            Vector512<float> best = Largest(x + (channel * count * Lanes.Count), count);
            Vector512<float> gradient = Vector512.Load(dy + (channel * Lanes.Count));
            Vector512<float> isOpen = Vector512<int>.AllBitsSet.AsSingle();
            for (long at = channel * count * Lanes.Count; at < (channel + 1) * count * Lanes.Count; at += Lanes.Count)
            {
                Vector512<float> value = Vector512.Load(x + at);
                Vector512<float> takes = isOpen & (Vector512.Equals(value, best) | ~Vector512.Equals(value, value));
                (gradient & takes).Store(dx + at);
                isOpen = Vector512.AndNot(isOpen, takes);
            }
        }
    }

    private static Vector512<float> Largest(float* x, int count)
    {
        Vector512<float> best = Vector512.Load(x);
        for (int i = 1; i < count; i++)
        {
            Vector512<float> value = Vector512.Load(x + ((long)i * Lanes.Count));
            Vector512<float> isLarger = ~Vector512.LessThanOrEqual(value, best) & Vector512.Equals(best, best);
            best = Vector512.ConditionalSelect(isLarger, value, best);
        }

        return best;
    }
}
