using Research.Training;
using Research.Training.Layers;

namespace Research.Federation.Program.Layers;

/// <summary>Which layers a task may name: those that have a program of integer steps.</summary>
internal static class LayerPrograms
{
    /// <summary>The layers, as a specification names them.</summary>
    public const string Known =
        "linear on [I], conv2d, maxPool2d, avgPool2d, globalAvgPool2d, globalMaxPool2d (windows of at most 256), relu, "
        + "tanh, sigmoid, silu, flatten, groupNorm, layerNorm on [C] or residual";

    /// <summary>Gets the program of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="shape">The shape of what arrives.</param>
    /// <param name="path">Where the specification has it.</param>
    /// <param name="isRectified">Whether a relu follows.</param>
    /// <param name="isLast">Whether its outputs are the model's scores.</param>
    /// <param name="tensor">The number of its first parameter tensor; moved on.</param>
    /// <exception cref="SpecException">There is none.</exception>
    public static LayerProgram Of(
        Layer layer, IReadOnlyList<int> shape, string path, bool isRectified, bool isLast, ref int tensor)
    {
        LayerProgram? program = layer switch
        {
            Linear linear when shape.Count == 1 => new LinearProgram(linear, tensor, isRectified, isLast),
            Conv2d conv => new ConvolutionProgram(conv, shape, tensor, isRectified),
            MaxPool2d pool when pool.Kernel * pool.Kernel <= Step.MostTerms =>
                new MaxPoolProgram(Windows.Of(shape, pool.Kernel, pool.Stride)),
            AvgPool2d pool => new AveragePoolProgram(Windows.Of(shape, pool.Kernel, pool.Stride)),
            GlobalMaxPool2d when shape[1] * shape[2] <= Step.MostTerms => new MaxPoolProgram(Windows.Whole(shape)),
            GlobalAvgPool2d => new AveragePoolProgram(Windows.Whole(shape)),
            ReLU => new RectifierProgram(),
            Tanh or Sigmoid or Silu => TableProgram.Of(layer),
            Flatten => new FlattenProgram(),
            GroupNorm norm => new NormProgram(norm.Groups, shape, norm.Channels, tensor),
            LayerNorm norm when shape.Count == 1 => new NormProgram(1, shape, norm.Size, tensor),
            Residual residual => new ResidualProgram(Inner(residual, shape, path, ref tensor)),
            _ => null,
        };
        if (program is null)
        {
            throw new SpecException(path, $"a layer whose scoring anyone can check step by step ({Known})", layer.Type);
        }

        tensor += program is ResidualProgram ? 0 : program.Tensors;
        return program;
    }

    private static IReadOnlyList<LayerProgram> Inner(
        Residual residual, IReadOnlyList<int> shape, string path, ref int tensor) =>
        LayerProgram.Of(residual.Layers, shape, path + ".layers", isModel: false, ref tensor);
}
