using Research.Tensors;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>Checks that a sliding window fits the image that arrives.</summary>
internal static class WindowFit
{
    private const int LargestKernel = 1024;

    public static ImageWindow Check(IReadOnlyList<int> input, int kernel, int stride, int padding, string path)
    {
        SpecRange.Check(kernel, 1, LargestKernel, path + ".kernel");
        SpecRange.Check(stride, 1, LargestKernel, path + ".stride");
        SpecRange.Check(padding, 0, kernel - 1, path + ".padding");
        if (input.Count != 3)
        {
            throw new SpecException(path, "an image [channels, height, width]", Shapes.Text(input));
        }

        int side = Math.Min(input[1], input[2]) + (2 * padding);
        if (kernel > side)
        {
            throw new SpecException(
                path + ".kernel", $"at most {side} (the padded image that arrives there)", $"{kernel}");
        }

        return new ImageWindow(input[0], input[1], input[2], kernel, stride, padding);
    }
}
