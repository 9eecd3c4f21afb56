using Research.TorchSharp.Native;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>The gradients of a batch's examples by some parameters of one layer, in the form in which they are
/// had.</summary>
internal abstract record GradientPiece
{
    /// <summary>Gets the parameters.</summary>
    public abstract IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>Forms the gradients by one of the parameters, [B, length]: for probes and tests.</summary>
    public abstract Tensor Form(ParameterSlot slot);
}

/// <summary>Gradients that exist.</summary>
/// <param name="Slot">The parameter.</param>
/// <param name="Values">[B, length].</param>
internal sealed record FormedGradient(ParameterSlot Slot, Tensor Values) : GradientPiece
{
    public override IReadOnlyList<ParameterSlot> Slots => [Slot];

    public override Tensor Form(ParameterSlot slot) => Values.reshape(Values.shape[0], -1);
}

/// <summary>Gradients that are one outer product each, dy·[x, 1]ᵀ.</summary>
/// <param name="Weight">The weight, [O, I]; null where it is frozen.</param>
/// <param name="Bias">The bias, [O]; null where there is none.</param>
/// <param name="X">What arrived, [B, I].</param>
/// <param name="Dy">What came back, [B, O].</param>
internal sealed record OuterProduct(ParameterSlot Weight, ParameterSlot? Bias, Tensor X, Tensor Dy) : GradientPiece
{
    public override IReadOnlyList<ParameterSlot> Slots => Bias is null ? [Weight] : [Weight, Bias];

    public override Tensor Form(ParameterSlot slot) => ReferenceEquals(slot, Bias)
        ? Dy
        : Dy.unsqueeze(2).mul(X.unsqueeze(1)).reshape(X.shape[0], -1);
}

/// <summary>Gradients that lie in the rows of a table that were looked up.</summary>
/// <param name="Slot">The table, [V, E].</param>
/// <param name="Rows">Which rows, [B, T] whole numbers; −1 where a look-up learns nothing.</param>
/// <param name="Dy">What came back, [B, T, E].</param>
internal sealed record RowGradient(ParameterSlot Slot, Tensor Rows, Tensor Dy) : GradientPiece
{
    public override IReadOnlyList<ParameterSlot> Slots => [Slot];

    public override Tensor Form(ParameterSlot slot)
    {
        long batch = Dy.shape[0];
        long tokens = Slot.Parameter.shape[0];
        long size = Dy.shape[2];
        Tensor kept = Held.Apply(Rows, 0, (rows, zero) => rows.ge(zero));
        Tensor tables = Held.Apply(
            arange(batch, dtype: int64, device: Rows.device), tokens, (examples, each) => examples * each);
        Tensor places = Held.Plus(Held.Apply(Rows, 0, (rows, zero) => rows.clamp(zero)), tables.unsqueeze(1))
            .reshape(-1);
        Tensor values = (Dy * kept.unsqueeze(2)).reshape(-1, size);
        Tensor none = zeros([batch * tokens, size], dtype: Dy.dtype, device: Dy.device);
        return Held.Apply(none, 1, (table, one) => table.index_add(0, places, values, one)).reshape(batch, -1);
    }
}
