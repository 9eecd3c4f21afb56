using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>The way into blocks of 16 examples and out of them, and sums over them.</summary>
[MemoryDiagnoser]
public unsafe class LanesBenchmarks
{
    private readonly double[] _sums = GC.AllocateArray<double>(Lanes.Count, pinned: true);
    private readonly nint[] _rows = GC.AllocateArray<nint>(Lanes.Count, pinned: true);
    private AlignedBuffer _examples = new();
    private AlignedBuffer _block = new();
    private AlignedBuffer _other = new();
    private AlignedBuffer _factors = new();
    private AlignedBuffer _reduced = new();

    /// <summary>Gets or sets the numbers of an example.</summary>
    [Params(128, 784)]
    public int Size { get; set; }

    private float** Rows => (float**)Unmanaged(_rows);

    private double* Sums => (double*)Unmanaged(_sums);

    [GlobalSetup]
    public void SetUp()
    {
        _examples = Numbers.Buffer(Size * Lanes.Count, 1);
        _block = Numbers.Buffer(Size * Lanes.Count, 2);
        _other = new AlignedBuffer(Size * Lanes.Count);
        _factors = Numbers.Buffer(Lanes.Count, 3);
        _reduced = new AlignedBuffer(Size + Lanes.Count);
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            _rows[lane] = (nint)(_examples.Pointer + (lane * Size));
        }
    }

    [Benchmark]
    public void Gather() => Lanes.Gather(Rows, Lanes.Count, Size, _other.Pointer);

    [Benchmark]
    public void Scatter() => Lanes.Scatter(_block.Pointer, Size, _factors.Pointer, Lanes.Count, _other.Pointer);

    [Benchmark]
    public void Reduce() => Lanes.Reduce(_block.Pointer, Size, _reduced.Pointer);

    [Benchmark]
    public void Add() => Lanes.Add(_block.Pointer, _other.Pointer, Size);

    [Benchmark]
    public void AddScaled() => Lanes.AddScaled(_block.Pointer, _factors.Pointer, _other.Pointer, Size);

    [Benchmark]
    public void Spread() => Lanes.Spread(_examples.Pointer, Size, _other.Pointer);

    [Benchmark]
    public void AddSquares() => Lanes.AddSquares(_block.Pointer, Size, Sums);

    [Benchmark]
    public void AddDots() => Lanes.AddDots(_block.Pointer, _examples.Pointer, Size, Sums);

    private static void* Unmanaged<T>(T[] pinned)
        where T : unmanaged => Unsafe.AsPointer(
            ref MemoryMarshal.GetArrayDataReference(pinned));
}
