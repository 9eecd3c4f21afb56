using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>The way into blocks of 16 examples and out of them, and sums over them.</summary>
[MemoryDiagnoser]
public unsafe class LanesBenchmarks
{
    private readonly double[] _sums = new double[Lanes.Count];
    private AlignedBuffer<float> _examples = new(0);
    private AlignedBuffer<float> _block = new(0);
    private AlignedBuffer<float> _other = new(0);
    private AlignedBuffer<float> _factors = new(0);
    private AlignedBuffer<float> _reduced = new(0);

    /// <summary>Gets or sets the numbers of an example.</summary>
    [Params(128, 784)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _examples = Numbers.Buffer(Size * Lanes.Count, 1);
        _block = Numbers.Buffer(Size * Lanes.Count, 2);
        _other = new AlignedBuffer<float>(Size * Lanes.Count);
        _factors = Numbers.Buffer(Lanes.Count, 3);
        _reduced = new AlignedBuffer<float>(Size + Lanes.Count);
    }

    [Benchmark]
    public void Gather()
    {
        float** rows = stackalloc float*[Lanes.Count];
        fixed (float* examples = _examples, other = _other)
        {
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                rows[lane] = examples + (lane * Size);
            }

            Lanes.Gather(rows, Lanes.Count, Size, other);
        }
    }

    [Benchmark]
    public void Scatter()
    {
        fixed (float* block = _block, factors = _factors, other = _other)
        {
            Lanes.Scatter(block, Size, factors, Lanes.Count, other);
        }
    }

    [Benchmark]
    public void Reduce()
    {
        fixed (float* block = _block, reduced = _reduced)
        {
            Lanes.Reduce(block, Size, reduced);
        }
    }

    [Benchmark]
    public void Add()
    {
        fixed (float* block = _block, other = _other)
        {
            Lanes.Add(block, other, Size);
        }
    }

    [Benchmark]
    public void AddScaled()
    {
        fixed (float* block = _block, factors = _factors, other = _other)
        {
            Lanes.AddScaled(block, factors, other, Size);
        }
    }

    [Benchmark]
    public void Spread()
    {
        fixed (float* examples = _examples, other = _other)
        {
            Lanes.Spread(examples, Size, other);
        }
    }

    [Benchmark]
    public void AddSquares()
    {
        fixed (float* block = _block)
        fixed (double* sums = _sums)
        {
            Lanes.AddSquares(block, Size, sums);
        }
    }

    [Benchmark]
    public void AddDots()
    {
        fixed (float* block = _block, examples = _examples)
        fixed (double* sums = _sums)
        {
            Lanes.AddDots(block, examples, Size, sums);
        }
    }
}
