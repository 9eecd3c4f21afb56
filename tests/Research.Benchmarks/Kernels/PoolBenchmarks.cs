using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>Pools of the CNN's first convolution, [16, 14, 14] by windows of 2, on one block of 16 images.</summary>
[MemoryDiagnoser]
public unsafe class PoolBenchmarks
{
    private ImageWindow _window;
    private AlignedBuffer<float> _x = new(0);
    private AlignedBuffer<float> _dx = new(0);
    private AlignedBuffer<float> _y = new(0);

    [Params(1, 2)]
    public int Stride { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _window = new ImageWindow(16, 14, 14, 2, Stride, 0);
        _x = Numbers.Buffer(_window.ImageLength * Lanes.Count);
        _dx = new AlignedBuffer<float>(_window.ImageLength * Lanes.Count);
        _y = Numbers.Buffer(_window.Channels * _window.Positions * Lanes.Count);
    }

    [Benchmark]
    public void MaxForward()
    {
        fixed (float* x = _x, y = _y)
        {
            MaxPool.Forward(x, _window, y);
        }
    }

    [Benchmark]
    public void MaxBackward()
    {
        fixed (float* x = _x, y = _y, dx = _dx)
        {
            MaxPool.Backward(x, _window, y, dx);
        }
    }

    [Benchmark]
    public void AverageForward()
    {
        fixed (float* x = _x, y = _y)
        {
            AveragePool.Forward(x, _window, y);
        }
    }

    [Benchmark]
    public void AverageBackward()
    {
        fixed (float* y = _y, dx = _dx)
        {
            AveragePool.Backward(_window, y, dx);
        }
    }
}
