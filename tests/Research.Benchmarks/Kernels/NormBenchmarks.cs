using BenchmarkDotNet.Attributes;
using Research.Privacy.Clipping;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>Squared norms of a gradient.</summary>
[MemoryDiagnoser]
public class NormBenchmarks
{
    private readonly float[] _gradient = Numbers.Array(NoiseWorkload.Count);

    [Benchmark]
    public double Vector() => SquaredNorm.Of(_gradient);

    [Benchmark]
    public double InOrder() => L2Clipping.SquaredNorm(_gradient);
}
