using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>Bad input: a clear error, and nothing charged.</summary>
public sealed class RefusalTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("torch-refusals").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [TorchFact]
    public void MakePrivate_ModuleWithoutTrainedParameters_IsRefused()
    {
        Linear frozen = Linear(6, 4);
        frozen.weight!.requires_grad = false;
        frozen.bias!.requires_grad = false;

        Refused<ArgumentException>("trainable parameters", () => Make(Tanh(), Linear(1, 1)));
        Refused<ArgumentException>("trainable parameters", () => Make(frozen, Linear(1, 1)));
    }

    [TorchFact]
    public void MakePrivate_InputsOfAnotherShape_AreRefused() =>
        Refused<ArgumentException>("Float32[5, 6]", () => Make(Linear(7, 4)));

    [TorchTheory]
    [InlineData(9)]
    [InlineData(-1)]
    public void MakePrivate_LabelsOutOfRange_AreRefused(long label)
    {
        Linear module = Linear(6, 4);
        using TorchExamples examples = TorchExamples.Of(randn(4, 6), tensor([0L, 1, 2, label]));

        Refused<ArgumentException>("label out of range", () => PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.parameters(), 0.1),
            examples,
            (x, y) => Models.CrossEntropy(module.call(x), y),
            Models.Plan()));
    }

    [TorchTheory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void MakePrivate_LossThatReduces_IsRefused(Reduction reduction)
    {
        Linear module = Linear(6, 4);
        using TorchExamples examples = Models.Examples(9, [6], 4);

        Refused<ArgumentException>("Reduction.None", () => PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.parameters(), 0.1),
            examples,
            (x, y) => functional.cross_entropy(module.call(x), y, reduction: reduction),
            Models.Plan()));
    }

    [TorchFact]
    public void MakePrivate_LossThatDoesNotLearn_IsRefused()
    {
        Linear module = Linear(6, 4);
        using TorchExamples examples = Models.Examples(9, [6], 4);

        Refused<ArgumentException>("depend on the module", () => PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.parameters(), 0.1),
            examples,
            (x, y) => x.sum([1L]),
            Models.Plan()));
    }

    [TorchTheory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    [InlineData(1e-40f)]
    [InlineData(0)]
    public void MakePrivate_WeightsThatAreNoNumbers_AreRefused(float value)
    {
        GroupNorm norm = GroupNorm(2, 6);
        using (no_grad())
        {
            norm.weight!.fill_(value);
            norm.bias!.fill_(0); // Else as memory was, which is refused too, at times.
        }

        Refused<ArgumentException>("'1.weight'", () => Make(Sequential(("0", Linear(6, 6)), ("1", norm))));
    }

    [TorchFact]
    public void MakePrivate_OptimisersThatSeeMoreOrLess_AreRefused()
    {
        (Linear module, Linear other) = (Linear(6, 4), Linear(6, 4));

        Refused<ArgumentException>("LBFGS", () => Make(module, optim.LBFGS(module.parameters())));
        Refused<ArgumentException>("not the module's", () => Make(module, optim.SGD(other.parameters(), 0.1)));
        Refused<ArgumentException>("'bias'", () => Make(module, optim.SGD([module.weight!], 0.1)));
    }

    [TorchFact]
    public void MakePrivate_ValuesOutOfRange_AreRefused()
    {
        PrivatePlan plan = Models.Plan();
        foreach (PrivatePlan bad in (PrivatePlan[])[
            plan with { SampleRate = 0 }, plan with { SampleRate = 1.5 }, plan with { Steps = 0 },
            plan with { BatchSize = 0 }, plan with { Delta = 0 }, plan with { NoiseMultiplier = 0 },
            plan with { ClipNorm = -1 }, plan with { NoiseMultiplier = double.NaN }])
        {
            Refused<ArgumentOutOfRangeException>(string.Empty, () => Make(Linear(6, 4), plan: bad));
        }

        foreach (TorchOptions bad in (TorchOptions[])[
            new() { MicroBatch = 0 }, new() { MicroBatch = 5000 }, new() { AverageDecay = 1 },
            new() { Method = (GradientMethod)9 }, new() { SaveInterval = -1 }, new() { ValidationInterval = -1 }])
        {
            Refused<ArgumentOutOfRangeException>(string.Empty, () => Make(Linear(6, 4), options: bad));
        }
    }

    [TorchFact]
    public void Of_ExamplesOfDifferentCounts_AreRefused() =>
        Refused<ArgumentException>("[3, 2]", () => TorchExamples.Of(zeros(3, 2), zeros(2)).Count);

    [TorchFact]
    public void Run_Cancelled_ChargesNothingAndRestoresTheWeights()
    {
        Linear module = Linear(6, 4);
        using TorchExamples examples = Models.Examples(9, [6], 4);
        float[] before = Exchange.TorchWeights.Of(module).Values.ToArray();
        using CancellationTokenSource stop = new();
        TorchState? state = null;
        TorchOptions options = new()
        {
            Progress = new Listener(step =>
            {
                if (step == 2)
                {
                    stop.Cancel();
                }
            }),
            SaveState = saved => state = saved,
        };
        PrivateTrainer trainer = Models.Trainer(module, examples, options);

        Assert.Throws<OperationCanceledException>(() => trainer.Run(stop.Token));

        Assert.Equal(2, state!.Step);
        Assert.Equal(before, Exchange.TorchWeights.Of(module).Values.ToArray());
        Assert.Throws<InvalidOperationException>(() => trainer.Run());
        Assert.False(PrivacyLedger.Exists(_home));
    }

    [TorchFact]
    public void Release_SeededNoiseOrPastTheCap_ChargesNothing()
    {
        Linear module = Linear(6, 4);
        using TorchExamples examples = Models.Examples(9, [6], 4);
        float[] before = Exchange.TorchWeights.Of(module).Values.ToArray();
        TorchRun seeded = Models.Trainer(
            module, examples, new TorchOptions { Random = new InsecureSeededRandom(1, "test") }).Run();
        PrivacyLedger ledger = PrivacyLedger.Open(_home, epsilonCap: 0.5);

        Assert.False(seeded.IsNoiseSecret);
        Assert.Throws<ArgumentException>(() => seeded.Release(ledger, "test"));
        Assert.Throws<BudgetExceededException>(() => seeded.Release(ledger, "test", insecure: true));

        Assert.Empty(ledger.Entries);
        Assert.Equal(before, Exchange.TorchWeights.Of(module).Values.ToArray());
    }

    [TorchFact]
    public void Run_RecordsWithNaN_CountAsNothing()
    {
        Linear module = Linear(6, 4);
        Tensor inputs = randn(9, 6);
        inputs[3, 2] = float.NaN;
        inputs[5, 0] = float.PositiveInfinity;
        using TorchExamples examples = TorchExamples.Of(inputs, randint(0, 4, [9], dtype: int64));
        TorchRun run = Models.Trainer(module, examples, plan: Models.Plan(rate: 1, noise: 0.01)).Run();
        PrivacyLedger ledger = PrivacyLedger.Open(_home, epsilonCap: 1e9);

        Assert.Equal(6, run.NonFiniteGradients); // two records in each of three steps
        Assert.All(run.Release(ledger, "test").Values.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    private static PrivateTrainer Make(
        Module<Tensor, Tensor> module,
        optim.Optimizer? optimizer = null,
        TorchOptions? options = null,
        PrivatePlan? plan = null) => PrivacyEngine.MakePrivate(
            module,
            optimizer ?? optim.SGD(module.parameters(), 0.1),
            Models.Examples(9, [6], 4),
            (x, y) => Models.CrossEntropy(module.call(x), y),
            plan ?? Models.Plan(),
            options);

    private static PrivateTrainer Make(Module<Tensor, Tensor> module, Linear optimised) =>
        Make(module, optim.SGD(optimised.parameters(), 0.1));

    private void Refused<T>(string because, Func<object> make)
        where T : Exception
    {
        T refused = Assert.Throws<T>(make);
        output.WriteLine(refused.Message);
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Listener(Action<int> act) : IProgress<Training.TrainingProgress>
    {
        public void Report(Training.TrainingProgress value) => act(value.Point.Step);
    }
}
