using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>One step of each optimiser on the MLP's 235,146 weights.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks
{
    private const int Count = NoiseWorkload.Count;

    private readonly float[] _weights = Numbers.Array(Count, 1);
    private readonly float[] _gradient = Numbers.Array(Count, 2);
    private readonly float[] _first = new float[Count];
    private readonly float[] _second = new float[Count];

    [Benchmark]
    public void ScaledAdd() => ScaledSum.Add(-1e-3f, _gradient, _weights);

    [Benchmark]
    public void Momentum() => MomentumStep.Apply(_weights, _first, _gradient, 1f / 256, 1e-3f, 0.9f);

    [Benchmark]
    public void NesterovWithDecay() => DecayedMomentumStep.Apply(
        _weights, _first, _gradient, new MomentumCoefficients(1f / 256, 1e-3f, 0.9f, 1e-4f, true));

    [Benchmark]
    public void Adam() => AdamStep.Apply(
        _weights,
        _first,
        _second,
        _gradient,
        new AdamCoefficients(1f / 256, 1f, 0.9f, 0.1f, 0.999f, 0.001f, 1f, 1e-8f, 1e-3f));

    [Benchmark]
    public void Average() => MovingAverage.Apply(_first, _weights, 0.01f);
}
