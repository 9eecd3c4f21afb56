using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Dropout"/>; the backward pass makes the same mask again.</summary>
internal sealed unsafe class DropoutOperator(IReadOnlyList<int> shape, double rate) : LayerOperator(shape, shape)
{
    private readonly uint _threshold = (uint)Math.Round(rate * 4294967296.0);
    private readonly float _scale = (float)(1 / (1 - rate));
    private ulong _seed;

    public override bool WorksInPlace => true;

    public override int SavedLength => 1; // each example's hash

    public override void Initialise(SeededGenerator generator, Span<float> weights) => _seed = generator.NextBits();

    public override void Forward(in LayerPass pass)
    {
        long length = (long)InputSize * Lanes.Count;
        if (!pass.Training)
        {
            long bytes = pass.X == pass.Y ? 0 : pass.Blocks * length * sizeof(float);
            Buffer.MemoryCopy(pass.X, pass.Y, bytes, bytes);
            return;
        }

        for (int block = 0; block < pass.Blocks; block++)
        {
            uint start = Start(pass.Step, block % pass.Copies);
            float* hash = pass.Saved + ((long)block * Lanes.Count);
            DropoutMask.Hash(pass.X + (block * length), InputSize, start, hash);
            DropoutMask.Apply(
                pass.X + (block * length), InputSize, hash, _threshold, _scale, pass.Y + (block * length));
        }
    }

    public override void Backward(in LayerPass pass)
    {
        long length = (long)InputSize * Lanes.Count;
        for (int block = 0; block < pass.Blocks; block++)
        {
            DropoutMask.Apply(
                pass.Dy + (block * length),
                InputSize,
                pass.Saved + ((long)block * Lanes.Count),
                _threshold,
                _scale,
                pass.Dx + (block * length));
        }
    }

    private uint Start(long step, int copy)
    {
        SeededGenerator generator = new(_seed ^ ((ulong)step * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)(uint)copy << 48));
        return (uint)(generator.NextBits() >> 32);
    }
}
