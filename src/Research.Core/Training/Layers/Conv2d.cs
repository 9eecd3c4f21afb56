using Research.Tensors;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>
/// A convolution (cross-correlation, as in PyTorch) with a square kernel and a bias, on images [channels, height,
/// width].
/// </summary>
/// <remarks>
/// Parameters: <c>weight</c> [outputs, inputs / groups, kernel, kernel], <c>bias</c> [outputs], first uniform in
/// ±1/√(inputs / groups · kernel²).
/// </remarks>
/// <param name="InputChannels">Channels that arrive, at least 1.</param>
/// <param name="OutputChannels">Channels that leave, at least 1.</param>
/// <param name="Kernel">Side of the kernel, 1 to 1024.</param>
/// <param name="Stride">Step of the kernel, 1 to 1024.</param>
/// <param name="Padding">Rows and columns of zeros on each side, less than <paramref name="Kernel"/>.</param>
/// <param name="Groups">Into how many groups both sorts of channels fall, each seeing only its own; divides both.</param>
public sealed record Conv2d(
    int InputChannels, int OutputChannels, int Kernel, int Stride = 1, int Padding = 0, int Groups = 1) : Layer
{
    /// <inheritdoc/>
    public override string Type => "conv2d";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path)
    {
        SpecRange.Check(InputChannels, 1, Shapes.LargestSize, path + ".inputChannels");
        SpecRange.Check(OutputChannels, 1, Shapes.LargestSize, path + ".outputChannels");
        ImageWindow window = WindowFit.Check(input, Kernel, Stride, Padding, path);
        if (input[0] != InputChannels)
        {
            throw new SpecException(
                path + ".inputChannels", $"{input[0]} (the channels that arrive there)", $"{InputChannels}");
        }

        SpecRange.Check(Groups, 1, Math.Min(InputChannels, OutputChannels), path + ".groups");
        if (InputChannels % Groups != 0 || OutputChannels % Groups != 0)
        {
            throw new SpecException(
                path + ".groups", $"a divisor of {InputChannels} and {OutputChannels}, the channels", $"{Groups}");
        }

        Shapes.Check([OutputChannels, window.OutputHeight, window.OutputWidth], path);
        Shapes.Check([InputChannels, Kernel, Kernel, window.OutputHeight, window.OutputWidth], path);
        return new Conv2dOperator(window, OutputChannels, Groups);
    }
}
