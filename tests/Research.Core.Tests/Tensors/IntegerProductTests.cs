using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed unsafe class IntegerProductTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 5, 16 }, { 12, 32, 32 }, { 13, 33, 48 }, { 24, 64, 128 }, { 40, 100, 512 }, { 7, 17, 500 },
    };

    // Values up to 2047 in size: 512 products stay below 2³¹.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Add_AnySizeAndParts_IsTheSumOfOuterProducts(int rows, int columns, int examples)
    {
        Case one = new(rows, columns, examples);
        long[] expected = new long[rows * columns];
        long[] weighed = new long[rows];
        for (int e = 0; e < examples; e++)
        {
            for (int r = 0; r < rows; r++)
            {
                weighed[r] += (long)one.Left[(e * rows) + r] * one.Weights[e];
                for (int c = 0; c < columns; c++)
                {
                    expected[(r * columns) + c] += (long)one.Left[(e * rows) + r] * one.Right[(e * columns) + c];
                }
            }
        }

        foreach (int parts in (int[])[1, 2, 7])
        {
            long[] sums = new long[expected.Length];
            using PinnedBuffer<int> left = one.Pack(IntegerProduct.Left, one.Left, rows);
            using PinnedBuffer<int> right = one.Pack(IntegerProduct.Right, one.Right, columns);
            for (int part = 0; part < parts; part++)
            {
                IntegerProduct.Add(
                    left.Pointer, rows, right.Pointer, columns, one.Pairs, one.Pairs, sums, part, parts);
            }

            Assert.Equal(expected, sums);

            long[] weighedSums = new long[rows];
            using PinnedBuffer<int> weights = new(one.Pairs);
            for (int e = 0; e < examples; e++)
            {
                weights.Pointer[e / 2] |= e % 2 == 0 ? one.Weights[e] & 0xFFFF : one.Weights[e] << 16;
            }

            IntegerProduct.AddWeighed(left.Pointer, weights.Pointer, one.Pairs, one.Pairs, weighedSums);
            Assert.Equal(weighed, weighedSums);
        }
    }

    [Theory]
    [InlineData(32767, 128)]
    [InlineData(-32768, -127)]
    [InlineData(2047, 2047)]
    public void Tiles_OfExtremes_AgreeWithEachOther(int left, int right)
    {
        const int Pairs = 8;
        using PinnedBuffer<int> a = new(Pairs * 16);
        using PinnedBuffer<int> b = new(Pairs * 32);
        a.Span.Fill((left & 0xFFFF) | (left << 16));
        b.Span.Fill((right & 0xFFFF) | (-right << 16));
        b.Span[3] = (right & 0xFFFF) | (right << 16);
        using PinnedBuffer<int> wide = new(16 * 32);
        using PinnedBuffer<int> narrow = new(16 * 32);

        IntegerTile.Multiply512(a.Pointer, b.Pointer, Pairs, wide.Pointer);
        for (int row = 0; row < 12; row += IntegerTile.NarrowRows)
        {
            for (int column = 0; column < 32; column += IntegerTile.NarrowColumns)
            {
                IntegerTile.Multiply256(
                    a.Pointer + row, b.Pointer + column, Pairs, narrow.Pointer + (row * 32) + column);
            }
        }

        Assert.Equal(wide.Span[..(12 * 32)].ToArray(), narrow.Span[..(12 * 32)].ToArray());
        Assert.Equal(2 * left * right, wide.Span[3]);
        Assert.Equal(0, wide.Span[4]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 37)]
    [InlineData(2, 16)]
    [InlineData(3, 50)]
    [InlineData(8, 33)]
    public void Round_AnyBlocks_PacksWholeNumbersOfEachExample(int groups, int size)
    {
        int examples = groups * Lanes.Count;
        using PinnedBuffer<float> values = Blocks.Uniform(groups * size, 3);
        values.Span[5] = float.NaN; // group 0, element 0, lane 5
        using PinnedBuffer<float> factors = new(examples);
        using PinnedBuffer<float> offsets = new(examples);
        for (int e = 0; e < examples; e++)
        {
            factors.Pointer[e] = e == 5 ? 0 : 1000 + e;
            offsets.Pointer[e] = e % 2 == 0 ? 0 : FactorRows.Half;
        }

        foreach (PanelShape shape in (PanelShape[])[IntegerProduct.Left, IntegerProduct.Right])
        {
            int pairs = (groups + 1) / 2 * Lanes.Count; // room for a whole tile
            using PinnedBuffer<int> panels = new(IntegerProduct.Length(shape, size, 2 * pairs));
            panels.Span.Fill(77);
            FactorRows.Round(
                values.Pointer, size, groups, factors.Pointer, offsets.Pointer, panels.Pointer, shape, pairs * shape.Step);
            for (int e = 0; e < examples; e++)
            {
                for (int i = 0; i < size; i++)
                {
                    int at = (i / shape.Elements * pairs * shape.Step) + (e / 2 * shape.Step) + (i % shape.Elements);
                    int actual = (short)(panels.Span[at] >> (16 * (e % 2)));
                    float value = values.Span[(((e / 16 * size) + i) * 16) + (e % 16)] * factors.Pointer[e];
                    int expected = e == 5 ? 0
                        : (int)MathF.Truncate(value + MathF.CopySign(offsets.Pointer[e], value));
                    Assert.Equal(expected, actual);
                }
            }

            if (groups % 2 == 1) // The rows after the last block belong to others.
            {
                Assert.Equal(77, panels.Span[groups * FactorRows.BlockPairs * shape.Step]);
            }
        }
    }

    [Fact]
    public void AddTruncated_AnyFactors_RoundsTowardZeroAndDropsWhatHasNone()
    {
        using PinnedBuffer<float> values = Blocks.Of([1.9f, -1.9f, float.NaN, 3, .. new float[12], .. Enumerable.Repeat(2.5f, 16)]);
        using PinnedBuffer<float> factors = Blocks.Of([1, 1, 0, 2, .. Enumerable.Repeat(1f, 12)]);
        using PinnedBuffer<int> sums = new(32);
        sums.Span.Fill(10);

        IntegerLanes.AddTruncated(values.Pointer, factors.Pointer, sums.Pointer, 2);

        Assert.Equal([11, 9, 10, 16, 10], sums.Span[..5].ToArray());
        Assert.Equal([12, 12, 10, 15, 12], sums.Span[16..21].ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(53)]
    public void AddReduced_AnyCount_AddsTheLanes(int count)
    {
        using PinnedBuffer<int> values = new(count * 16);
        for (int i = 0; i < values.Length; i++)
        {
            values.Pointer[i] = (i * 7919 % 1000) << 21; // Sixteen of them do not fit 32 bits.
        }

        long[] expected = [.. Enumerable.Range(0, count).Select(i =>
            5 + Enumerable.Range(0, 16).Sum(lane => (long)values.Span[(i * 16) + lane]))];
        long[] sums = [.. Enumerable.Repeat(5L, count)];
        fixed (long* target = sums)
        {
            IntegerLanes.AddReduced(values.Pointer, count, target);
        }

        Assert.Equal(expected, sums);

        long[] moved = [.. Enumerable.Repeat(1L, count)];
        IntegerLanes.Move(sums, moved);
        Assert.Equal([.. expected.Select(sum => sum + 1)], moved);
        Assert.All(sums, sum => Assert.Equal(0, sum));
    }

    private sealed class Case
    {
        public Case(int rows, int columns, int examples)
        {
            Random random = new(rows + (columns * 1000));
            Left = [.. Enumerable.Range(0, rows * examples).Select(_ => random.Next(-2047, 2048))];
            Right = [.. Enumerable.Range(0, columns * examples).Select(_ => random.Next(-2047, 2048))];
            Weights = [.. Enumerable.Range(0, examples).Select(_ => random.Next(-2047, 2048))];
            Pairs = (examples + 15) / 16 * 8;
            Examples = examples;
        }

        public int[] Left { get; }

        public int[] Right { get; }

        public int[] Weights { get; }

        public int Pairs { get; }

        private int Examples { get; }

        public PinnedBuffer<int> Pack(PanelShape shape, int[] values, int size)
        {
            PinnedBuffer<int> panels = new(IntegerProduct.Length(shape, size, 2 * Pairs));
            for (int e = 0; e < Examples; e++)
            {
                for (int i = 0; i < size; i++)
                {
                    int at = (i / shape.Elements * Pairs * shape.Step) + (e / 2 * shape.Step) + (i % shape.Elements);
                    int value = values[(e * size) + i];
                    panels.Span[at] |= e % 2 == 0 ? value & 0xFFFF : value << 16;
                }
            }

            return panels;
        }
    }
}
