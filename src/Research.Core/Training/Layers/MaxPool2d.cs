using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>The largest element of each square window of each channel, without padding.</summary>
/// <param name="Kernel">Side of the window, 1 to 1024.</param>
/// <param name="Stride">Step of the window, 1 to 1024.</param>
public sealed record MaxPool2d(int Kernel, int Stride) : Layer
{
    /// <inheritdoc/>
    public override string Type => "maxPool2d";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) =>
        new Operator(WindowFit.Check(input, Kernel, Stride, padding: 0, path));

    private sealed class Operator(ImageWindow window)
        : LayerOperator(
            [window.Channels, window.Height, window.Width], [window.Channels, window.OutputHeight, window.OutputWidth])
    {
        public override void Forward(
            ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch)
        {
            for (int example = 0; example < examples; example++)
            {
                MaxPool.Forward(
                    x.Slice(example * InputSize, InputSize), window, y.Slice(example * OutputSize, OutputSize));
            }
        }

        public override void Backward(
            ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch)
        {
            for (int example = 0; example < examples; example++)
            {
                MaxPool.Backward(
                    pass.X.Slice(example * InputSize, InputSize),
                    window,
                    pass.Dy.Slice(example * OutputSize, OutputSize),
                    dx.Slice(example * InputSize, InputSize));
            }
        }
    }
}
