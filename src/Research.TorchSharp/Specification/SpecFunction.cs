using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Specification;

/// <summary>A layer without parameters.</summary>
internal sealed class SpecFunction(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(SpecFunction))
{
    public override Tensor forward(Tensor input) => function(input);
}
