using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Conv2d"/>, an image at a time, as a matrix product over its windows.</summary>
/// <remarks>
/// O = output channels, T = taps (input channels × kernel²), P = output positions. Weights [O, T], columns [T, P], y
/// and dy [O, P].
/// Each example's gradient is kept, [O, T] and then [O]: its norm is taken from the very numbers that are added up.
/// </remarks>
internal sealed class Conv2dOperator(ImageWindow window, int outputs)
    : LayerOperator([window.Channels, window.Height, window.Width], [outputs, window.OutputHeight, window.OutputWidth])
{
    public override IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [("weight", [outputs, window.Channels, window.Kernel, window.Kernel]), ("bias", [outputs])];

    public override int ScratchLength => window.Taps * window.Positions;

    public override int KeptLength => WeightLength + outputs;

    private int WeightLength => outputs * window.Taps;

    public override void Initialise(SeededGenerator generator, Span<float> weights) =>
        generator.FillUniform(weights, (float)(1 / Math.Sqrt(window.Taps)));

    public override void Forward(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch)
    {
        Span<float> columns = scratch[..ScratchLength];
        for (int example = 0; example < examples; example++)
        {
            Span<float> image = y.Slice(example * OutputSize, OutputSize);
            for (int channel = 0; channel < outputs; channel++)
            {
                image.Slice(channel * window.Positions, window.Positions).Fill(weights[WeightLength + channel]);
            }

            ImageColumns.Gather(x.Slice(example * InputSize, InputSize), window, columns);
            MatrixProduct.Add(
                weights,
                Strides.RowMajor(window.Taps),
                columns,
                Strides.RowMajor(window.Positions),
                image,
                window.Positions,
                outputs,
                window.Positions,
                window.Taps);
        }
    }

    public override void Backward(
        ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch)
    {
        Span<float> columns = scratch[..ScratchLength];
        dx.Clear();
        for (int example = 0; example < examples; example++)
        {
            columns.Clear();
            MatrixProduct.Add(
                weights,
                Strides.TransposeOf(window.Taps),
                pass.Dy.Slice(example * OutputSize, OutputSize),
                Strides.RowMajor(window.Positions),
                columns,
                window.Positions,
                window.Taps,
                window.Positions,
                outputs);
            ImageColumns.AddBack(columns, window, dx.Slice(example * InputSize, InputSize));
        }
    }

    public override void Differentiate(in LayerPass pass, int examples, Span<float> scratch)
    {
        Span<float> columns = scratch[..ScratchLength];
        pass.Kept.Clear();
        for (int example = 0; example < examples; example++)
        {
            Span<float> kept = pass.Kept.Slice(example * KeptLength, KeptLength);
            ReadOnlySpan<float> dy = pass.Dy.Slice(example * OutputSize, OutputSize);
            ImageColumns.Gather(pass.X.Slice(example * InputSize, InputSize), window, columns);
            MatrixProduct.Add(
                dy,
                Strides.RowMajor(window.Positions),
                columns,
                Strides.TransposeOf(window.Positions),
                kept,
                window.Taps,
                outputs,
                window.Taps,
                window.Positions);
            for (int channel = 0; channel < outputs; channel++)
            {
                kept[WeightLength + channel] = Sum(dy.Slice(channel * window.Positions, window.Positions));
            }
        }
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<double> squaredNorms)
    {
        for (int example = 0; example < squaredNorms.Length; example++)
        {
            squaredNorms[example] += SquaredNorm.Of(pass.Kept.Slice(example * KeptLength, KeptLength));
        }
    }

    public override void Weigh(in LayerPass pass, int example, float factor) =>
        ScaledSum.Scale(factor, pass.Kept.Slice(example * KeptLength, KeptLength));

    public override void AddGradient(in LayerPass pass, int examples, Span<float> gradient, int part, int parts)
    {
        (int start, int end) = Workers.Slice(KeptLength, part, parts, 16);
        for (int example = 0; example < examples; example++)
        {
            ScaledSum.Add(1f, pass.Kept.Slice((example * KeptLength) + start, end - start), gradient[start..end]);
        }
    }

    private static float Sum(ReadOnlySpan<float> values)
    {
        float sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }
}
