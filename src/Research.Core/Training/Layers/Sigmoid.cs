using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>The logistic function 1 / (1 + e^−x), element by element.</summary>
/// <remarks>As <c>torch.nn.Sigmoid</c>.</remarks>
public sealed record Sigmoid : Layer
{
    /// <inheritdoc/>
    public override string Type => "sigmoid";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override bool WorksInPlace => true;

        public override bool ReadsOutput => true;

        public override void Forward(in LayerPass pass) =>
            Logistic.Forward(pass.X, pass.Y, (long)pass.Blocks * InputSize);

        public override void Backward(in LayerPass pass) =>
            Logistic.Backward(pass.Y, pass.Dy, pass.Dx, (long)pass.Blocks * InputSize);
    }
}
