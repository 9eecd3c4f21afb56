using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>Gradients of <c>LayerNorm</c> and <c>GroupNorm</c>: gain by normalised x, bias by dy.</summary>
internal sealed class NormalizationRule : LayerRule
{
    private readonly Func<Tensor, Tensor> _normalize;
    private readonly Func<Tensor, int, Tensor> _reduce; // What each parameter sees of a [B, ...]: [B, length].
    private readonly ParameterSlot? _weight;
    private readonly ParameterSlot? _bias;

    public NormalizationRule(TrainedLayer layer, TapRecorder recorder, LayerNorm norm)
        : base(layer, recorder, Hook(norm))
    {
        long size = norm.normalized_shape.Aggregate(1L, (product, side) => product * side);
        _weight = ParameterIdentity.Find(layer.Slots, norm.weight);
        _bias = ParameterIdentity.Find(layer.Slots, norm.bias);
        _normalize = x => functional.layer_norm(x, norm.normalized_shape, null, null, norm.eps);
        _reduce = (values, batch) => values.reshape(batch, -1, size).sum(1);
    }

    public NormalizationRule(TrainedLayer layer, TapRecorder recorder, GroupNorm norm)
        : base(layer, recorder, Hook(norm))
    {
        _weight = ParameterIdentity.Find(layer.Slots, norm.weight);
        _bias = ParameterIdentity.Find(layer.Slots, norm.bias);
        _normalize = x => functional.group_norm(x, norm.num_groups, null, null, norm.eps);
        _reduce = (values, batch) => values.reshape(batch, values.shape[1], -1).sum(2);
    }

    public override GradientRule Kind => GradientRule.Normalization;

    public override IReadOnlyList<GradientPiece> Form(IReadOnlyList<TapCall> calls, int batch)
    {
        List<GradientPiece> pieces = [];
        if (_weight is not null)
        {
            pieces.Add(new FormedGradient(
                _weight,
                Sum(calls.Select(call => _reduce(call.Gradients[0]! * _normalize(call.Inputs[0]), batch)))));
        }

        if (_bias is not null)
        {
            pieces.Add(new FormedGradient(_bias, Sum(calls.Select(call => _reduce(call.Gradients[0]!, batch)))));
        }

        return pieces;
    }
}
