using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>x·Φ(x), element by element, Φ being the normal distribution function: the Gaussian error linear unit.</summary>
/// <remarks>The exact form, as <c>torch.nn.GELU</c> by default. Source: Hendrycks and Gimpel 2016, arXiv:1606.08415v5, section 2.</remarks>
public sealed record Gelu : Layer
{
    /// <inheritdoc/>
    public override string Type => "gelu";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => new Operator(input);

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override void Forward(in LayerPass pass) =>
            GaussianLinear.Forward(pass.X, pass.Y, (long)pass.Blocks * InputSize);

        public override void Backward(in LayerPass pass) =>
            GaussianLinear.Backward(pass.X, pass.Dy, pass.Dx, (long)pass.Blocks * InputSize);
    }
}
