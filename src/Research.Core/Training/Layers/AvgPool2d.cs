using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>The mean of each square window of each channel, without padding.</summary>
/// <param name="Kernel">Side of the window, 1 to 1024.</param>
/// <param name="Stride">Step of the window, 1 to 1024.</param>
public sealed record AvgPool2d(int Kernel, int Stride) : Layer
{
    /// <inheritdoc/>
    public override string Type => "avgPool2d";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path) =>
        new Operator(WindowFit.Check(input, Kernel, Stride, padding: 0, path));

    private sealed unsafe class Operator(ImageWindow window)
        : LayerOperator(
            [window.Channels, window.Height, window.Width], [window.Channels, window.OutputHeight, window.OutputWidth])
    {
        public override void Forward(in LayerPass pass)
        {
            for (int block = 0; block < pass.Blocks; block++)
            {
                AveragePool.Forward(
                    pass.X + ((long)block * InputSize * Lanes.Count),
                    window,
                    pass.Y + ((long)block * OutputSize * Lanes.Count));
            }
        }

        public override void Backward(in LayerPass pass)
        {
            for (int block = 0; block < pass.Blocks; block++)
            {
                AveragePool.Backward(
                    window,
                    pass.Dy + ((long)block * OutputSize * Lanes.Count),
                    pass.Dx + ((long)block * InputSize * Lanes.Count));
            }
        }
    }
}
