using Research.Privacy.Mechanisms;
using Research.Training;

namespace Research.Tests.Privacy.Auditing;

/// <summary>The right release, or one that does not clip, with somebody looking at its noisy sum.</summary>
internal sealed class Watched(ModelSpec spec, RandomSource random, float[] seen, bool clips)
    : GradientRelease(spec, random, seen.Length)
{
    public override Research.Training.Clipping Clipping => clips ? base.Clipping : base.Clipping with { Norm = 1e29 };

    public override void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy, int offset)
    {
        base.AddNoise(sums, noisy, offset);
        noisy.CopyTo(seen.AsSpan(offset));
    }
}
