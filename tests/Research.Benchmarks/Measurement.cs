using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Research.Benchmarks;

/// <summary>One line of <c>quick</c>'s output.</summary>
/// <param name="Bench">The benchmark's name.</param>
/// <param name="Model">The model; for <c>gemm</c> the size.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="Batch">Examples of a step; of a Poisson batch as many as are expected.</param>
/// <param name="Unit">What the rates count.</param>
/// <param name="RateMedian">Median of the repetitions.</param>
/// <param name="RateBest">Best of the repetitions.</param>
/// <param name="PeakRssMb">The process's largest resident memory so far, in MiB.</param>
/// <param name="AllocatedBytesPerStep">Managed bytes a training step allocates after the warm-up.</param>
/// <param name="FirstStepSeconds">From the start of the process to the end of the first training step.</param>
internal sealed record Measurement(
    string Bench,
    string Model,
    int Threads,
    int Batch,
    string Unit,
    double RateMedian,
    double RateBest,
    double PeakRssMb,
    double? AllocatedBytesPerStep = null,
    double? FirstStepSeconds = null)
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Takes the median and the best of rates, and the memory used up to here.</summary>
    public static Measurement Of(string bench, string model, int threads, int batch, string unit, double[] rates)
    {
        using Process process = Process.GetCurrentProcess();
        double peak = Math.Round(process.PeakWorkingSet64 / (double)(1 << 20), 1);
        double[] sorted = [.. rates.Order()];
        double median = Math.Round(sorted[sorted.Length / 2], 1);
        return new Measurement(bench, model, threads, batch, unit, median, Math.Round(sorted[^1], 1), peak);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Camel);
}
