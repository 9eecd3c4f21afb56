using System.Diagnostics;
using Research.TorchSharp;
using Research.Training;
using Research.Training.Data;

namespace Research.Benchmarks;

/// <summary>Plain stopwatch medians, a JSON line a measurement, in the units of shared/peers/torch_peer.py.</summary>
internal static class QuickBenchmark
{
    private const int Repetitions = 5;
    private const string Names =
        "gemm, noise, train-sgd-mlp, train-dp-mlp, train-sgd-cnn, train-dp-cnn, torch-sgd-mlp, torch-dp-mlp, "
        + "torch-loop-mlp, torch-sgd-cnn, torch-dp-cnn or torch-loop-cnn";

    public static int Run(string name, string[] arguments, TextWriter output, TextWriter errors)
    {
        (QuickOptions options, string? error) = QuickOptions.Read(arguments);
        if (error is not null)
        {
            errors.WriteLine(error);
            return 2;
        }

        switch (name)
        {
            case "gemm" when options.Threads != 1:
                errors.WriteLine(
                    "gemm: expected --threads 1, since a matrix product runs on one thread (training divides examples "
                    + $"among threads instead); got {options.Threads}.");
                return 2;
            case "gemm":
                foreach (int size in (ReadOnlySpan<int>)[256, 1024, 2048])
                {
                    double units = 2e-9 * size * size * size;
                    double[] rates = Measure(Workloads.Gemm(size), units, options.Seconds, errors);
                    output.WriteLine(Measurement.Of(name, $"{size}", 1, size, "GFLOP/s", rates).ToJson());
                }

                return 0;
            case "noise":
                using (NoiseWorkload noise = new(options.Threads))
                {
                    const int Count = NoiseWorkload.Count;
                    double[] rates = Measure(noise.Run, Count, options.Seconds, errors);
                    output.WriteLine(
                        Measurement.Of(name, "gaussian", options.Threads, Count, "samples/s", rates).ToJson());
                }

                return 0;
            case "train-sgd-mlp" or "train-dp-mlp" or "train-sgd-cnn" or "train-dp-cnn":
                output.WriteLine(Train(name, options, errors).ToJson());
                return 0;
            case "torch-sgd-mlp" or "torch-dp-mlp" or "torch-loop-mlp" or "torch-sgd-cnn" or "torch-dp-cnn"
                or "torch-loop-cnn":
                output.WriteLine(Torch(name, options, errors).ToJson());
                return 0;
            default:
                errors.WriteLine($"Expected {Names}; got '{name}'.");
                return 2;
        }
    }

    private static Measurement Train(string name, QuickOptions options, TextWriter errors)
    {
        bool isPrivate = name.Contains("-dp-", StringComparison.Ordinal);
        string model = name[^3..];
        ModelSpec spec = Workloads.Spec(model, isPrivate, options.Batch);
        Dataset data = Workloads.RandomData(isPrivate ? options.Batch * 4 : options.Batch, spec.Model.Input);
        using CancellationTokenSource enough = new();
        StepClock clock = new(options.Seconds, Repetitions, enough);
        try
        {
            TrainerOptions trainer = new() { Threads = options.Threads, Progress = clock };
            Trainer.Train(spec, data, trainer, enough.Token);
        }
        catch (OperationCanceledException)
        {
            // The clock has its repetitions.
        }

        Warn(clock.IsSettled, name, errors);
        return Measurement.Of(name, model, options.Threads, options.Batch, "samples/s", clock.Rates) with
        {
            AllocatedBytesPerStep = clock.AllocatedBytesPerStep,
            FirstStepSeconds = clock.FirstStepSeconds,
        };
    }

    private static Measurement Torch(string name, QuickOptions options, TextWriter errors)
    {
        GradientMethod? method = name.Contains("-dp-", StringComparison.Ordinal) ? GradientMethod.Automatic
            : name.Contains("-loop-", StringComparison.Ordinal) ? GradientMethod.Loop
            : null;
        string model = name[^3..];
        using TorchWorkload work = new(model, method, options);
        long samples = 0;
        double[] rates = Measure(() => samples += work.Step(), () => samples, options.Seconds, errors);
        return Measurement.Of(name, model, options.Threads, options.Batch, "samples/s", rates);
    }

    private static double[] Measure(Action work, double units, double seconds, TextWriter errors)
    {
        long runs = 0;
        return Measure(
            () =>
            {
                work();
                runs++;
            },
            () => runs * units,
            seconds,
            errors);
    }

    private static double[] Measure(Action work, Func<double> done, double seconds, TextWriter errors)
    {
        WarmUp warmUp = new(leastRuns: 1);
        do
        {
            work();
        }
        while (!warmUp.IsOver());
        Warn(warmUp.IsSettled, work.Method.Name, errors);

        double[] rates = new double[Repetitions];
        for (int i = 0; i < Repetitions; i++)
        {
            long began = Stopwatch.GetTimestamp();
            double before = done();
            double elapsed;
            do
            {
                work();
                elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            }
            while (elapsed < seconds);
            rates[i] = (done() - before) / elapsed;
        }

        return rates;
    }

    private static void Warn(bool isSettled, string name, TextWriter errors)
    {
        if (!isSettled)
        {
            errors.WriteLine($"{name}: the compiler was still at work when measuring began; rates may be too low.");
        }
    }
}
