namespace Research.Federation.Program.Layers;

/// <summary>What a block of records says about one parameter tensor: each record's gradient, or what it is made of.</summary>
/// <param name="Tensor">The tensor's number.</param>
internal abstract record WeightGradient(int Tensor);

/// <summary>Gradients that are outer products: of what leaves the layer, δ, and what arrived, a.</summary>
/// <param name="Tensor">The weight's number; the bias is the next.</param>
/// <param name="Delta">δ, [B, outputs].</param>
/// <param name="Input">a, [B, inputs].</param>
internal sealed record OuterGradient(int Tensor, Signal Delta, Signal Input) : WeightGradient(Tensor);

/// <summary>Gradients as they are.</summary>
/// <param name="Tensor">The tensor's number.</param>
/// <param name="Values">[B, length], in units of 2⁻¹¹.</param>
/// <param name="Length">How many numbers a record has.</param>
internal sealed record PlainGradient(int Tensor, Step Values, int Length) : WeightGradient(Tensor)
{
    /// <summary>The binary places of the values.</summary>
    public const int Fraction = 11;
}
