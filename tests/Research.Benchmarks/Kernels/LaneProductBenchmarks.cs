using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>A [256, 784] times blocks of 16 examples: the MLP's first layer.</summary>
[MemoryDiagnoser]
public unsafe class LaneProductBenchmarks
{
    private const int Rows = 256;
    private const int Depth = 784;

    private AlignedBuffer<float> _weights = new(0);
    private AlignedBuffer<float> _packed = new(0);
    private AlignedBuffer<float> _x = new(0);
    private AlignedBuffer<float> _y = new(0);

    [Params(1, 8)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _weights = Numbers.Buffer(Rows * Depth);
        _packed = new AlignedBuffer<float>(LaneProduct.PackedLength(Rows, Depth));
        _x = Numbers.Buffer(Blocks * Depth * Lanes.Count);
        _y = new AlignedBuffer<float>(Blocks * Rows * Lanes.Count);
        Pack();
    }

    [Benchmark]
    public void Add()
    {
        fixed (float* packed = _packed, x = _x, y = _y)
        {
            LaneProduct.Add(packed, Rows, Depth, x, y, Blocks);
        }
    }

    [Benchmark]
    public void Pack()
    {
        fixed (float* weights = _weights, packed = _packed)
        {
            LaneProduct.Pack(weights, Strides.RowMajor(Depth), packed, Rows, Depth, 0, 1);
        }
    }
}
