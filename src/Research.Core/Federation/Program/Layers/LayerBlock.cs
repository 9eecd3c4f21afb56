namespace Research.Federation.Program.Layers;

/// <summary>A block of records on its way through a model.</summary>
/// <param name="Draft">The program.</param>
/// <param name="At">The loop over blocks.</param>
/// <param name="Records">B, the records of a block.</param>
/// <param name="Weights">The weights that the block is worked on with, a tensor each, in 16 bits.</param>
/// <param name="Transposed">The weights with their two sides changed, where a layer asks for them; else null.</param>
internal sealed record LayerBlock(
    Draft Draft, Loop At, int Records, IReadOnlyList<Operand> Weights, IReadOnlyList<Operand?> Transposed)
{
    /// <summary>Gets the gradients found on the way back.</summary>
    public List<WeightGradient> Gradients { get; } = [];
}
