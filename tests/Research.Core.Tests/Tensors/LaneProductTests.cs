using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed unsafe class LaneProductTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 5, 1 }, { 12, 16, 2 }, { 13, 7, 3 }, { 10, 128, 5 }, { 25, 300, 4 }, { 11, 257, 7 },
        { 24, 256, 1 }, { 37, 513, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Add_AnySizeAndBlocks_EqualsAChainForEachOutput(int rows, int depth, int blocks)
    {
        using PinnedBuffer<float> matrix = Blocks.Of(Numbers.Uniform(rows * depth, 1));
        using PinnedBuffer<float> x = Blocks.Uniform((long)blocks * depth, 2);
        using PinnedBuffer<float> start = Blocks.Uniform((long)blocks * rows, 3);
        float[] expected = Plain(matrix.Span, rows, depth, x.Span, start.Span, blocks);
        foreach (int threads in (int[])[1, 3])
        {
            using PinnedBuffer<float> packed = new(LaneProduct.PackedLength(rows, depth));
            using PinnedBuffer<float> y = Blocks.Of(start.Span);
            for (int part = 0; part < threads; part++)
            {
                LaneProduct.Pack(
                    matrix.Pointer, Strides.RowMajor(depth), packed.Pointer, rows, depth, part, threads);
            }

            LaneProduct.Add(packed.Pointer, rows, depth, x.Pointer, y.Pointer, blocks);
            Numbers.AssertSameBits(expected, y.Span);
        }

        using PinnedBuffer<float> medium = Blocks.Of(start.Span);
        using PinnedBuffer<float> narrow = Blocks.Of(start.Span);
        LaneProduct.AddColumns<Medium>(matrix.Pointer, rows, depth, x.Pointer, medium.Pointer, blocks);
        LaneProduct.AddColumns<Narrow>(matrix.Pointer, rows, depth, x.Pointer, narrow.Pointer, blocks);
        Numbers.AssertSameBits(expected, medium.Span);
        Numbers.AssertSameBits(expected, narrow.Span);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pack_Transposed_EqualsPackingTheTranspose(int rows, int depth, int parts)
    {
        using PinnedBuffer<float> transposed = Blocks.Of(Numbers.Uniform(rows * depth, 1)); // [depth, rows]
        using PinnedBuffer<float> x = Blocks.Uniform(depth, 2);
        float[] matrix = new float[rows * depth];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = transposed.Span[((i % depth) * rows) + (i / depth)];
        }

        using PinnedBuffer<float> packed = new(LaneProduct.PackedLength(rows, depth));
        using PinnedBuffer<float> y = new((long)rows * 16);
        for (int part = 0; part < parts; part++)
        {
            LaneProduct.Pack(
                transposed.Pointer, Strides.TransposeOf(rows), packed.Pointer, rows, depth, part, parts);
        }

        LaneProduct.Add(packed.Pointer, rows, depth, x.Pointer, y.Pointer, 1);

        Numbers.AssertSameBits(Plain(matrix, rows, depth, x.Span, new float[rows * 16], 1), y.Span);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(8)]
    [InlineData(6)]
    public void Packing_AnyStrides_PutsEveryNumberInItsPanel(int height)
    {
        foreach ((int rows, int steps) in ((int, int)[])[
            (1, 1), (height, 16), (height + 1, 17), ((2 * height) - 1, 33), (3 * height, 5)])
        {
            foreach (Strides strides in (Strides[])[
                Strides.RowMajor(steps), Strides.TransposeOf(rows), new Strides(3 * steps, 3)])
            {
                int length = strides.At(rows - 1, steps - 1) + 1;
                using PinnedBuffer<float> source = Blocks.Of(Numbers.Uniform(length + 64, rows));
                int panels = (rows + height - 1) / height;
                using PinnedBuffer<float> target = Blocks.Of(Numbers.Uniform((panels * height * steps) + Packing.Slack, 7));

                Packing.Pack(source.Pointer, strides, target.Pointer, rows, steps, height);

                for (int at = 0; at < panels * height * steps; at++)
                {
                    int row = (at / (height * steps) * height) + (at % height);
                    int step = at / height % steps;
                    Assert.Equal(row < rows ? source.Span[strides.At(row, step)] : 0, target.Span[at]);
                }
            }
        }
    }

    private static float[] Plain(
        ReadOnlySpan<float> matrix, int rows, int depth, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int blocks)
    {
        float[] result = y.ToArray();
        for (int at = 0; at < result.Length; at++)
        {
            (int block, int row, int lane) = (at / (rows * 16), at / 16 % rows, at % 16);
            for (int k = 0; k < depth; k++)
            {
                float value = x[(((block * depth) + k) * 16) + lane];
                result[at] = MathF.FusedMultiplyAdd(matrix[(row * depth) + k], value, result[at]);
            }
        }

        return result;
    }
}
