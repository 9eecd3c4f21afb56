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
    private AlignedBuffer _weights = new();
    private AlignedBuffer _transposed = new();
    private AlignedBuffer _bias = new();
    private AlignedBuffer _x = new();
    private AlignedBuffer _dx = new();
    private AlignedBuffer _y = new();
    private AlignedBuffer _gradient = new();
    private AlignedBuffer _norms = new();

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

        AlignedBuffer plain = Numbers.Buffer(_outputs * window.Taps);
        _weights = new AlignedBuffer(Convolution.PackedLength(_outputs, window.Taps));
        Convolution.Pack(plain.Pointer, Strides.RowMajor(window.Taps), _weights.Pointer, _outputs, window.Taps);
        _transposed = new AlignedBuffer(Convolution.PackedLength(window.Taps, _outputs));
        Convolution.Pack(plain.Pointer, Strides.TransposeOf(window.Taps), _transposed.Pointer, window.Taps, _outputs);
        _bias = Numbers.Buffer(_outputs);
        _x = Numbers.Buffer(window.ImageLength * Lanes.Count);
        _dx = new AlignedBuffer(window.ImageLength * Lanes.Count);
        _y = Numbers.Buffer(_outputs * window.Positions * Lanes.Count);
        _gradient = new AlignedBuffer(_outputs * window.Taps * Lanes.Count);
        _norms = new AlignedBuffer(Lanes.Count * 2);
    }

    [Benchmark]
    public void Forward() => Convolution.Forward(
        _weights.Pointer, _bias.Pointer, _x.Pointer, _taps, _positions, _y.Pointer, _outputs);

    [Benchmark]
    public void Backward() => Convolution.Backward(
        _transposed.Pointer, _y.Pointer, _outputRows, _taps, _positions, _dx.Pointer);

    [Benchmark]
    public void Differentiate() => Convolution.Differentiate(
        _y.Pointer,
        _positions.Length * Lanes.Count,
        Lanes.Count,
        _x.Pointer,
        _taps,
        _positions,
        _outputs,
        _gradient.Pointer);

    [Benchmark]
    public void AddPairNorms() => Convolution.AddPairNorms(
        _y.Pointer, _x.Pointer, _taps, _positions, _outputs, (double*)_norms.Pointer);
}
