using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>max(x, 0), element by element.</summary>
public sealed record ReLU : Layer
{
    /// <inheritdoc/>
    public override string Type => "relu";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override void Forward(
            ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch) =>
            Rectifier.Forward(x, y);

        public override void Backward(
            ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch) =>
            Rectifier.Backward(pass.Y, pass.Dy, dx);
    }
}
