using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>max(x, 0), element by element.</summary>
public sealed record ReLU : Layer
{
    /// <inheritdoc/>
    public override string Type => "relu";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override bool WorksInPlace => true;

        public override bool ReadsOutput => true;

        public override void Forward(in LayerPass pass)
        {
            int count = pass.Blocks * InputSize * Lanes.Count;
            Rectifier.Forward(new ReadOnlySpan<float>(pass.X, count), new Span<float>(pass.Y, count));
        }

        public override void Backward(in LayerPass pass)
        {
            int count = pass.Blocks * InputSize * Lanes.Count;
            Rectifier.Backward(
                new ReadOnlySpan<float>(pass.Y, count),
                new ReadOnlySpan<float>(pass.Dy, count),
                new Span<float>(pass.Dx, count));
        }
    }
}
