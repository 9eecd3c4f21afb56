using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>What a run leaves behind: nothing but itself, to the bit.</summary>
public sealed class RestoreTests
{
    [TorchFact]
    public void Run_OfDoubles_LeavesTheModuleAsItWasToTheBit()
    {
        manual_seed(1);
        using Module<Tensor, Tensor> module = Linear(6, 4, dtype: float64);
        using TorchExamples examples = TorchExamples.Of(randn(40, 6, dtype: float64), randint(0, 4, [40]));
        double[] before = Weights(module);
        Assert.Contains(before, value => value != (float)value);

        Models.Trainer(
            module,
            examples,
            new TorchOptions { Validation = examples, ValidationInterval = 1, AverageDecay = 0.9 },
            Models.Plan(steps: 4)).Run();

        Assert.Equal(before, Weights(module));
    }

    // Looking at a validation set must not change what is trained, nor stopping and going on.
    [TorchFact]
    public void Run_OfDoubles_IsTheSameWithValidationAndAfterResuming()
    {
        double[] plain = Trained(new TorchOptions { AverageDecay = 0.9 });
        using TorchExamples validation = TorchExamples.Of(randn(9, 6, dtype: float64), randint(0, 4, [9]));

        Assert.Equal(
            plain, Trained(new TorchOptions { AverageDecay = 0.9, Validation = validation, ValidationInterval = 1 }));

        TorchState? state = null;
        Trained(new TorchOptions { AverageDecay = 0.9, SaveState = one => state ??= one, SaveInterval = 2 });
        Assert.Equal(plain, Trained(new TorchOptions { AverageDecay = 0.9, Resume = state }));
    }

    // Parts in eval() stay there: a frozen backbone's dropout, for one.
    [TorchTheory]
    [InlineData(GradientMethod.Automatic)]
    [InlineData(GradientMethod.Loop)]
    public void Run_PartsThatAreInEval_StayThere(GradientMethod method)
    {
        manual_seed(1);
        List<(bool Still, bool Live)> seen = [];
        using Dropout still = Dropout(0.5);
        using Dropout live = Dropout(0.5);
        using Linear layer = Linear(6, 4);
        using Module<Tensor, Tensor> inner = new Made(x => still.call(x), still);
        using Module<Tensor, Tensor> module = new Made(
            x =>
            {
                seen.Add((still.training, live.training));
                return layer.call(live.call(inner.call(x)));
            },
            inner,
            live,
            layer);
        module.train();
        still.eval();
        using TorchExamples examples = Models.Examples(20, [6], 4);
        TorchOptions options = new() { Method = method, Validation = examples, ValidationInterval = 1 };

        PrivateTrainer trainer = Models.Trainer(module, examples, options);
        Assert.All(seen, modes => Assert.False(modes.Still));
        Assert.True(module.training && inner.training && live.training && layer.training);
        Assert.False(still.training);
        seen.Clear();
        trainer.Run();

        Assert.All(seen, modes => Assert.False(modes.Still));
        Assert.Equal(method == GradientMethod.Loop, seen.Any(modes => modes.Live)); // Else masks are ours.
        Assert.True(module.training && inner.training && live.training && layer.training);
        Assert.False(still.training);
    }

    [TorchFact]
    public void Run_ModuleInEval_IsTrainedAndPutBack()
    {
        manual_seed(1);
        bool wasTraining = false;
        using Linear layer = Linear(6, 4);
        Module<Tensor, Tensor> module = null!;
        module = new Made(
            x =>
            {
                wasTraining |= module.training;
                return layer.call(x);
            },
            layer);
        module.eval();
        using TorchExamples examples = Models.Examples(20, [6], 4);

        Models.Trainer(module, examples).Run();

        Assert.True(wasTraining);
        Assert.False(module.training || layer.training);
    }

    [TorchFact]
    public void Epsilon_OfASeededRun_IsInfinite()
    {
        using Linear layer = Linear(6, 4);
        using TorchExamples examples = Models.Examples(20, [6], 4);

        TorchRun seeded = Models.Trainer(
            layer, examples, new TorchOptions { Random = new InsecureSeededRandom(1, "seeded") }).Run();
        TorchRun secret = Models.Trainer(layer, examples).Run();

        Assert.Equal(double.PositiveInfinity, seeded.Epsilon);
        Assert.Equal(secret.Privacy, seeded.Privacy);
        Assert.InRange(secret.Epsilon, 0.1, 100);
    }

    // Killed between sealing and charging: the weights are there, and open once they are paid.
    [TorchFact]
    public void Recover_WhatACrashLeftSealed_ChargesAndOpensIt()
    {
        string home = Directory.CreateTempSubdirectory("torch-recover").FullName;
        try
        {
            using Linear layer = Linear(6, 4);
            using TorchExamples examples = Models.Examples(20, [6], 4);
            PrivacyLedger ledger = PrivacyLedger.Open(home);
            TorchRun run = Models.Trainer(layer, examples).Run();
            ledger.AtStage = stage => _ = stage == "charge" ? throw new InvalidOperationException("crash") : 0;
            Assert.Throws<InvalidOperationException>(() => run.Release(ledger, "weights"));
            ledger.AtStage = null;
            SealedArtefact unpaid = ledger.Sealed().Single();
            Assert.False(unpaid.IsCharged);

            PrivacyLedger after = PrivacyLedger.Open(home);
            Checkpoint found = TorchRun.Recover(after, unpaid.Id);

            Assert.Equal("weights", after.Entries.Single().Purpose.Text);
            Assert.Equal([4, 6], found.Parameters.Single(one => one.Name == "weight").Shape);
            Assert.Equal(run.Release(after, "weights")["weight"].ToArray(), found["weight"].ToArray());
            Assert.Throws<LedgerException>(() => TorchRun.Recover(after, "0-torch"));
            Assert.Throws<LedgerException>(() => TorchRun.Recover(after, unpaid.Id + "-update"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static double[] Trained(TorchOptions options)
    {
        manual_seed(1);
        using Module<Tensor, Tensor> module = Linear(6, 4, dtype: float64);
        using TorchExamples examples = TorchExamples.Of(
            randn(40, 6, dtype: float64), randint(0, 4, [40]));
        double[] seen = [];
        Models.Trainer(
            module,
            examples,
            options with
            {
                Random = new InsecureSeededRandom(5, "doubles"),
                Seen = (step, _) => seen = step == 4 ? Weights(module) : seen,
            },
            Models.Plan(steps: 4)).Run();
        return seen;
    }

    private static double[] Weights(Module module) =>
        [.. module.parameters().SelectMany(one => one.detach().to(float64).data<double>().ToArray())];
}
