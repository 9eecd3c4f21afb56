using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>A [256, 784] times blocks of 16 examples: the MLP's first layer.</summary>
[MemoryDiagnoser]
public unsafe class LaneProductBenchmarks
{
    private const int Rows = 256;
    private const int Depth = 784;

    private AlignedBuffer _weights = new();
    private AlignedBuffer _packed = new();
    private AlignedBuffer _x = new();
    private AlignedBuffer _y = new();

    [Params(1, 8)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _weights = Numbers.Buffer(Rows * Depth);
        _packed = new AlignedBuffer(LaneProduct.PackedLength(Rows, Depth));
        _x = Numbers.Buffer(Blocks * Depth * Lanes.Count);
        _y = new AlignedBuffer(Blocks * Rows * Lanes.Count);
        Pack();
    }

    [Benchmark]
    public void Add() => LaneProduct.Add(_packed.Pointer, Rows, Depth, _x.Pointer, _y.Pointer, Blocks);

    [Benchmark]
    public void Pack() =>
        LaneProduct.Pack(_weights.Pointer, Strides.RowMajor(Depth), _packed.Pointer, Rows, Depth, 0, 1);
}
