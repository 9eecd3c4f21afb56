using BenchmarkDotNet.Attributes;
using Research.Privacy.Mechanisms;

namespace Research.Benchmarks.Kernels;

/// <summary>Gaussian noise from the operating system's randomness.</summary>
[MemoryDiagnoser]
public class NoiseBenchmarks
{
    private readonly GaussianNoise _noise = new(new CryptographicRandom());
    private float[] _values = [];

    /// <summary>Gets or sets how many numbers; 235,146 are the MLP's parameters.</summary>
    [Params(1_000, NoiseWorkload.Count)]
    public int Count { get; set; }

    [GlobalSetup]
    public void SetUp() => _values = new float[Count];

    [Benchmark]
    public void Add() => _noise.Add(_values, 1);
}
