using System.Diagnostics;
using Research.Privacy.Mechanisms;
using Research.Tensors;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Benchmarks;

/// <summary>The workloads of shared/peers/torch_peer.py: same models, same data shapes.</summary>
internal static class Workloads
{
    private const int Classes = 10;
    private const int Pixels = 784;
    private const int WarmUpSteps = 200;

    /// <summary>A square matrix product on one thread.</summary>
    public static Action Gemm(int size)
    {
        Random random = new(1);
        float[] a = [.. Enumerable.Range(0, size * size).Select(_ => random.NextSingle() - 0.5f)];
        float[] b = [.. Enumerable.Range(0, size * size).Select(_ => random.NextSingle() - 0.5f)];
        float[] c = new float[size * size];
        return () =>
        {
            Array.Clear(c);
            MatrixProduct.Add(a, Strides.RowMajor(size), b, Strides.RowMajor(size), c, size, size, size, size);
        };
    }

    /// <summary>Noise on the MLP's gradient, by a part a thread.</summary>
    public static (Action Work, int Count) Noise(int threads)
    {
        const int Parameters = 235_146;
        float[] gradient = new float[Parameters];
        GaussianNoise noise = new(new CryptographicRandom());
        int blocks = (Parameters + GaussianNoise.PartBlock - 1) / GaussianNoise.PartBlock;
        int part = (blocks + threads - 1) / threads * GaussianNoise.PartBlock;
        void AddPart(int thread)
        {
            int from = Math.Min(thread * part, Parameters);
            noise.AddPart(gradient.AsSpan(from, Math.Min(part, Parameters - from)), thread * part, 1);
        }

        return (() =>
        {
            if (threads == 1)
            {
                noise.Add(gradient, 1);
                return;
            }

            Parallel.For(0, threads, AddPart);
            noise.Advance(Parameters);
        }, Parameters);
    }

    /// <summary>Trains and returns the samples a second of each repetition, set-up left out.</summary>
    public static double[] Training(
        string model, bool isPrivate, int threads, int batch, double seconds, int repetitions)
    {
        ModelSpec spec = Spec(model, isPrivate, batch);
        int examples = isPrivate ? batch * 4 : batch;
        Dataset data = RandomData(examples, spec.Model.Input);
        StepClock clock = new(seconds, repetitions);
        using CancellationTokenSource enough = new();
        clock.Done += enough.Cancel;
        try
        {
            Trainer.Train(spec, data, new TrainerOptions { Threads = threads, Progress = clock }, enough.Token);
        }
        catch (OperationCanceledException)
        {
            // The clock has its repetitions.
        }

        return clock.Rates;
    }

    public static ModelSpec Spec(string model, bool isPrivate, int batch) => new()
    {
        Name = model,
        Model = model == "mlp"
            ? new ModelSection(
                [Pixels],
                1,
                [new Linear(Pixels, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, Classes)])
            : new ModelSection(
                [1, 28, 28],
                1,
                [
                    new Conv2d(1, 16, 8, 2, 3), new ReLU(), new MaxPool2d(2, 1),
                    new Conv2d(16, 32, 4, 2), new ReLU(), new MaxPool2d(2, 1), new Flatten(),
                    new Linear(512, 32), new ReLU(), new Linear(32, Classes),
                ]),
        Optimizer = new Sgd(0.05),
        Training = new TrainingSection(batch, 100_000_000),
        Privacy = isPrivate ? new PrivacySection(0.25, 1, 1, 1e-5, 1000) : null,
    };

    public static Dataset RandomData(int examples, IReadOnlyList<int> shape)
    {
        Random random = new(2);
        float[] inputs = [.. Enumerable.Range(0, examples * Pixels).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, examples).Select(_ => random.Next(Classes))];
        return new Dataset(inputs, labels, shape, Classes);
    }

    /// <summary>Turns progress reports into rates and stops when it has enough of them.</summary>
    private sealed class StepClock(double seconds, int repetitions) : IProgress<TrainingProgress>
    {
        private readonly List<double> _rates = [];
        private long _began;
        private long _samples;

        public event Action? Done;

        public double[] Rates => [.. _rates];

        public void Report(TrainingProgress value)
        {
            if (value.Point.Step <= WarmUpSteps && value.Elapsed.TotalSeconds < 2)
            {
                _began = Stopwatch.GetTimestamp();
                return;
            }

            _samples += value.Point.BatchSize;
            double elapsed = Stopwatch.GetElapsedTime(_began).TotalSeconds;
            if (elapsed < seconds)
            {
                return;
            }

            _rates.Add(_samples / elapsed);
            _samples = 0;
            _began = Stopwatch.GetTimestamp();
            if (_rates.Count == repetitions)
            {
                Done?.Invoke();
            }
        }
    }
}
