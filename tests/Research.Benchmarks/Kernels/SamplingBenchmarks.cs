using BenchmarkDotNet.Attributes;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sampling;

namespace Research.Benchmarks.Kernels;

/// <summary>A Poisson batch out of 60,000 records.</summary>
[MemoryDiagnoser]
public class SamplingBenchmarks
{
    private const int Records = 60_000;

    private readonly PoissonSampler _sampler = new(new CryptographicRandom());
    private readonly List<int> _chosen = new(Records);

    [Params(0.005, 0.25)]
    public double Rate { get; set; }

    [Benchmark]
    public void Sample() => _sampler.Sample(Records, Rate, _chosen);
}
