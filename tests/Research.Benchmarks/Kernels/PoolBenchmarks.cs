using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>Pools of the CNN's first convolution, [16, 14, 14] by windows of 2, on one block of 16 images.</summary>
[MemoryDiagnoser]
public unsafe class PoolBenchmarks
{
    private ImageWindow _window;
    private AlignedBuffer _x = new();
    private AlignedBuffer _dx = new();
    private AlignedBuffer _y = new();

    [Params(1, 2)]
    public int Stride { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _window = new ImageWindow(16, 14, 14, 2, Stride, 0);
        _x = Numbers.Buffer(_window.ImageLength * Lanes.Count);
        _dx = new AlignedBuffer(_window.ImageLength * Lanes.Count);
        _y = Numbers.Buffer(_window.Channels * _window.Positions * Lanes.Count);
    }

    [Benchmark]
    public void MaxForward() => MaxPool.Forward(_x.Pointer, _window, _y.Pointer);

    [Benchmark]
    public void MaxBackward() => MaxPool.Backward(_x.Pointer, _window, _y.Pointer, _dx.Pointer);

    [Benchmark]
    public void AverageForward() => AveragePool.Forward(_x.Pointer, _window, _y.Pointer);

    [Benchmark]
    public void AverageBackward() => AveragePool.Backward(_window, _y.Pointer, _dx.Pointer);
}
