using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class ImageKernelTests
{
    public static TheoryData<int, int, int, int, int, int> Windows => new()
    {
        { 1, 5, 5, 3, 1, 0 }, { 2, 6, 4, 3, 2, 1 }, { 3, 7, 9, 4, 3, 2 }, { 1, 28, 28, 8, 2, 3 },
        { 2, 3, 3, 3, 1, 2 }, { 1, 1, 1, 1, 1, 0 }, { 1, 2, 2, 5, 4, 4 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Gather_AnyWindow_EqualsIndexingThePaddedImage(
        int channels, int height, int width, int kernel, int stride, int padding)
    {
        ImageWindow window = new(channels, height, width, kernel, stride, padding);
        float[] image = Numbers.Uniform(window.ImageLength, 1);
        float[] columns = Numbers.Uniform(window.Taps * window.Positions, 2);

        ImageColumns.Gather(image, window, columns);

        ForEachTap(window, (at, source) => Assert.Equal(source < 0 ? 0 : image[source], columns[at]));
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void AddBack_AnyWindow_IsTheTransposeOfGather(
        int channels, int height, int width, int kernel, int stride, int padding)
    {
        ImageWindow window = new(channels, height, width, kernel, stride, padding);
        float[] columns = Numbers.Uniform(window.Taps * window.Positions, 2);
        float[] image = new float[window.ImageLength];
        double[] expected = new double[window.ImageLength];

        ImageColumns.AddBack(columns, window, image);

        ForEachTap(window, (at, source) => expected[Math.Max(source, 0)] += source < 0 ? 0 : columns[at]);
        Assert.All(image.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void MaxPool_OverlappingWindows_TakesTheFirstLargestAndSendsGradientThere()
    {
        ImageWindow window = new(1, 3, 3, 2, 1, 0);

        (float[] y, float[] dx) = MaxPooled(window, [1, 5, 5, 0, 5, 2, 7, 1, 3], [1, 2, 4, 8]);

        Assert.Equal([5, 5, 7, 5], y);
        Assert.Equal([0, 3, 0, 0, 8, 0, 4, 0, 0], dx); // windows: first 5 at 1 (twice), 7 at 6, 5 at 4
    }

    [Fact]
    public void MaxPool_NaN_CountsAsLargestAndTakesTheGradient()
    {
        (float[] y, float[] dx) = MaxPooled(new ImageWindow(1, 2, 2, 2, 1, 0), [1, float.NaN, 3, 2], [4]);

        Assert.True(float.IsNaN(y[0]));
        Assert.Equal([0, 4, 0, 0], dx);
    }

    [Fact]
    public unsafe void AveragePool_TwoChannels_TakesMeansAndSpreadsGradient()
    {
        ImageWindow window = new(2, 2, 3, 2, 1, 0);
        using PinnedBuffer<float> x = Blocks.Spread([1, 2, 3, 5, 4, 9, 0, 0, 4, 0, 8, 0], lane: 3);
        using PinnedBuffer<float> dy = Blocks.Spread([4, 8, 0, 4], lane: 3);
        using PinnedBuffer<float> y = new(4 * Lanes.Count);
        using PinnedBuffer<float> dx = new(12 * Lanes.Count);

        AveragePool.Forward(x.Pointer, window, y.Pointer);
        AveragePool.Backward(window, dy.Pointer, dx.Pointer);

        Assert.Equal([3, 4.5f, 2, 3], Blocks.Lane(y, 3));
        Assert.Equal([1, 3, 2, 1, 3, 2, 0, 1, 1, 0, 1, 1], Blocks.Lane(dx, 3));
    }

    private static unsafe (float[] Y, float[] Dx) MaxPooled(ImageWindow window, float[] x, float[] dy)
    {
        using PinnedBuffer<float> block = Blocks.Spread(x, lane: 5);
        using PinnedBuffer<float> gradient = Blocks.Spread(dy, lane: 5);
        using PinnedBuffer<float> y = new(window.Channels * window.Positions * Lanes.Count);
        using PinnedBuffer<float> dx = new(x.Length * Lanes.Count);

        MaxPool.Forward(block.Pointer, window, y.Pointer);
        MaxPool.Backward(block.Pointer, window, gradient.Pointer, dx.Pointer);

        return (Blocks.Lane(y, 5), Blocks.Lane(dx, 5));
    }

    private static void ForEachTap(ImageWindow window, Action<int, int> check)
    {
        int at = 0;
        for (int c = 0; c < window.Channels; c++)
        {
            for (int tap = 0; tap < window.Kernel * window.Kernel; tap++)
            {
                for (int position = 0; position < window.Positions; position++)
                {
                    int y = (position / window.OutputWidth * window.Stride) - window.Padding + (tap / window.Kernel);
                    int x = (position % window.OutputWidth * window.Stride) - window.Padding + (tap % window.Kernel);
                    bool inside = y >= 0 && x >= 0 && y < window.Height && x < window.Width;
                    check(at++, inside ? (((c * window.Height) + y) * window.Width) + x : -1);
                }
            }
        }
    }
}
