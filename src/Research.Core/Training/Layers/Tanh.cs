using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>The hyperbolic tangent, element by element.</summary>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    public override string Type => "tanh";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override void Forward(
            ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch) =>
            HyperbolicTangent.Forward(x, y);

        public override void Backward(
            ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch) =>
            HyperbolicTangent.Backward(pass.Y, pass.Dy, dx);
    }
}
