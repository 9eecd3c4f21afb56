using Research.Tensors;

namespace Research.Tests.Tensors;

/// <summary>Pools equal scalar loops over one example, bit for bit, in every lane.</summary>
public sealed unsafe class PoolTests
{
    public static TheoryData<int, int, int, int, int> Windows => new()
    {
        { 1, 1, 1, 1, 1 }, { 2, 6, 5, 2, 2 }, { 3, 7, 9, 3, 2 }, { 1, 5, 5, 3, 1 }, { 2, 8, 4, 4, 3 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void MaxPool_AnyWindow_EqualsAScalarLoop(int channels, int height, int width, int kernel, int stride)
    {
        ImageWindow window = new(channels, height, width, kernel, stride, 0);
        using PinnedBuffer<float> x = Blocks.Uniform(window.ImageLength, 1);
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = i % 29 == 0 ? float.NaN : MathF.Round(x.Span[i] * 4) / 4; // ties and NaN
        }

        int outputs = channels * window.Positions;
        using PinnedBuffer<float> dy = Blocks.Uniform(outputs, 2);
        using PinnedBuffer<float> y = new(outputs * 16);
        using PinnedBuffer<float> dx = Blocks.Uniform(window.ImageLength, 3);
        MaxPool.Forward(x.Pointer, window, y.Pointer);
        MaxPool.Backward(x.Pointer, window, dy.Pointer, dx.Pointer);

        for (int lane = 0; lane < 16; lane++)
        {
            float[] image = Blocks.Lane(x, lane);
            float[] gradient = Blocks.Lane(dy, lane);
            float[] expected = new float[image.Length];
            float[] largest = new float[outputs];
            for (int output = 0; output < outputs; output++)
            {
                int best = -1;
                foreach (int at in Elements(window, output))
                {
                    bool isFirst = best < 0;
                    bool isNew = !isFirst && !float.IsNaN(image[best])
                        && (float.IsNaN(image[at]) || image[at] > image[best]);
                    best = isFirst || isNew ? at : best;
                }

                largest[output] = image[best];
                expected[best] += gradient[output];
            }

            Assert.Equal(largest, Blocks.Lane(y, lane)); // NaN equals NaN here
            Assert.Equal(expected, Blocks.Lane(dx, lane));
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void AveragePool_AnyWindow_EqualsAScalarLoop(int channels, int height, int width, int kernel, int stride)
    {
        ImageWindow window = new(channels, height, width, kernel, stride, 0);
        using PinnedBuffer<float> x = Blocks.Uniform(window.ImageLength, 1);
        int outputs = channels * window.Positions;
        using PinnedBuffer<float> dy = Blocks.Uniform(outputs, 2);
        using PinnedBuffer<float> y = new(outputs * 16);
        using PinnedBuffer<float> dx = Blocks.Uniform(window.ImageLength, 3);
        AveragePool.Forward(x.Pointer, window, y.Pointer);
        AveragePool.Backward(window, dy.Pointer, dx.Pointer);

        float share = 1f / (kernel * kernel);
        for (int lane = 0; lane < 16; lane++)
        {
            float[] image = Blocks.Lane(x, lane);
            float[] gradient = Blocks.Lane(dy, lane);
            float[] expected = new float[image.Length];
            float[] means = new float[outputs];
            for (int output = 0; output < outputs; output++)
            {
                float sum = 0;
                foreach (int at in Elements(window, output))
                {
                    sum += image[at];
                    expected[at] += gradient[output] * share;
                }

                means[output] = sum * share;
            }

            Numbers.AssertSameBits(means, Blocks.Lane(y, lane));
            Numbers.AssertSameBits(expected, Blocks.Lane(dx, lane));
        }
    }

    private static IEnumerable<int> Elements(ImageWindow window, int output)
    {
        int channel = output / window.Positions;
        int top = output % window.Positions / window.OutputWidth * window.Stride;
        int left = output % window.OutputWidth * window.Stride;
        for (int tap = 0; tap < window.Kernel * window.Kernel; tap++)
        {
            int y = (channel * window.Height) + top + (tap / window.Kernel);
            yield return (y * window.Width) + left + (tap % window.Kernel);
        }
    }
}
