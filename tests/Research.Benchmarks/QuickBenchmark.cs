using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Research.Benchmarks;

/// <summary>Plain stopwatch medians, a JSON line a measurement, in the units of shared/peers/torch_peer.py.</summary>
internal static class QuickBenchmark
{
    private const int Repetitions = 5;

    public static int Run(string name, string[] arguments, TextWriter output, TextWriter errors)
    {
        if (!TryOptions(arguments, out int threads, out int batch, out double seconds))
        {
            errors.WriteLine("Expected --threads N --batch B --seconds S with positive numbers.");
            return 2;
        }

        switch (name)
        {
            case "gemm":
                foreach (int size in (int[])[256, 1024, 2048])
                {
                    Action product = Workloads.Gemm(size);
                    Report(
                        output,
                        name,
                        $"{size}",
                        threads: 1,
                        size,
                        "GFLOP/s",
                        Measure(product, 2e-9 * size * size * size, seconds));
                }

                return 0;
            case "noise":
                (Action work, int count) = Workloads.Noise(threads);
                Report(output, name, "gaussian", threads, count, "samples/s", Measure(work, count, seconds));
                return 0;
            case "train-sgd-mlp" or "train-dp-mlp" or "train-sgd-cnn" or "train-dp-cnn":
                bool isPrivate = name.Contains("-dp-", StringComparison.Ordinal);
                string model = name[^3..];
                Report(
                    output, name, model, threads, batch, "samples/s", Workloads.Training(
                        model, isPrivate, threads, batch, seconds, Repetitions));
                return 0;
            default:
                errors.WriteLine($"Unknown benchmark '{name}'.");
                return 2;
        }
    }

    private static double[] Measure(Action work, double units, double seconds)
    {
        for (long warm = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(warm).TotalSeconds < Math.Min(seconds, 1);)
        {
            work();
        }

        double[] rates = new double[Repetitions];
        for (int i = 0; i < Repetitions; i++)
        {
            long began = Stopwatch.GetTimestamp();
            long runs = 0;
            double elapsed;
            do
            {
                work();
                runs++;
                elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            }
            while (elapsed < seconds);
            rates[i] = runs * units / elapsed;
        }

        return rates;
    }

    private static bool TryOptions(string[] arguments, out int threads, out int batch, out double seconds)
    {
        threads = 1;
        batch = 256;
        seconds = 1;
        bool understood = arguments.Length % 2 == 0;
        for (int i = 0; understood && i < arguments.Length; i += 2)
        {
            understood = arguments[i] switch
            {
                "--threads" => TryCount(arguments[i + 1], out threads),
                "--batch" => TryCount(arguments[i + 1], out batch),
                "--seconds" => double.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out seconds)
                    && seconds > 0,
                _ => false,
            };
        }

        return understood;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    private static void Report(
        TextWriter output, string bench, string model, int threads, int batch, string unit, double[] rates)
    {
        Array.Sort(rates);
        output.WriteLine(JsonSerializer.Serialize(new
        {
            bench,
            model,
            threads,
            batch,
            unit,
            rateMedian = Math.Round(rates[rates.Length / 2], 1),
            rateBest = Math.Round(rates[^1], 1),
            peakRssMb = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
        }));
    }
}
