using Research.Training.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Specification;

/// <summary>The twin of <see cref="Residual"/>: y = x + F(x).</summary>
internal sealed class SpecResidual : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _inside; // TorchSharp would register a module by its field's name too.

    public SpecResidual(Residual residual)
        : base(nameof(SpecResidual))
    {
        SpecStack layers = new(residual.Layers);
        _inside = layers.call;
        register_module("layers", layers);
    }

    public override Tensor forward(Tensor input) => input + _inside(input);
}
