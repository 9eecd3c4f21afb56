using System.Diagnostics;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.TorchSharp.Exchange;
using Research.Training;
using Research.Training.Optimizers;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

public sealed class TrainingTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("torch-training").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [TorchFact]
    public void Run_OnSeparableRecords_Learns()
    {
        using TorchExamples examples = Separable(400, 1);
        using TorchExamples validation = Separable(200, 2);
        using Module<Tensor, Tensor> module = Net();
        PrivatePlan plan = PrivatePlan.ForEpsilon(4, sampleRate: 0.2, steps: 60, batchSize: 80);
        TorchRun run = PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.parameters(), 0.5, 0.5),
            examples,
            (x, y) => Models.CrossEntropy(module.call(x), y),
            plan,
            new TorchOptions
            {
                Random = Seeded(),
                Validation = validation,
                ValidationInterval = 20,
                Hits = (x, y) => module.call(x).argmax(1).eq(y),
                AverageDecay = 0.8,
                Schedule = new CosineSchedule(),
            }).Run();

        Assert.InRange(plan.Epsilon, 3.99, 4);
        Assert.Equal(double.PositiveInfinity, run.Epsilon); // Seeded: it hides nothing.
        Assert.Equal([20, 40, 60], run.LossCurve.Where(p => p.Validation is not null).Select(p => p.Step));
        Assert.InRange(run.LossCurve[^1].Validation!.Accuracy, 0.9, 1);
        Assert.True(run.LossCurve[^1].Validation!.Loss < 0.5 * Math.Log(3));
        Checkpoint released = run.Release(PrivacyLedger.Open(_home, 8), "test", insecure: true);
        TorchWeights.Load(module, released);
        using Tensor right = module.call(validation.Inputs).argmax(1).eq(validation.Targets);
        Assert.Equal(run.LossCurve[^1].Validation!.Accuracy, right.to(float64).mean().item<double>(), 1e-12);
    }

    [TorchFact]
    public void Run_WithEmptyBatches_ReleasesNoiseForThemToo()
    {
        using TorchExamples examples = Separable(3, 1);
        using Module<Tensor, Tensor> module = Net();
        int seen = 0;
        double squares = 0;
        TorchOptions options = new()
        {
            Random = Seeded(),
            Seen = (_, noisy) => (seen, squares) = (seen + 1, squares + noisy.Average(x => (double)x * x)),
        };
        PrivatePlan plan = Models.Plan(rate: 0.01, steps: 200, noise: 3, clip: 0.5);

        TorchRun run = Models.Trainer(module, examples, options, plan).Run();

        Assert.InRange(run.LossCurve.Count(point => point.BatchSize == 0), 180, 200);
        Assert.All(run.LossCurve.Where(point => point.BatchSize == 0), point => Assert.Null(point.Loss));
        Assert.Equal(200, seen);
        Assert.InRange(Math.Sqrt(squares / seen), 1.45, 1.55); // σ·C
    }

    [TorchTheory]
    [InlineData(16)]
    [InlineData(64)]
    public void Run_AnyMicroBatch_ReleasesTheSameButForRounding(int rows)
    {
        using TorchExamples examples = Separable(300, 1);
        float[] first = Final(examples, new TorchOptions { MicroBatch = 32 });

        float[] other = Final(examples, new TorchOptions { MicroBatch = rows });

        Assert.InRange(first.Zip(other, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5);
    }

    [TorchFact]
    public void Run_ByTheLoop_IsTheRunByLayersButForRounding()
    {
        using TorchExamples examples = Separable(60, 1);
        float[] layers = Final(examples, new TorchOptions());

        float[] loop = Final(examples, new TorchOptions { Method = GradientMethod.Loop });

        // Whole-number factors of a linear layer are rounded by up to half a percent of a gradient.
        Assert.InRange(layers.Zip(loop, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-3);
    }

    [TorchFact]
    public void Run_Resumed_HasTheBitsOfAnUninterruptedRun()
    {
        using TorchExamples examples = Separable(100, 1);
        PrivacyLedger ledger = PrivacyLedger.Open(_home, 1000);
        float[] whole = Final(examples, new TorchOptions { AverageDecay = 0.5 });
        using CancellationTokenSource stop = new();
        byte[] sealedState = [];
        TorchOptions interrupted = new()
        {
            AverageDecay = 0.5,
            SaveInterval = 3,
            SaveState = state =>
            {
                sealedState = state.Seal(ledger);
                stop.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => Final(examples, interrupted, stop.Token));

        TorchState resume = TorchState.Unseal(sealedState, ledger);
        float[] resumed = Final(examples, new TorchOptions { AverageDecay = 0.5, Resume = resume });

        Assert.Equal(3, resume.Step);
        Assert.Equal(whole, resumed);
        using TorchExamples others = Separable(100, 9);
        Assert.Throws<ArgumentException>(() =>
            Final(others, new TorchOptions { AverageDecay = 0.5, Resume = resume }));
    }

    [TorchFact]
    public void Run_ResumedWithAScheduler_DecaysOnce()
    {
        using TorchExamples examples = Separable(100, 1);
        PrivacyLedger ledger = PrivacyLedger.Open(_home, 1000);
        float[] whole = Scheduled(new TorchOptions { Random = Seeded() });
        using CancellationTokenSource stop = new();
        byte[] sealedState = [];
        Assert.Throws<OperationCanceledException>(() => Scheduled(
            new TorchOptions
            {
                Random = Seeded(),
                SaveInterval = 3,
                SaveState = state =>
                {
                    sealedState = state.Seal(ledger);
                    stop.Cancel();
                },
            },
            stop.Token));

        Assert.Equal(
            whole,
            Scheduled(new TorchOptions { Random = Seeded(), Resume = TorchState.Unseal(sealedState, ledger) }));

        float[] Scheduled(TorchOptions options, CancellationToken token = default)
        {
            manual_seed(1);
            using Module<Tensor, Tensor> module = Net();
            optim.Optimizer optimizer = optim.SGD(module.parameters(), 0.5, 0.5);
            float[] last = [];
            PrivacyEngine.MakePrivate(
                module,
                optimizer,
                examples,
                (x, y) => Models.CrossEntropy(module.call(x), y),
                Models.Plan(steps: 8),
                options with
                {
                    Scheduler = optim.lr_scheduler.StepLR(optimizer, 2, 0.5),
                    Progress = new Now(() => last =
                        [.. module.parameters().SelectMany(one => one.detach().data<float>().ToArray())]),
                }).Run(token);
            return last;
        }
    }

    private sealed class Now(Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act();
    }

    [TorchFact]
    public void Run_InTwoProcesses_HasTheSameBits()
    {
        string program = typeof(TrainingTests).Assembly.Location;
        string[] hashes = [.. Enumerable.Range(0, 2).Select(_ => Hash(program))];

        Assert.Equal(64, hashes[0].Length);
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[0], Program.HashOfARun());
        Assert.Equal(hashes[0], Program.HashOfARun());
    }

    [TorchFact]
    public void Load_WhatPyBridgeWrites_AndBack_KeepsEveryNumber()
    {
        using Module<Tensor, Tensor> module = Net();
        string file = Path.Combine(_home, "module.safetensors");
        module.save_safetensors(file);

        Checkpoint read = Checkpoint.FromSafetensors(File.ReadAllBytes(file));
        using Module<Tensor, Tensor> other = Net();
        TorchWeights.Load(other, read);
        File.WriteAllBytes(file, TorchWeights.Of(other).ToSafetensors());
        using Module<Tensor, Tensor> third = Net();
        third.load_safetensors(file);

        Assert.Equal(TorchWeights.Of(module).Values.ToArray(), TorchWeights.Of(other).Values.ToArray());
        Assert.Equal(TorchWeights.Of(module).Values.ToArray(), TorchWeights.Of(third).Values.ToArray());
    }

    [TorchFact]
    public void Load_NamesOfAnother_AreMappedOrRefused()
    {
        using Module<Tensor, Tensor> module = Net();
        Checkpoint pytorch = TorchWeights.Of(module, name => $"model.{name}");
        using Module<Tensor, Tensor> other = Net();

        Assert.Throws<ArgumentException>(() => TorchWeights.Load(other, pytorch));
        TorchWeights.Load(other, pytorch, name => $"model.{name}");

        Assert.Equal(TorchWeights.Of(module).Values.ToArray(), TorchWeights.Of(other).Values.ToArray());
        Assert.Throws<ArgumentException>(() => TorchWeights.Load(Linear(2, 2), pytorch));
    }

    internal static float[] Final(
        TorchExamples examples, TorchOptions options, CancellationToken cancellationToken = default)
    {
        manual_seed(3);
        using Module<Tensor, Tensor> module = Net();
        PrivateTrainer trainer = PrivacyEngine.MakePrivate(
            module,
            optim.Adam(module.parameters(), 0.01),
            examples,
            (x, y) => Models.CrossEntropy(module.call(x), y),
            Models.Plan(rate: 0.3, steps: 8, noise: 1),
            options with { Random = Seeded() });
        TorchRun run = trainer.Run(cancellationToken);
        string home = Directory.CreateTempSubdirectory("torch-final").FullName;
        float[] values = run.Release(PrivacyLedger.Open(home, 1000), "test", insecure: true).Values.ToArray();
        Directory.Delete(home, recursive: true);
        return values;
    }

    internal static TorchExamples Separable(int count, ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(seed);
        Tensor labels = randint(0, 3, [count], dtype: int64, generator: generator);
        Tensor inputs = randn([count, 6], generator: generator);
        inputs = inputs + (functional.one_hot(labels, 6).to(float32) * 4);
        return TorchExamples.Of(inputs, labels);
    }

    private static Module<Tensor, Tensor> Net() =>
        Sequential(("a", Linear(6, 16)), ("norm", LayerNorm(16)), ("relu", ReLU()), ("b", Linear(16, 3)));

    private static InsecureSeededRandom Seeded() => new(17, "test");

    private static string Hash(string program)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { "exec", program, "hash" },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return text;
    }
}
