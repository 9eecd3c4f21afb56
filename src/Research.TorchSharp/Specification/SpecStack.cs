using Research.Training.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Specification;

/// <summary>The twins of layers that follow one another, named by their numbers as checkpoints name them.</summary>
internal sealed class SpecStack : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _layers;

    public SpecStack(IReadOnlyList<Layer> layers)
        : base(nameof(SpecStack))
    {
        _layers = [.. layers.Select(Twin)];
        for (int i = 0; i < _layers.Length; i++)
        {
            register_module($"{i}", _layers[i]);
        }
    }

    public override Tensor forward(Tensor input)
    {
        Tensor value = input;
        foreach (Module<Tensor, Tensor> layer in _layers)
        {
            // Tokens are whole numbers held as floats.
            value = layer.call(layer is global::TorchSharp.Modules.Embedding ? value.to(int64) : value);
        }

        return value;
    }

    private static Module<Tensor, Tensor> Twin(Layer layer) => layer switch
    {
        Linear linear => Linear(linear.Inputs, linear.Outputs),
        Conv2d conv => Conv2d(
            conv.InputChannels,
            conv.OutputChannels,
            conv.Kernel,
            stride: conv.Stride,
            padding: conv.Padding,
            groups: conv.Groups),
        ReLU { } => ReLU(),
        Tanh { } => Tanh(),
        Sigmoid { } => Sigmoid(),
        Gelu => GELU(),
        Silu => SiLU(),
        Flatten { } => Flatten(),
        MaxPool2d pool => MaxPool2d(pool.Kernel, pool.Stride),
        AvgPool2d pool => AvgPool2d(pool.Kernel, pool.Stride),
        GlobalAvgPool2d => new SpecFunction(x => x.mean([2L, 3L])),
        GlobalMaxPool2d => new SpecFunction(x => functional.adaptive_max_pool2d(x, [1L, 1L]).flatten(1)),
        GroupNorm norm => GroupNorm(norm.Groups, norm.Channels),
        LayerNorm norm => LayerNorm(norm.Size),
        Embedding embedding => Embedding(embedding.Tokens, embedding.Size),
        SelfAttention attention => new SpecAttention(attention),
        Dropout dropout => Dropout(dropout.Rate),
        Residual residual => new SpecResidual(residual),
        _ => throw new NotSupportedException($"No twin of a layer {layer.Type}."),
    };
}
