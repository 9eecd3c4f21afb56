using Research.Privacy.Mechanisms;
using Research.Training;

namespace Research.Federation.Rewards;

/// <summary>Sums of clipped gradients without noise: for records that are public, and for attackers.</summary>
internal class SilentRelease(ModelSpec spec, RandomSource random, int weights)
    : GradientRelease(spec, random, weights)
{
    public override void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy, int offset)
    {
        double step = Sum.Grid.NoiseStep * Sum.Grid.NoiseSteps;
        for (int i = 0; i < sums.Length; i++)
        {
            noisy[i] = (float)(sums[i] * step);
        }
    }
}
