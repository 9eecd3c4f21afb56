using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>The CNN's two convolutions on one block of 16 images, padding already there.</summary>
[MemoryDiagnoser]
public unsafe class ConvolutionBenchmarks
{
    private int _outputs;
    private int[] _taps = [];
    private int[] _positions = [];
    private int[] _outputRows = [];
    private AlignedBuffer<float> _weights = new(0);
    private AlignedBuffer<float> _transposed = new(0);
    private AlignedBuffer<float> _bias = new(0);
    private AlignedBuffer<float> _x = new(0);
    private AlignedBuffer<float> _dx = new(0);
    private AlignedBuffer<float> _y = new(0);
    private AlignedBuffer<float> _gradient = new(0);
    private AlignedBuffer<double> _norms = new(0);

    /// <summary>Gets or sets which: 1 is 1-16 k8 s2 on 34 × 34, 2 is 16-32 k4 s2 on 13 × 13.</summary>
    [Params(1, 2)]
    public int Layer { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        ImageWindow window = Layer == 1 ? new(1, 34, 34, 8, 2, 0) : new(16, 13, 13, 4, 2, 0);
        _outputs = Layer == 1 ? 16 : 32;
        _taps = new int[window.Taps];
        for (int t = 0; t < _taps.Length; t++)
        {
            int area = window.Kernel * window.Kernel;
            int line = (t / area * window.Height) + (t % area / window.Kernel);
            _taps[t] = ((line * window.Width) + (t % window.Kernel)) * Lanes.Count;
        }

        _positions = new int[window.Positions];
        for (int p = 0; p < _positions.Length; p++)
        {
            int line = p / window.OutputWidth * window.Stride;
            _positions[p] = ((line * window.Width) + (p % window.OutputWidth * window.Stride)) * Lanes.Count;
        }

        _outputRows = new int[_outputs];
        for (int o = 0; o < _outputs; o++)
        {
            _outputRows[o] = o * window.Positions * Lanes.Count;
        }

        _weights = new AlignedBuffer<float>(Convolution.PackedLength(_outputs, window.Taps));
        _transposed = new AlignedBuffer<float>(Convolution.PackedLength(window.Taps, _outputs));
        fixed (float* plain = Numbers.Array(_outputs * window.Taps), weights = _weights, transposed = _transposed)
        {
            Convolution.Pack(plain, Strides.RowMajor(window.Taps), weights, _outputs, window.Taps);
            Convolution.Pack(plain, Strides.TransposeOf(window.Taps), transposed, window.Taps, _outputs);
        }

        _bias = Numbers.Buffer(_outputs);
        _x = Numbers.Buffer(window.ImageLength * Lanes.Count);
        _dx = new AlignedBuffer<float>(window.ImageLength * Lanes.Count);
        _y = Numbers.Buffer(_outputs * window.Positions * Lanes.Count);
        _gradient = new AlignedBuffer<float>(_outputs * window.Taps * Lanes.Count);
        _norms = new AlignedBuffer<double>(Lanes.Count);
    }

    [Benchmark]
    public void Forward()
    {
        fixed (float* weights = _weights, bias = _bias, x = _x, y = _y)
        {
            Convolution.Forward(weights, bias, x, _taps, _positions, y, _outputs);
        }
    }

    [Benchmark]
    public void Backward()
    {
        fixed (float* transposed = _transposed, y = _y, dx = _dx)
        {
            Convolution.Backward(transposed, y, _outputRows, _taps, _positions, dx);
        }
    }

    [Benchmark]
    public void Differentiate()
    {
        fixed (float* y = _y, x = _x, gradient = _gradient)
        {
            Convolution.Differentiate(
                y, _positions.Length * Lanes.Count, Lanes.Count, x, _taps, _positions, _outputs, gradient);
        }
    }
}
