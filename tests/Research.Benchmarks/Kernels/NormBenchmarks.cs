using BenchmarkDotNet.Attributes;
using Research.Privacy.Clipping;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>Squared norms, of a gradient and of sums of outer products that are never formed.</summary>
[MemoryDiagnoser]
public unsafe class NormBenchmarks
{
    private const int Inputs = 784;
    private const int Outputs = 256;
    private const int Terms = 4;

    private readonly float[] _gradient = Numbers.Array(NoiseWorkload.Count);
    private readonly AlignedBuffer<float> _x = Numbers.Buffer(Terms * Inputs * Lanes.Count, 1);
    private readonly AlignedBuffer<float> _dy = Numbers.Buffer(Terms * Outputs * Lanes.Count, 2);
    private readonly AlignedBuffer<double> _norms = new(Lanes.Count);

    [Benchmark]
    public double Vector() => SquaredNorm.Of(_gradient);

    [Benchmark]
    public double InOrder() => L2Clipping.SquaredNorm(_gradient);

    [Benchmark]
    public void OuterPairs()
    {
        fixed (float* x = _x, dy = _dy)
        fixed (double* norms = _norms)
        {
            OuterNorm.AddPairs(x, Inputs, dy, Outputs, Terms, norms);
        }
    }
}
