using Research.Privacy.Sums;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>What no look before training can see: it shows while training, or never.</summary>
public sealed class UnseenByProbesTests
{
    // Rows of norm about 2.8 are below the limit until noise makes them grow.
    [TorchTheory]
    [InlineData(GradientMethod.Automatic)]
    [InlineData(GradientMethod.Loop)]
    public void Run_EmbeddingThatShortensItsRowsLater_IsRefusedThen(GradientMethod method)
    {
        manual_seed(1);
        using Embedding rows = Embedding(11, 8, max_norm: 6);
        using Linear scores = Linear(8, 4);
        using Module<Tensor, Tensor> module = new Made(x => scores.call(rows.call(x).mean([1L])), rows, scores);
        using TorchExamples examples = TorchExamples.Of(randint(0, 11, [40, 3]), randint(0, 4, [40]));
        TorchOptions options = new() { Random = new Research.Privacy.Mechanisms.InsecureSeededRandom(1, "late"), Method = method };

        ModuleRefusedException refused = Assert.Throws<ModuleRefusedException>(() =>
            Models.Trainer(module, examples, options, Models.Plan(rate: 0.5, steps: 60, noise: 40, clip: 1)).Run());

        Assert.Contains("weight' changes when losses are computed", refused.Message, StringComparison.Ordinal);
    }

    // One record decides whether all later ones see dropout.
    [TorchFact]
    public void Run_ModuleThatSwitchesAPartOff_IsRefusedThen()
    {
        manual_seed(1);
        using Dropout drop = Dropout(0.5);
        using Linear layer = Linear(8, 4);
        using Module<Tensor, Tensor> module = new Made(
            x =>
            {
                if (x.max().item<float>() > 5)
                {
                    drop.eval();
                }

                return layer.call(drop.call(x));
            },
            drop,
            layer);
        using TorchExamples examples = TorchExamples.Of(
            cat([rand(39, 8), ones(1, 8) * 6]), randint(0, 4, [40]));
        TorchOptions loop = new() { Method = GradientMethod.Loop };

        ModuleRefusedException refused = Assert.Throws<ModuleRefusedException>(() =>
            Models.Trainer(module, examples, loop, Models.Plan(rate: 1, steps: 2, noise: 1, clip: 1)).Run());

        Assert.Contains("Dropout switches", refused.Message, StringComparison.Ordinal);
        Assert.True(drop.training);
    }

    // Somebody looked at the records, then froze a layer: its gradient is left over.
    [TorchFact]
    public void Run_FrozenLayerWithAGradientLeftOver_LeavesItAsItIs()
    {
        manual_seed(1);
        using Linear frozen = Linear(8, 16);
        using Linear trained = Linear(16, 4);
        using Module<Tensor, Tensor> module = new Made(x => trained.call(frozen.call(x).relu()), frozen, trained);
        using TorchExamples examples = TorchExamples.Of(randn(40, 8), randint(0, 4, [40]));
        Models.CrossEntropy(module.call(examples.Inputs), examples.Targets).sum().backward();
        foreach (Parameter parameter in frozen.parameters())
        {
            parameter.requires_grad = false;
        }

        float[] before = frozen.weight!.detach().data<float>().ToArray();
        float[] seen = [];
        TorchOptions options = new()
        {
            Random = new Research.Privacy.Mechanisms.InsecureSeededRandom(1, "frozen"),
            Seen = (_, _) => seen = frozen.weight!.detach().data<float>().ToArray(),
        };

        Models.Trainer(module, examples, options, Models.Plan(rate: 0.5, steps: 5, noise: 1, clip: 1)).Run();

        Assert.Equal(before, seen);
        Assert.Equal(before, frozen.weight!.detach().data<float>().ToArray());
    }

    // What an optimiser remembers is a sum of gradients: nobody has paid for it.
    [TorchTheory]
    [InlineData("momentum")]
    [InlineData("adam")]
    public void Run_Optimizer_RemembersNothingOfTheRunAfterwards(string kind)
    {
        manual_seed(1);
        using Linear module = Linear(8, 4);
        using TorchExamples examples = TorchExamples.Of(randn(40, 8), randint(0, 4, [40]));
        optim.Optimizer Make() => kind == "adam"
            ? optim.Adam(module.parameters(), 0.1)
            : optim.SGD(module.parameters(), 0.1, momentum: 0.9);
        optim.Optimizer used = Make();
        Tensor before = module.weight!.detach().clone();
        Tensor random = get_rng_state();

        PrivacyEngine.MakePrivate(
            module,
            used,
            examples,
            (x, y) => Models.CrossEntropy(module.call(x), y),
            Models.Plan(rate: 0.5, steps: 5, noise: 1, clip: 1)).Run();

        Assert.True(get_rng_state().equal(random).all().item<bool>());
        float[] StepOf(optim.Optimizer optimizer)
        {
            using (no_grad())
            {
                module.weight!.copy_(before);
            }

            foreach (Parameter parameter in module.parameters())
            {
                parameter.grad = ones_like(parameter);
            }

            optimizer.step();
            return module.weight!.detach().data<float>().ToArray();
        }

        Assert.Equal(StepOf(Make()), StepOf(used));
    }

    [TorchFact]
    public void Identity_OfARecord_IsItsNumbersWhateverHoldsThemAndWhoeverElseIsThere()
    {
        using Tensor wholes = tensor(new long[] { 1, 2, 3, 4, 5, (1L << 24) + 2 }).reshape(3, 2);
        byte[][] expected = Digests(wholes);
        Assert.Equal(expected, Digests(wholes.to(float64)));
        Assert.Equal(expected, Digests(wholes.to(float32)));
        Assert.Equal(expected, Digests(wholes.to(int32)));

        foreach (Tensor further in (Tensor[])[tensor(new long[] { 7, (1L << 24) + 1 }), tensor(new long[] { 7, (1L << 60) + 1 })])
        {
            Assert.Equal(expected, Digests(cat([wholes, further.reshape(1, 2)]))[..3]);
        }

        Assert.Equal(expected, Digests(cat([wholes.to(float64), tensor(new double[] { 0.1, 7 }).reshape(1, 2)]))[..3]);
        Assert.Equal(
            Digests(tensor(new long[] { (1L << 24) + 1, 0 }).reshape(1, 2)),
            Digests(tensor(new double[] { (1L << 24) + 1, -0.0 }).reshape(1, 2)));
        Assert.NotEqual(
            Digests(tensor(new long[] { 1L << 60, 0 }).reshape(1, 2)),
            Digests(tensor(new long[] { (1L << 60) + 1, 0 }).reshape(1, 2)));
    }

    private static byte[][] Digests(Tensor inputs)
    {
        using TorchExamples examples = TorchExamples.Of(inputs, zeros([inputs.shape[0]], dtype: int64));
        DataIdentity identity = examples.Identity;
        return [.. Enumerable.Range(0, identity.Count).Select(i => identity.Record(i).ToArray())];
    }
}
