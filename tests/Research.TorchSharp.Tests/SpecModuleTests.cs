using Research.Federation;
using Research.Federation.Aggregation;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Losses;
using Research.Training.Optimizers;
using Xunit.Abstractions;

namespace Research.TorchSharp.Tests;

/// <summary>The engine and its TorchSharp twin: same specification, weights, batches and noise.</summary>
public sealed class SpecModuleTests(ITestOutputHelper output) : IDisposable
{
    private const double LossTolerance = 1e-5;

    private readonly string _home = Directory.CreateTempSubdirectory("torch-spec").FullName;

    public static TheoryData<string> Specs => [.. Zoo.Keys];

    private static Dictionary<string, ModelSpec> Zoo { get; } = new()
    {
        ["mlp, momentum"] = Spec([64], [new Linear(64, 32), new ReLU(), new Linear(32, 10)], new Sgd(0.5, 0.5)),
        ["mlp, per layer, Adam, schedule, average"] = Spec(
            [64],
            [new Linear(64, 32), new Tanh(), new Linear(32, 10)],
            new Adam(0.002) { Schedule = new CosineSchedule() }) with
        {
            Training = new TrainingSection(216, 30, AverageDecay: 0.9),
            Privacy = new PrivacySection(0.15, 1, 3, 1e-5, 8, ClippingMode.PerLayer),
        },
        ["cnn, automatic"] = Spec(
            [1, 8, 8],
            [
                new Conv2d(1, 8, 3, 1, 1), new GroupNorm(4, 8), new Tanh(), new AvgPool2d(2, 2), new Flatten(),
                new Linear(128, 10),
            ],
            new Sgd(0.5, 0.5)) with
        {
            Privacy = new PrivacySection(0.15, 1, 3, 1e-5, 8, ClippingMode.Automatic),
        },
        ["cnn, max pooling"] = Spec(
            [1, 8, 8],
            [
                new Conv2d(1, 8, 3, 1, 1), new ReLU(), new MaxPool2d(2, 2), new Flatten(),
                new Linear(128, 10),
            ],
            new Sgd(0.5, 0.5)),
        ["groups, residual, pools, AdamW"] = Spec(
            [1, 8, 8],
            [
                new Conv2d(1, 8, 3, 1, 1), new Residual([new Silu(), new Conv2d(8, 8, 3, 1, 1, 4)]), new Gelu(),
                new AvgPool2d(2, 2), new Residual([new Conv2d(8, 8, 1), new Sigmoid()]), new GlobalAvgPool2d(),
                new Linear(8, 10),
            ],
            new AdamW(0.002)),
        ["attention, squared error"] = Spec(
            [8, 8],
            [
                new LayerNorm(8), new Residual([new SelfAttention(8, 2, Causal: true)]), new Flatten(),
                new Linear(64, 10),
            ],
            new Sgd(0.2, 0.9, Nesterov: true, WeightDecay: 0.01)) with
        {
            Loss = new MeanSquaredError(),
        },
        ["embedding, smoothed"] = Spec(
            [64],
            [new Embedding(17, 4), new LayerNorm(4), new Flatten(), new Linear(256, 10)],
            new Sgd(0.5)) with
        {
            Loss = new CrossEntropy(0.1),
        },
        ["binary cross-entropy"] = Spec(
            [1, 8, 8], [new Conv2d(1, 6, 3, 2), new GlobalMaxPool2d(), new Linear(6, 10)], new Sgd(0.5)) with
        {
            Loss = new BinaryCrossEntropy(),
        },
    };

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [TorchTheory]
    [MemberData(nameof(Specs))]
    public void MakePrivate_SameSeed_IsTheEngineWithinAUnit(string name)
    {
        ModelSpec spec = Zoo[name];
        Dataset data = Digits(spec);
        GlobalModel start = GlobalModel.Initial(spec);
        (double loss, int[] units) = Difference(spec, data, start);

        output.WriteLine(
            $"{name}: losses within {loss:E1}; {units.Count(unit => unit > 0)} of {units.Length} units differ, "
            + $"at most by {units.Max()}");
        Assert.InRange(loss, 0, LossTolerance);
        Assert.InRange(units.Max(), 0, 1);
    }

    // Where two values in a window agree to seven digits, rounding decides which of them learns, and at ReLU's kink
    // whether one does: that is a jump, not an error, and normalised values have many of them.
    [TorchFact]
    public void MakePrivate_SameSeedWithNearTies_IsTheEngineButForTheTies()
    {
        ModelSpec spec = Spec(
            [1, 8, 8],
            [
                new Conv2d(1, 8, 3, 1, 1), new GroupNorm(4, 8), new ReLU(), new MaxPool2d(2, 2), new Flatten(),
                new Linear(128, 10),
            ],
            new Sgd(0.5, 0.5));

        (double loss, int[] units) = Difference(spec, Digits(spec), GlobalModel.Initial(spec));

        output.WriteLine(
            $"near ties: losses within {loss:E1}; {units.Count(unit => unit > 0)} of {units.Length} units differ, "
            + $"at most by {units.Max()}");
        Assert.InRange(loss, 0, 1e-3);
        Assert.InRange(units.Max(), 0, 200);
    }

    [TorchFact]
    public void ReleaseUpdate_RunOfOtherWeightsOrModule_IsRefused()
    {
        ModelSpec spec = Zoo["mlp, momentum"];
        GlobalModel start = GlobalModel.Initial(spec);
        using SpecModule twin = SpecModule.From(spec); // Its weights are not on the grid of whole numbers.
        TorchRun run = twin.MakePrivate(Digits(spec), options: new TorchOptions { Random = Seeded() }).Run();
        PrivacyLedger ledger = PrivacyLedger.Open(_home, epsilonCap: 100);

        Assert.Throws<ArgumentException>(() => run.ReleaseUpdate(start, 0, ledger, "task 1", insecure: true));
        Assert.Empty(ledger.Entries);
    }

    [TorchFact]
    public void From_WhatOnlyTheEngineHas_IsRefused()
    {
        ModelSpec spec = Zoo["cnn, max pooling"];

        Assert.Throws<NotSupportedException>(() => SpecModule.From(spec with
        {
            Training = spec.Training with { Augmentation = new Augmentation(1, false, 1) },
        }));
    }

    private (double Loss, int[] Units) Difference(ModelSpec spec, Dataset data, GlobalModel start)
    {
        TrainingRun engine = Trainer.Train(
            spec, data, new TrainerOptions { Initial = start.ToCheckpoint(), Random = Seeded() });
        using SpecModule twin = SpecModule.From(spec);
        PrivateTrainer trainer = twin.MakePrivate(data, start, new TorchOptions { Random = Seeded() });
        TorchRun run = trainer.Run();
        PrivacyLedger ledger = PrivacyLedger.Open(_home, epsilonCap: 100);
        ModelUpdate own = ModelUpdate.Release(engine, start, 0, ledger, "task 1", insecure: true);
        ModelUpdate twins = run.ReleaseUpdate(start, 0, ledger, "task 1", insecure: true);
        Assert.Null(trainer.LoopReason);
        Assert.Equal(engine.LossCurve.Select(point => point.BatchSize), run.LossCurve.Select(point => point.BatchSize));
        Assert.Equal(own.Start, twins.Start);
        Assert.Equal(twins.Delta, ModelUpdate.Parse(start, 0, twins.Bytes.Span).Delta);
        double loss = run.LossCurve.Zip(engine.LossCurve).Max(pair =>
            Math.Abs(pair.First.Loss!.Value - pair.Second.Loss!.Value));
        return (loss, [.. own.Delta.ToArray().Zip(twins.Delta.ToArray(), (a, b) => Math.Abs(a - b))]);
    }

    private static ModelSpec Spec(int[] input, Layer[] layers, Optimizer optimizer) => new()
    {
        Name = "twin",
        Model = new ModelSection(input, 7, layers),
        Optimizer = optimizer,
        Training = new TrainingSection(216, 30),
        Privacy = new PrivacySection(0.15, 1, 3, 1e-5, 8),
    };

    // Of the digits' pixels, 0 to 16, tokens are made where a specification begins with an embedding.
    private static Dataset Digits(ModelSpec spec)
    {
        Dataset digits = Datasets.Open("digits").Train;
        if (spec.Model.Layers[0] is not Embedding)
        {
            return digits.Reshape(spec.Model.Input);
        }

        float largest = digits.Inputs.Span.ToArray().Max();
        float[] tokens = Array.ConvertAll(digits.Inputs.ToArray(), value => MathF.Round(value / largest * 16));
        return new Dataset(tokens, digits.Labels, digits.Shape, digits.Classes).Reshape(spec.Model.Input);
    }

    private static InsecureSeededRandom Seeded() => new(5, "twin");
}
