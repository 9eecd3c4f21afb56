using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>The hyperbolic tangent, element by element.</summary>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    public override string Type => "tanh";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override bool WorksInPlace => true;

        public override bool ReadsOutput => true;

        public override void Forward(in LayerPass pass)
        {
            int count = pass.Blocks * InputSize * Lanes.Count;
            HyperbolicTangent.Forward(new ReadOnlySpan<float>(pass.X, count), new Span<float>(pass.Y, count));
        }

        public override void Backward(in LayerPass pass)
        {
            int count = pass.Blocks * InputSize * Lanes.Count;
            HyperbolicTangent.Backward(
                new ReadOnlySpan<float>(pass.Y, count),
                new ReadOnlySpan<float>(pass.Dy, count),
                new Span<float>(pass.Dx, count));
        }
    }
}
