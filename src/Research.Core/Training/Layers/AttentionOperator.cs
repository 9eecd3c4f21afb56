using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes softmax(q·kᵀ/√d)·v for each head of <see cref="SelfAttention"/>.</summary>
/// <remarks>T = positions, D = size; what arrives is [T, 3, D]. The weights of the softmax, [heads, T, T], are
/// kept for the backward pass.</remarks>
internal sealed unsafe class AttentionOperator(int positions, int size, int heads, bool isCausal)
    : LayerOperator([positions, 3 * size], [positions, size])
{
    private readonly int _depth = size / heads;

    public override int SavedLength => heads * positions * positions;

    public override int ScratchLength => positions * positions * Lanes.Count;

    public override void Forward(in LayerPass pass)
    {
        for (int block = 0; block < pass.Blocks; block++)
        {
            for (int head = 0; head < heads; head++)
            {
                long offset = (long)head * _depth * Lanes.Count;
                Attention.Forward(
                    pass.X + ((long)block * InputSize * Lanes.Count) + offset,
                    size,
                    _depth,
                    positions,
                    isCausal,
                    Weights(pass, block, head),
                    pass.Y + ((long)block * OutputSize * Lanes.Count) + offset);
            }
        }
    }

    public override void Backward(in LayerPass pass)
    {
        for (int block = 0; block < pass.Blocks; block++)
        {
            for (int head = 0; head < heads; head++)
            {
                long offset = (long)head * _depth * Lanes.Count;
                Attention.Backward(
                    pass.X + ((long)block * InputSize * Lanes.Count) + offset,
                    size,
                    _depth,
                    positions,
                    isCausal,
                    Weights(pass, block, head),
                    pass.Dy + ((long)block * OutputSize * Lanes.Count) + offset,
                    pass.Scratch,
                    pass.Dx + ((long)block * InputSize * Lanes.Count) + offset);
            }
        }
    }

    private float* Weights(in LayerPass pass, int block, int head) =>
        pass.Saved + (((long)block * heads) + head) * positions * positions * Lanes.Count;
}
