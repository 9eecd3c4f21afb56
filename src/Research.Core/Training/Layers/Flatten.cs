namespace Research.Training.Layers;

/// <summary>Makes one dimension of all, row-major; no number changes.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string Type => "flatten";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed class Operator(IReadOnlyList<int> shape)
        : LayerOperator(shape, [Specification.Shapes.Size(shape)])
    {
        public override void Forward(
            ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch) =>
            x.CopyTo(y);

        public override void Backward(
            ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch) =>
            pass.Dy.CopyTo(dx);
    }
}
