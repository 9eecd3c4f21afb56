using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Research.Benchmarks.Kernels;

/// <summary>Runs the benchmarks of this folder by BenchmarkDotNet.</summary>
internal static class KernelBenchmarks
{
    public static int Run(string[] arguments)
    {
        // From .artifacts/bin/PROJECT/CONFIGURATION: reports stay out of the folder one stands in.
        string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../BenchmarkDotNet"));
        IConfig config = DefaultConfig.Instance.WithArtifactsPath(folder);
        return BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(arguments, config)
            .Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            ? 1
            : 0;
    }
}
