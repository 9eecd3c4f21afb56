using Research.Tensors;

namespace Research.Tests.Tensors;

/// <summary>The convolution kernels equal plain loops over outputs, taps and positions, bit for bit.</summary>
public sealed unsafe class ConvolutionTests
{
    // Outputs, taps and positions around the edges of every tile: 8, 4 and 3; 6 and 4; 3.
    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            TheoryData<int, int, int> sizes = [];
            foreach (int outputs in (int[])[1, 3, 4, 5, 8, 9, 17])
            {
                foreach ((int taps, int positions) in ((int, int)[])[(1, 1), (4, 2), (6, 3), (7, 4), (9, 7), (50, 11)])
                {
                    sizes.Add(outputs, taps, positions);
                }
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_AnySize_EqualsAChainForEachOutput(int outputs, int taps, int positions)
    {
        using Case one = new(outputs, taps, positions);
        using PinnedBuffer<float> bias = Blocks.Of(Numbers.Uniform(outputs, 4));
        using PinnedBuffer<float> packed = new(Convolution.PackedLength(outputs, taps));
        using PinnedBuffer<float> y = Blocks.Uniform(outputs * positions, 5);

        Convolution.Pack(one.Weights.Pointer, Strides.RowMajor(taps), packed.Pointer, outputs, taps);
        Convolution.Forward(
            packed.Pointer, bias.Pointer, one.X.Pointer, one.Taps, one.Positions, y.Pointer, outputs);

        one.ForEach((o, p, lane) =>
        {
            float sum = bias.Span[o];
            for (int t = 0; t < taps; t++)
            {
                sum = MathF.FusedMultiplyAdd(one.Weights.Span[(o * taps) + t], one.At(t, p, lane), sum);
            }

            Assert.Equal(sum, y.Span[(((o * positions) + p) * 16) + lane]);
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Backward_AnySize_EqualsThePlainLoop(int outputs, int taps, int positions)
    {
        using Case one = new(outputs, taps, positions);
        using PinnedBuffer<float> packed = new(Convolution.PackedLength(taps, outputs));
        using PinnedBuffer<float> dx = Blocks.Of(Numbers.Uniform(one.X.Length, 6));
        float[] expected = dx.Span.ToArray();
        for (int first = 0; first < positions; first += 3) // positions in threes; for these, taps in order
        {
            for (int t = 0; t < taps; t++)
            {
                for (int p = first; p < Math.Min(first + 3, positions); p++)
                {
                    for (int lane = 0; lane < 16; lane++)
                    {
                        float sum = 0;
                        for (int o = 0; o < outputs; o++)
                        {
                            float dy = one.Dy.Span[(((o * positions) + p) * 16) + lane];
                            sum = MathF.FusedMultiplyAdd(one.Weights.Span[(o * taps) + t], dy, sum);
                        }

                        expected[one.Taps[t] + one.Positions[p] + lane] += sum;
                    }
                }
            }
        }

        int[] rows = [.. Enumerable.Range(0, outputs).Select(o => o * positions * 16)];
        Convolution.Pack(one.Weights.Pointer, Strides.TransposeOf(taps), packed.Pointer, taps, outputs);
        Convolution.Backward(packed.Pointer, one.Dy.Pointer, rows, one.Taps, one.Positions, dx.Pointer);

        Numbers.AssertSameBits(expected, dx.Span);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Differentiate_AnySize_EqualsAChainForEachWeight(int outputs, int taps, int positions)
    {
        using Case one = new(outputs, taps, positions);
        using PinnedBuffer<float> gradient = Blocks.Uniform(outputs * taps, 7);
        float[] expected = gradient.Span.ToArray();
        for (int at = 0; at < expected.Length; at++)
        {
            (int o, int t, int lane) = (at / (taps * 16), at / 16 % taps, at % 16);
            for (int p = 0; p < positions; p++)
            {
                float dy = one.Dy.Span[(((o * positions) + p) * 16) + lane];
                expected[at] = MathF.FusedMultiplyAdd(dy, one.At(t, p, lane), expected[at]);
            }
        }

        Convolution.Differentiate(
            one.Dy.Pointer, positions * 16, 16, one.X.Pointer, one.Taps, one.Positions, outputs, gradient.Pointer);

        Numbers.AssertSameBits(expected, gradient.Span);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Tiles_BothWidths_EqualPlainLoops(int k)
    {
        using PinnedBuffer<float> b = Blocks.Uniform(k + 3, 2);
        using PinnedBuffer<int> offsets = new(k);
        for (int step = 0; step < k; step++)
        {
            offsets.Span[step] = (k - 1 - step) * 16;
        }

        Check(ConvolutionTile512.Rows, (a, sums) => ConvolutionTile512.Multiply(
            (float*)a, b.Pointer, b.Pointer + 16, b.Pointer + 48, offsets.Pointer, k, (float*)sums));
        Check(ConvolutionTile256.Rows, (a, sums) =>
        {
            for (int half = 0; half < 16; half += 8)
            {
                ConvolutionTile256.Multiply(
                    (float*)a,
                    b.Pointer + half,
                    b.Pointer + 16 + half,
                    b.Pointer + 48 + half,
                    offsets.Pointer,
                    k,
                    (float*)sums + half);
            }
        });

        void Check(int rows, Action<nint, nint> multiply)
        {
            using PinnedBuffer<float> a = Blocks.Of(Numbers.Uniform(rows * k, 1));
            using PinnedBuffer<float> sums = Blocks.Uniform(rows * 3, 3);
            float[] expected = sums.Span.ToArray();
            for (int at = 0; at < expected.Length; at++)
            {
                (int row, int column, int lane) = (at / 48, at / 16 % 3, at % 16);
                for (int step = 0; step < k; step++)
                {
                    int start = (column == 0 ? 0 : column == 1 ? 16 : 48) + ((k - 1 - step) * 16) + lane;
                    expected[at] = MathF.FusedMultiplyAdd(a.Span[(step * rows) + row], b.Span[start], expected[at]);
                }
            }

            multiply((nint)a.Pointer, (nint)sums.Pointer);

            Numbers.AssertSameBits(expected, sums.Span);
        }
    }

    /// <summary>Random weights, gradients and an image block whose taps and positions overlap.</summary>
    private sealed class Case : IDisposable
    {
        public Case(int outputs, int taps, int positions)
        {
            Outputs = outputs;
            Taps = [.. Enumerable.Range(0, taps).Select(t => t * 7 % 53 * 16)];
            Positions = [.. Enumerable.Range(0, positions).Select(p => p * 2 * 16)];
            Weights = Blocks.Of(Numbers.Uniform(outputs * taps, 1));
            X = Blocks.Uniform(53 + (positions * 2), 2);
            Dy = Blocks.Uniform(outputs * positions, 3);
        }

        public int Outputs { get; }

        public int[] Taps { get; }

        public int[] Positions { get; }

        public PinnedBuffer<float> Weights { get; }

        public PinnedBuffer<float> X { get; }

        public PinnedBuffer<float> Dy { get; }

        public void Dispose()
        {
            Weights.Dispose();
            X.Dispose();
            Dy.Dispose();
        }

        public float At(int tap, int position, int lane) => X.Span[Taps[tap] + Positions[position] + lane];

        public void ForEach(Action<int, int, int> check)
        {
            for (int at = 0; at < Outputs * Positions.Length * 16; at++)
            {
                check(at / (Positions.Length * 16), at / 16 % Positions.Length, at % 16);
            }
        }
    }
}
