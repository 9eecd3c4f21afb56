using Research.Tensors;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>The largest element of each channel of an image.</summary>
/// <remarks>As <c>torch.nn.AdaptiveMaxPool2d</c> with an output of 1 × 1, flattened: [channels, height, width] becomes
/// [channels].</remarks>
public sealed record GlobalMaxPool2d : Layer
{
    /// <inheritdoc/>
    public override string Type => "globalMaxPool2d";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => input.Count == 3
        ? new Operator(input)
        : throw new SpecException(path, "an image [channels, height, width]", Shapes.Text(input));

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, [shape[0]])
    {
        private readonly int _plane = shape[1] * shape[2];

        public override void Forward(in LayerPass pass) =>
            GlobalPool.Largest(pass.X, (long)pass.Blocks * OutputSize, _plane, pass.Y);

        public override void Backward(in LayerPass pass) =>
            GlobalPool.LargestBackward(pass.X, (long)pass.Blocks * OutputSize, _plane, pass.Dy, pass.Dx);
    }
}
