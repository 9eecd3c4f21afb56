using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>Losses of 16 examples side by side, and their gradients.</summary>
[MemoryDiagnoser]
public class LossBenchmarks
{
    private readonly float[] _losses = new float[Lanes.Count];
    private float[] _scores = [];
    private float[] _gradient = [];
    private int[] _labels = [];

    [Params(10, 100)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _scores = Numbers.Array(Classes * Lanes.Count);
        _gradient = new float[Classes * Lanes.Count];
        _labels = Numbers.Labels(Lanes.Count, Classes);
    }

    [Benchmark]
    public void CrossEntropy() => LaneCrossEntropy.Apply(_scores, Classes, _labels, 0, _losses, _gradient);

    [Benchmark]
    public void SmoothedCrossEntropy() => LaneCrossEntropy.Apply(_scores, Classes, _labels, 0.1, _losses, _gradient);

    [Benchmark]
    public void BinaryCrossEntropy() => LaneBinaryCrossEntropy.Apply(_scores, Classes, _labels, _losses, _gradient);

    [Benchmark]
    public void SquaredError() => LaneSquaredError.Apply(_scores, Classes, _labels, _losses, _gradient);

    [Benchmark]
    public void RowCrossEntropy() =>
        SoftmaxCrossEntropy.ForwardBackward(_scores, Classes, _labels, _losses, _gradient);
}
