using Research.Privacy.Ledger;
using Research.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

public sealed class PrivacyEngineTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("torch-ledger").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [TorchFact]
    public void Run_ThenRelease_ChargesAndOpensTheWeights()
    {
        using Module<Tensor, Tensor> module =
            Sequential(("a", Linear(6, 8)), ("r", ReLU(inplace: true)), ("b", Linear(8, 3)));
        using TorchExamples examples = Models.Examples(20, [6], 3);
        PrivateTrainer trainer = Models.Trainer(module, examples);
        Checkpoint before = Exchange.TorchWeights.Of(module);

        TorchRun run = trainer.Run();

        Assert.Null(trainer.LoopReason);
        Assert.Equal(before.Values, Exchange.TorchWeights.Of(module).Values);
        PrivacyLedger ledger = PrivacyLedger.Open(_home, epsilonCap: 1000);
        Checkpoint released = run.Release(ledger, "test");
        Assert.False(before.Values.SequenceEqual(released.Values));
        Assert.Equal(released.Values, Exchange.TorchWeights.Of(module).Values);
        Assert.Single(ledger.Entries);
        Assert.True(ledger.Epsilon > 0);
    }

    [TorchFact]
    public void MakePrivate_WhereTheCallerComputesNoGradients_TrainsAllTheSame()
    {
        using Module<Tensor, Tensor> module = Linear(6, 3);
        using TorchExamples examples = Models.Examples(20, [6], 3);
        using (no_grad())
        {
            TorchRun run = Models.Trainer(module, examples).Run();

            Assert.Equal(3, run.LossCurve.Count);
        }
    }
}
