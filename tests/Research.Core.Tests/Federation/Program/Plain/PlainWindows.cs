using Research.Training.Layers;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>Which elements of an image a window sees.</summary>
internal static class PlainWindows
{
    public static (int Height, int Width) Places(IReadOnlyList<int> image, int kernel, int stride, int padding) =>
        (((image[1] + (2 * padding) - kernel) / stride) + 1, ((image[2] + (2 * padding) - kernel) / stride) + 1);

    /// <summary>Gets the elements of the windows of all channels, [W, j].</summary>
    public static (long[] Elements, int Taps, IReadOnlyList<int> Shape) Of(IReadOnlyList<int> image, int kernel, int stride)
    {
        (int height, int width) = Places(image, kernel, stride, 0);
        List<long> elements = [];
        for (int channel = 0; channel < image[0]; channel++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    for (int row = 0; row < kernel; row++)
                    {
                        for (int column = 0; column < kernel; column++)
                        {
                            elements.Add(
                                (((channel * image[1]) + (y * stride) + row) * image[2]) + (x * stride) + column);
                        }
                    }
                }
            }
        }

        return ([.. elements], kernel * kernel, [image[0], height, width]);
    }

    /// <summary>Gets the elements of each channel, [channels, j].</summary>
    public static (long[] Elements, int Taps, IReadOnlyList<int> Shape) All(IReadOnlyList<int> image)
    {
        int taps = image[1] * image[2];
        return ([.. Enumerable.Range(0, image[0] * taps).Select(i => (long)i)], taps, [image[0]]);
    }

    /// <summary>Gets the element that each tap of each group of a convolution sees at each place, [G, L, A].</summary>
    public static long[] Seen(IReadOnlyList<int> image, Conv2d layer)
    {
        (int height, int width) = Places(image, layer.Kernel, layer.Stride, layer.Padding);
        int channels = layer.InputChannels / layer.Groups;
        List<long> elements = [];
        for (int g = 0; g < layer.Groups; g++)
        {
            for (int place = 0; place < height * width; place++)
            {
                for (int tap = 0; tap < channels * layer.Kernel * layer.Kernel; tap++)
                {
                    int channel = (g * channels) + (tap / (layer.Kernel * layer.Kernel));
                    int y = (place / width * layer.Stride) + (tap / layer.Kernel % layer.Kernel) - layer.Padding;
                    int x = (place % width * layer.Stride) + (tap % layer.Kernel) - layer.Padding;
                    bool inside = y >= 0 && y < image[1] && x >= 0 && x < image[2];
                    elements.Add(inside ? (((channel * image[1]) + y) * image[2]) + x : -1);
                }
            }
        }

        return [.. elements];
    }
}
