using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Makes one dimension of all, row-major; no number changes.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string Type => "flatten";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed unsafe class Operator(IReadOnlyList<int> shape)
        : LayerOperator(shape, [Specification.Shapes.Size(shape)])
    {
        public override bool WorksInPlace => true;

        public override bool KeepsValues => true;

        public override void Forward(in LayerPass pass) => Copy(pass.X, pass.Y, pass.Blocks);

        public override void Backward(in LayerPass pass) => Copy(pass.Dy, pass.Dx, pass.Blocks);

        private void Copy(float* source, float* target, int blocks)
        {
            if (source != target)
            {
                int count = blocks * InputSize * Lanes.Count;
                new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
            }
        }
    }
}
