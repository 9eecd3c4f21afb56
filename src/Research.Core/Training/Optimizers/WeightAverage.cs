using Research.Tensors;

namespace Research.Training.Optimizers;

/// <summary>An exponential moving average of a run's weights: a ← decay·a + (1 − decay)·w after each step.</summary>
/// <remarks>
/// It reads released weights only, so it costs no privacy (post-processing). Held in single precision: a difference
/// below 6e-8 / (1 − decay) of a weight no longer moves its average.
/// </remarks>
internal sealed class WeightAverage
{
    private readonly float _share;
    private readonly float[] _values;

    /// <summary>Starts the average at the first weights.</summary>
    /// <param name="initial">The weights before the first step.</param>
    /// <param name="decay">In (0, 1).</param>
    public WeightAverage(ReadOnlySpan<float> initial, double decay)
    {
        _share = (float)(1 - decay);
        _values = initial.ToArray();
    }

    /// <summary>Gets the averaged weights; a checkpoint may copy them and write them back.</summary>
    public float[] Values => _values;

    /// <summary>Takes in the weights from <paramref name="start"/> up to <paramref name="end"/> after a step.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="start">First weight; threads may share the work at multiples of 16.</param>
    /// <param name="end">One past the last weight.</param>
    public void Step(ReadOnlySpan<float> weights, int start, int end) =>
        MovingAverage.Apply(_values.AsSpan(start..end), weights[start..end], _share);
}
