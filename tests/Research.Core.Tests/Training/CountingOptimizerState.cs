using Research.Training.Optimizers;

namespace Research.Tests.Training;

/// <summary>Moves weights as another does, and notes how many bytes each thread has allocated after each step.</summary>
/// <param name="inner">What moves the weights.</param>
/// <param name="steps">The steps of the run.</param>
/// <param name="wastes">Whether every thread but the caller's allocates an object a step.</param>
internal sealed class CountingOptimizerState(OptimizerState inner, int steps, bool wastes) : OptimizerState, IDisposable
{
    private readonly ThreadLocal<long[]> _counts = new(() => new long[steps + 1], trackAllValues: true);
    private readonly int _caller = Environment.CurrentManagedThreadId;

    public override IReadOnlyList<(string Name, float[] Values)> Slots => inner.Slots;

    /// <summary>Gets, for each thread, the bytes at the end of each step.</summary>
    public IList<long[]> Counts => _counts.Values;

    public override void Step(
        Span<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        int step,
        int start,
        int end)
    {
        inner.Step(weights, gradient, scale, learningRate, step, start, end);
        if (wastes && Environment.CurrentManagedThreadId != _caller)
        {
            GC.KeepAlive(new object());
        }

        _counts.Value![step] = GC.GetAllocatedBytesForCurrentThread();
    }

    public void Dispose() => _counts.Dispose();
}
