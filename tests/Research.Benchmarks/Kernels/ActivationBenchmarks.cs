using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>Elementwise functions on the MLP's hidden layer, 256 numbers of 16 examples.</summary>
[MemoryDiagnoser]
public class ActivationBenchmarks
{
    private const int Length = 256 * Lanes.Count;

    private readonly float[] _x = Numbers.Array(Length, 1);
    private readonly float[] _dy = Numbers.Array(Length, 2);
    private readonly float[] _y = new float[Length];
    private readonly float[] _dx = new float[Length];

    [Benchmark]
    public void TanhForward() => HyperbolicTangent.Forward(_x, _y);

    [Benchmark]
    public void TanhBackward() => HyperbolicTangent.Backward(_x, _dy, _dx);

    [Benchmark]
    public void RectifierForward() => Rectifier.Forward(_x, _y);

    [Benchmark]
    public void RectifierBackward() => Rectifier.Backward(_x, _dy, _dx);
}
