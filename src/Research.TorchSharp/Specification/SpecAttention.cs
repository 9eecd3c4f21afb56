using Research.Training.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Specification;

/// <summary>The twin of <see cref="SelfAttention"/>: two Linears around a softmax.</summary>
internal sealed class SpecAttention : Module<Tensor, Tensor>
{
    private readonly SelfAttention _shape;
    private readonly Func<Tensor, Tensor> _in; // TorchSharp would register modules by their fields' names too.
    private readonly Func<Tensor, Tensor> _out;

    public SpecAttention(SelfAttention attention)
        : base(nameof(SpecAttention))
    {
        _shape = attention;
        Module<Tensor, Tensor> input = Linear(attention.Size, 3 * attention.Size);
        Module<Tensor, Tensor> output = Linear(attention.Size, attention.Size);
        (_in, _out) = (input.call, output.call);
        register_module("inProjection", input);
        register_module("outProjection", output);
    }

    public override Tensor forward(Tensor input)
    {
        (long batch, long length) = (input.shape[0], input.shape[1]);
        Tensor all = _in(input)
            .reshape(batch, length, 3, _shape.Heads, _shape.Size / _shape.Heads)
            .permute(2, 0, 3, 1, 4); // [3, B, heads, T, d]
        Tensor seen = functional.scaled_dot_product_attention(all[0], all[1], all[2], is_casual: _shape.Causal);
        return _out(seen.transpose(1, 2).reshape(batch, length, _shape.Size));
    }
}
