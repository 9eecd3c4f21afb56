namespace Research.Training.Layers;

/// <summary>The buffers of one layer in a backward pass, all row-major over the same examples.</summary>
internal readonly ref struct LayerPass(Span<float> x, ReadOnlySpan<float> y, Span<float> dy, Span<float> kept)
{
    /// <summary>Gets what went in, [B, in].</summary>
    public Span<float> X { get; } = x;

    /// <summary>Gets what came out, [B, out].</summary>
    public ReadOnlySpan<float> Y { get; } = y;

    /// <summary>Gets the loss's gradient by what came out, [B, out].</summary>
    public Span<float> Dy { get; } = dy;

    /// <summary>Gets what the layer keeps of each example's gradient, [B, kept].</summary>
    public Span<float> Kept { get; } = kept;
}
