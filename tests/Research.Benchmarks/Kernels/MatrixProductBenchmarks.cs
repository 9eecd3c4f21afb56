using BenchmarkDotNet.Attributes;
using Research.Tensors;

namespace Research.Benchmarks.Kernels;

/// <summary>C += A·B of square matrices.</summary>
[MemoryDiagnoser]
public class MatrixProductBenchmarks
{
    private float[] _a = [];
    private float[] _b = [];
    private float[] _c = [];

    [Params(64, 256, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _a = Numbers.Array(Size * Size, 1);
        _b = Numbers.Array(Size * Size, 2);
        _c = new float[Size * Size];
    }

    [Benchmark]
    public void Add() =>
        MatrixProduct.Add(_a, Strides.RowMajor(Size), _b, Strides.RowMajor(Size), _c, Size, Size, Size, Size);

    [Benchmark]
    public void AddTransposed() =>
        MatrixProduct.Add(_a, Strides.TransposeOf(Size), _b, Strides.RowMajor(Size), _c, Size, Size, Size, Size);
}
