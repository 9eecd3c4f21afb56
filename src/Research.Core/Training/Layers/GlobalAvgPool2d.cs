using Research.Tensors;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>The mean of each channel of an image.</summary>
/// <remarks>As <c>torch.nn.AdaptiveAvgPool2d</c> with an output of 1 × 1, flattened: [channels, height, width] becomes
/// [channels].</remarks>
public sealed record GlobalAvgPool2d : Layer
{
    /// <inheritdoc/>
    public override string Type => "globalAvgPool2d";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) => input.Count == 3
        ? new Operator(input)
        : throw new SpecException(path, "an image [channels, height, width]", Shapes.Text(input));

    private sealed unsafe class Operator(IReadOnlyList<int> shape) : LayerOperator(shape, [shape[0]])
    {
        private readonly int _plane = shape[1] * shape[2];

        public override void Forward(in LayerPass pass) =>
            GlobalPool.Average(pass.X, (long)pass.Blocks * OutputSize, _plane, pass.Y);

        public override void Backward(in LayerPass pass) =>
            GlobalPool.AverageBackward(pass.Dy, (long)pass.Blocks * OutputSize, _plane, pass.Dx);
    }
}
