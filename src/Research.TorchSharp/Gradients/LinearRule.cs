using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Gradients of <c>Linear</c>: dyᵀ·x, summed over positions; at one position an outer product.</summary>
/// <remarks>Source: Goodfellow 2015, arXiv:1510.01799v2.</remarks>
internal sealed class LinearRule(TrainedLayer layer, TapRecorder recorder, Linear linear)
    : LayerRule(layer, recorder, Hook(linear))
{
    private readonly ParameterSlot? _weight = ParameterIdentity.Find(layer.Slots, linear.weight);

    private readonly ParameterSlot? _bias = ParameterIdentity.Find(layer.Slots, linear.bias);

    public override GradientRule Kind => GradientRule.Linear;

    public override IReadOnlyList<GradientPiece> Form(IReadOnlyList<TapCall> calls, int batch)
    {
        Tensor x = Join(calls.Select(call => call.Inputs[0]), batch, linear.in_features);
        Tensor dy = Join(calls.Select(call => call.Gradients[0]!), batch, linear.out_features);
        if (x.shape[1] == 1 && _weight is not null)
        {
            return [new OuterProduct(_weight, _bias, x.squeeze(1), dy.squeeze(1))];
        }

        List<GradientPiece> pieces = [];
        if (_weight is not null)
        {
            pieces.Add(new FormedGradient(_weight, dy.transpose(1, 2).bmm(x)));
        }

        if (_bias is not null)
        {
            pieces.Add(new FormedGradient(_bias, dy.sum(1)));
        }

        return pieces;
    }
}
