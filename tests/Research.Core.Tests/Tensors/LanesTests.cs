using Research.Tensors;

namespace Research.Tests.Tensors;

/// <summary>Each kernel over blocks of 16 examples equals a plain loop, bit for bit.</summary>
public sealed unsafe class LanesTests
{
    public static TheoryData<int> Sizes => [1, 2, 15, 16, 17, 31, 32, 33, 100];

    [Theory]
    [InlineData(16)]
    [InlineData(37)]
    public void Tile_AnyStep_Transposes(int step)
    {
        float[][] values = [.. Enumerable.Range(0, 16).Select(i => Numbers.Uniform(16, i))];
        using PinnedBuffer<float> source = Blocks.Of([.. values.SelectMany(row => row)]);
        using PinnedBuffer<float> target = new((15 * step) + 16);
        float** rows = stackalloc float*[16];
        for (int i = 0; i < 16; i++)
        {
            rows[i] = source.Pointer + (i * 16);
        }

        Transpose.Tile(rows, target.Pointer, step);

        for (int j = 0; j < 16; j++)
        {
            Numbers.AssertSameBits(
                [.. values.Select(row => row[j])], target.Span.Slice(j * step, 16));
        }
    }

    [Fact]
    public void Tile_NarrowSteps_OverwriteWhatTheRowBeforeSpilt()
    {
        using PinnedBuffer<float> source = Blocks.Uniform(16, 1);
        using PinnedBuffer<float> target = new((15 * 12) + 16);
        float** rows = stackalloc float*[16];
        for (int i = 0; i < 16; i++)
        {
            rows[i] = source.Pointer + (i * 16);
        }

        Transpose.Tile(rows, target.Pointer, 12);

        for (int at = 0; at < 16 * 12; at++)
        {
            Assert.Equal(source.Span[(at % 12 * 16) + (at / 12)], target.Span[at]);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void GatherThenScatter_AnySizeAndLanes_MovesEveryNumber(int size)
    {
        float** rows = stackalloc float*[16];
        foreach (int present in (int[])[1, 7, 15, 16])
        {
            float[] values = Numbers.Uniform(present * size, size);
            float[] factors = Numbers.Uniform(16, 5);
            factors[0] = 0;
            using PinnedBuffer<float> source = Blocks.Of(values);
            using PinnedBuffer<float> weights = Blocks.Of(factors);
            using PinnedBuffer<float> block = Blocks.Uniform(size, 9);
            using PinnedBuffer<float> back = Blocks.Uniform(size, 10);
            for (int lane = 0; lane < present; lane++)
            {
                rows[lane] = source.Pointer + (lane * size);
            }

            Lanes.Gather(rows, present, size, block.Pointer);
            for (int at = 0; at < size * 16; at++)
            {
                float expected = at % 16 < present ? values[((at % 16) * size) + (at / 16)] : 0;
                Assert.Equal(expected, block.Span[at]);
            }

            block.Span[0] = float.NaN; // lane 0, whose factor is 0
            float[] untouched = back.Span.ToArray();
            Lanes.Scatter(block.Pointer, size, weights.Pointer, present, back.Pointer);
            for (int at = 0; at < back.Length; at++)
            {
                int lane = at / size;
                float expected = lane >= present ? untouched[at] : lane == 0 ? 0 : values[at] * factors[lane];
                Assert.Equal(expected, back.Span[at]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddScaled_DroppedLanes_AddNothing(int count)
    {
        foreach (bool drops in (bool[])[false, true])
        {
            float[] factors = Numbers.Uniform(16, 3);
            using PinnedBuffer<float> values = Blocks.Uniform(count, 1);
            if (drops)
            {
                factors[4] = 0;
                factors[9] = 0;
                values.Span[4] = float.NaN;
                values.Span[9] = float.PositiveInfinity;
            }

            using PinnedBuffer<float> weights = Blocks.Of(factors);
            using PinnedBuffer<float> sums = Blocks.Uniform(count, 2);
            float[] expected = sums.Span.ToArray();
            for (int i = 0; i < expected.Length; i++)
            {
                float factor = factors[i % 16];
                expected[i] = factor == 0 ? expected[i] : MathF.FusedMultiplyAdd(values.Span[i], factor, expected[i]);
            }

            Lanes.AddScaled(values.Pointer, weights.Pointer, sums.Pointer, count);

            Numbers.AssertSameBits(expected, sums.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddSquaresAndAddDots_AnyCount_EqualChainsInDouble(int count)
    {
        using PinnedBuffer<float> a = Blocks.Uniform(count, 1);
        using PinnedBuffer<float> b = Blocks.Uniform(count, 2);
        double* squares = stackalloc double[16];
        double* dots = stackalloc double[16];
        double[] expectedSquares = new double[16];
        double[] expectedDots = new double[16];
        for (int lane = 0; lane < 16; lane++)
        {
            squares[lane] = expectedSquares[lane] = lane / 3.0;
            dots[lane] = expectedDots[lane] = lane / -7.0;
        }

        for (int i = 0; i < count * 16; i++)
        {
            double x = a.Span[i];
            expectedSquares[i % 16] = Math.FusedMultiplyAdd(x, x, expectedSquares[i % 16]);
            expectedDots[i % 16] = Math.FusedMultiplyAdd(x, b.Span[i], expectedDots[i % 16]);
        }

        Lanes.AddSquares(a.Pointer, count, squares);
        Lanes.AddDots(a.Pointer, b.Pointer, count, dots);

        Assert.Equal(expectedSquares, new Span<double>(squares, 16).ToArray());
        Assert.Equal(expectedDots, new Span<double>(dots, 16).ToArray());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Reduce_AnyCount_AddsHalvesInOrder(int count)
    {
        using PinnedBuffer<float> values = Blocks.Uniform(count, 1);
        float[] expected = new float[count];
        for (int i = 0; i < count; i++)
        {
            float[] lanes = values.Span.Slice(i * 16, 16).ToArray();
            foreach (int half in (int[])[8, 4, 2, 1])
            {
                for (int lane = 0; lane < half; lane++)
                {
                    lanes[lane] += lanes[lane + half];
                }
            }

            expected[i] = lanes[0];
        }

        using PinnedBuffer<float> sums = new(count);
        Lanes.Reduce(values.Pointer, count, sums.Pointer);

        Numbers.AssertSameBits(expected, sums.Span);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddAndSpread_AnyCount_EqualLoops(int count)
    {
        using PinnedBuffer<float> values = Blocks.Uniform(count, 1);
        using PinnedBuffer<float> sums = Blocks.Uniform(count, 2);
        using PinnedBuffer<float> numbers = Blocks.Of(Numbers.Uniform(count, 3));
        float[] expected = [.. sums.Span.ToArray().Zip(values.Span.ToArray(), (sum, value) => sum + value)];

        Lanes.Add(values.Pointer, sums.Pointer, count);
        Lanes.Spread(numbers.Pointer, count, values.Pointer);

        Numbers.AssertSameBits(expected, sums.Span);
        Numbers.AssertSameBits([.. Enumerable.Range(0, count * 16).Select(i => numbers.Span[i / 16])], values.Span);
    }
}
