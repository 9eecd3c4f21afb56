using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>x / (1 + e^−x), element by element: the sigmoid linear unit.</summary>
/// <remarks>As <c>torch.nn.SiLU</c>. Source: Elfwing, Uchibe and Doya 2017, arXiv:1702.03118v3, Eq. 5.</remarks>
public sealed record Silu : Layer
{
    /// <inheritdoc/>
    public override string Type => "silu";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override void Forward(in LayerPass pass) =>
            SigmoidLinear.Forward(pass.X, pass.Y, (long)pass.Blocks * InputSize);

        public override void Backward(in LayerPass pass) =>
            SigmoidLinear.Backward(pass.X, pass.Dy, pass.Dx, (long)pass.Blocks * InputSize);
    }
}
