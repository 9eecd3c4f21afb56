using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Linear"/>.</summary>
/// <remarks>
/// B = examples, I = inputs, O = outputs. An example's weight gradient is the outer product dy·xᵀ, so its squared norm
/// is ‖dy‖²·‖x‖²,
/// plus ‖dy‖² for the bias (Goodfellow 2015, arXiv:1510.01799v2, Eq. 4): no per-example gradient is ever formed.
/// </remarks>
internal sealed class LinearOperator(int inputs, int outputs) : LayerOperator([inputs], [outputs])
{
    public override IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [("weight", [outputs, inputs]), ("bias", [outputs])];

    private int WeightLength => inputs * outputs;

    public override void Initialise(SeededGenerator generator, Span<float> weights) =>
        generator.FillUniform(weights, (float)(1 / Math.Sqrt(inputs)));

    public override void Forward(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch)
    {
        Bias.Spread(weights[WeightLength..], y);
        MatrixProduct.Add(
            x, Strides.RowMajor(inputs), weights, Strides.TransposeOf(inputs), y, outputs, examples, outputs, inputs);
    }

    public override void Backward(
        ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch)
    {
        dx.Clear();
        MatrixProduct.Add(
            pass.Dy,
            Strides.RowMajor(outputs),
            weights,
            Strides.RowMajor(inputs),
            dx,
            inputs,
            examples,
            inputs,
            outputs);
    }

    public override void AddSquaredNorms(in LayerPass pass, Span<double> squaredNorms)
    {
        for (int example = 0; example < squaredNorms.Length; example++)
        {
            double x = SquaredNorm.Of(pass.X.Slice(example * inputs, inputs));
            double dy = SquaredNorm.Of(pass.Dy.Slice(example * outputs, outputs));
            squaredNorms[example] += Math.FusedMultiplyAdd(x, dy, dy);
        }
    }

    public override void Weigh(in LayerPass pass, int example, float factor)
    {
        ScaledSum.Scale(factor, pass.Dy.Slice(example * outputs, outputs));
        if (factor == 0)
        {
            pass.X.Slice(example * inputs, inputs).Clear(); // 0·∞ would be NaN.
        }
    }

    public override void AddGradient(in LayerPass pass, int examples, Span<float> gradient, int part, int parts)
    {
        (int start, int end) = Workers.Slice(outputs, part, parts, Block512.Rows);
        if (start == end)
        {
            return;
        }

        Span<float> weights = gradient.Slice(start * inputs, (end - start) * inputs);
        MatrixProduct.Add(
            pass.Dy[start..],
            Strides.TransposeOf(outputs),
            pass.X,
            Strides.RowMajor(inputs),
            weights,
            inputs,
            end - start,
            inputs,
            examples);
        Bias.AddColumnSums(pass.Dy, outputs, start, gradient.Slice(WeightLength + start, end - start));
    }
}
