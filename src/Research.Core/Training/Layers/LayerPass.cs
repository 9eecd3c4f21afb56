namespace Research.Training.Layers;

/// <summary>The buffers of one layer for a run of blocks, each of 16 examples side by side.</summary>
/// <remarks>
/// Shapes: N = blocks, G = groups of blocks that hold copies of the same examples (G = N unless examples are
/// augmented), each value [16]. A pointer is null where a pass has no use for it.
/// </remarks>
internal unsafe struct LayerPass
{
    /// <summary>Number of blocks, N.</summary>
    public int Blocks;

    /// <summary>Blocks that hold copies of the same 16 examples, N / G.</summary>
    public int Copies;

    /// <summary>This layer's weights, as the network stores them.</summary>
    public float* Weights;

    /// <summary>What the layer made of its weights once in this step.</summary>
    public float* Prepared;

    /// <summary>What goes in, [N, in, 16].</summary>
    public float* X;

    /// <summary>A second input of the same shape, for layers that join a residual branch; else null.</summary>
    public float* Skip;

    /// <summary>What comes out, [N, out, 16]; the same address as X where the layer works in place.</summary>
    public float* Y;

    /// <summary>The loss's gradient by Y, [N, out, 16].</summary>
    public float* Dy;

    /// <summary>The loss's gradient by X, [N, in, 16]; the same address as Dy where the layer works in place; null
    /// where nobody asks for it.</summary>
    public float* Dx;

    /// <summary>What the forward pass leaves for the backward pass, [N, saved, 16].</summary>
    public float* Saved;

    /// <summary>Each example's gradient by the weights, [G, parameters, 16], if the layer keeps it.</summary>
    public float* Kept;

    /// <summary>Where a layer with factors writes them; else empty.</summary>
    public FactorBuffers Factors;

    /// <summary>This thread's scratch.</summary>
    public float* Scratch;

    /// <summary>Whether this is training: dropout works only there.</summary>
    public bool Training;

    /// <summary>The step, from 1: what random layers draw anew in each step.</summary>
    public long Step;

    /// <summary>Gets the number of groups, G.</summary>
    public readonly int Groups => Blocks / Copies;
}
