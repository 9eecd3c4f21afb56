using Research.Privacy.Mechanisms;
using Research.TorchSharp.Gradients;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>What one record can change, in whole numbers: at most the clip norm, whatever the module is.</summary>
public sealed class SensitivityTests(ITestOutputHelper output)
{
    private const int Records = 21; // Two parts of 16 rows.

    public static TheoryData<string> Rules => [.. Zoo.Rules.Keys];

    [TorchTheory]
    [MemberData(nameof(Rules))]
    public void Sums_OfNeighbours_DifferByWhatTheRecordAddsAlone(string name)
    {
        manual_seed(7);
        (double largest, string? loop) = Largest(Zoo.Rules[name](), GradientMethod.Automatic);
        output.WriteLine($"{name}: {largest:F7} C{(loop is null ? string.Empty : ", by the loop: " + loop)}");
        Assert.InRange(largest, 0.9, 1);
    }

    [TorchFact]
    public void Sums_OfNeighboursInRandomModules_DifferByAtMostTheClipNorm()
    {
        double worst = 0;
        int loops = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            manual_seed(seed);
            (double largest, string? loop) = Largest(Zoo.Random(seed), GradientMethod.Automatic);
            loops += loop is null ? 0 : 1;
            Assert.InRange(largest, 0, 1);
            worst = Math.Max(worst, largest);
        }

        output.WriteLine($"40 modules: {worst:F7} C at most, {loops} by the loop");
        Assert.InRange(loops, 0, 4);
    }

    [TorchTheory]
    [InlineData("Linear")]
    [InlineData("replay: LSTM")]
    [InlineData("attention of Linears")]
    public void Sums_ByTheLoop_DifferByWhatTheRecordAddsAlone(string name)
    {
        manual_seed(7);
        Assert.InRange(Largest(Zoo.Rules[name](), GradientMethod.Loop).Largest, 0.9, 1);
    }

    public static TheoryData<string> Dropouts => [.. ByRecord.Keys];

    private static readonly Dictionary<string, Func<ZooModule>> ByRecord = new()
    {
        ["Dropout"] = () => Dropped(Dropout(0.5), (x, drop) => drop.call(x)),
        ["Dropout in place, twice"] = () => Dropped(Dropout(0.3, inplace: true), (x, drop) => drop.call(drop.call(x.clone()))),
        ["Dropout at positions"] = () =>
            Dropped(Dropout(0.4), (x, drop) => drop.call(x.reshape(-1, 3, 4)).reshape(-1, 12)),
        ["Dropout of positions as rows"] = () =>
            Dropped(Dropout(0.4), (x, drop) => drop.call(x.reshape(-1, 4)).reshape(-1, 12)),
        ["Dropout1d"] = () => Dropped(Dropout1d(0.5), (x, drop) => drop.call(x.reshape(-1, 6, 2)).reshape(-1, 12)),
        ["Dropout2d"] = () => Dropped(Dropout2d(0.5), (x, drop) => drop.call(x.reshape(-1, 6, 2, 1)).reshape(-1, 12)),
        ["Dropout of everything"] = () => Dropped(Dropout(1), (x, drop) => x + drop.call(x)),
        ["Dropout that is switched off"] = () =>
        {
            Dropout drop = Dropout(0.5);
            ZooModule zoo = Dropped(drop, (x, layer) => layer.call(x));
            zoo.Module.train();
            drop.eval();
            return zoo;
        },
    };

    // Masks follow the record, in the batch as in the loop.
    [TorchTheory]
    [MemberData(nameof(Dropouts))]
    public void Sums_OfAModuleWithDropout_DifferByWhatTheRecordAddsAlone(string name)
    {
        manual_seed(7);
        ZooModule zoo = ByRecord[name]();

        (double largest, string? loop) = Largest(zoo, GradientMethod.Automatic);

        Assert.Null(loop);
        Assert.InRange(largest, 0.9, 1);
        Assert.InRange(Largest(zoo, GradientMethod.Loop).Largest, 0.9, 1);
    }

    [TorchTheory]
    [InlineData("functional", "by a record's place")]
    [InlineData("noise", "by a record's place")]
    [InlineData("alpha", "by a record's place")]
    [InlineData("forward", "around its hooks")]
    [InlineData("time first", "first dimension")]
    [InlineData("time first, as long as the batch", "records")]
    public void Sums_OfAModuleThatDrawsByPlace_AreByTheLoop(string how, string reason)
    {
        manual_seed(7);
        Module<Tensor, Tensor> drop = how switch
        {
            "alpha" => AlphaDropout(0.5),
            "functional" or "noise" => Dropout(0),
            _ => Dropout(0.5),
        };
        ZooModule zoo = Dropped(drop, (x, layer) => how switch
        {
            "functional" => functional.dropout(x),
            "noise" => x + randn_like(x),
            "forward" => layer.forward(x),
            "time first" => layer.call(x.reshape(-1, 4, 3).transpose(0, 1)).transpose(0, 1).reshape(-1, 12),
            "time first, as long as the batch" => layer.call(
                x.repeat(1, 5).reshape(-1, 5, 12).transpose(0, 1).contiguous()).transpose(0, 1).mean([1L]),
            _ => layer.call(x),
        });

        if (how == "time first, as long as the batch")
        {
            using TorchExamples examples = Models.Examples(Records, zoo.Shape, ZooModule.Classes);
            Assert.Contains(
                reason,
                Assert.Throws<ModuleRefusedException>(() => Models.Trainer(zoo.Module, examples)).Message,
                StringComparison.Ordinal);
            return;
        }

        (double largest, string? loop) = Largest(zoo, GradientMethod.Automatic);

        Assert.Contains(reason, loop, StringComparison.Ordinal);
        Assert.InRange(largest, 0.9, 1);
    }

    // The share that is kept, and its size, over many records.
    [TorchFact]
    public void Dropout_ByRecord_KeepsTheShareAndTheMean()
    {
        using Dropout drop = Dropout(0.25);
        using RecordDropout dropout = new(drop);
        Tensor once;
        Tensor again;
        using (dropout.Begin([.. Enumerable.Range(0, 200).Select(i => (long)i)]))
        {
            once = drop.call(ones(200, 100));
            again = drop.call(ones(200, 100));
        }

        Assert.InRange(once.eq(0).to(float32).mean().item<float>(), 0.24, 0.26);
        Assert.InRange(once.mean().item<float>(), 0.98, 1.02);
        Assert.InRange(once.eq(again).to(float32).mean().item<float>(), 0.6, 0.65); // 0.75² + 0.25²
        Assert.True(drop.training);
        Assert.Null(dropout.Problem);
        Assert.NotEqual(200 * 100, drop.call(ones(200, 100)).count_nonzero().item<long>());
    }

    private static ZooModule Dropped(
        Module<Tensor, Tensor> drop, Func<Tensor, Module<Tensor, Tensor>, Tensor> middle)
    {
        (Linear a, Linear b) = (Linear(6, 12), Linear(12, 4));
        return new ZooModule(new Made(x => b.call(middle(functional.tanh(a.call(x)), drop)), a, drop, b), [6]);
    }

    [TorchFact]
    public void Sums_WithTwoThreads_DifferByWhatTheRecordAddsAlone()
    {
        manual_seed(7);
        set_num_threads(2);
        try
        {
            Assert.InRange(Largest(Zoo.Rules["Conv2d"](), GradientMethod.Automatic).Largest, 0.9, 1);
            Assert.InRange(Largest(Zoo.Rules["attention of Linears"](), GradientMethod.Automatic).Largest, 0.9, 1);
        }
        finally
        {
            set_num_threads(1);
        }
    }

    // ‖S(D) − S(D∖i)‖ over the bound, in whole numbers; and the difference is the record's own part, to the last step.
    internal static (double Largest, string? Loop) Largest(ZooModule zoo, GradientMethod method)
    {
        using TorchExamples examples = Models.Examples(Records, zoo.Shape, ZooModule.Classes, zoo.Tokens);
        using PrivateTrainer trainer = Models.Trainer(
            zoo.Module, examples, new TorchOptions { Method = method, MicroBatch = 16 }, Models.Plan(clip: 0.05));
        TorchRelease release = new(
            trainer.Plan, new InsecureSeededRandom(1, "test"), trainer.Training.Parameters.Length);
        using StepSum sum = new(trainer.Training, release);
        int[] all = [.. Enumerable.Range(0, Records)];
        long[] whole = Sums(sum, all, trainer);
        double largest = 0;
        foreach (int left in all)
        {
            long[] without = Sums(sum, [.. all.Where(record => record != left)], trainer);
            long[] alone = Sums(sum, [left], trainer);
            Int128 squared = 0;
            for (int i = 0; i < whole.Length; i++)
            {
                Assert.True(
                    alone[i] == whole[i] - without[i],
                    $"{alone[i]} steps alone, {whole[i] - without[i]} among others, of {zoo.Describe()}, bound {release.Sum.Grid.Bound}, record {left}, place {i} of {whole.Length}, by {trainer.LoopReason ?? "the batch"}");
                squared += (Int128)alone[i] * alone[i];
            }

            Assert.True(squared <= (Int128)release.Sum.Grid.Bound * release.Sum.Grid.Bound);
            largest = Math.Max(largest, Math.Sqrt((double)squared) / release.Sum.Grid.Bound);
        }

        return (largest, trainer.LoopReason);
    }

    private static long[] Sums(StepSum sum, int[] records, PrivateTrainer trainer)
    {
        long[] sums = new long[trainer.Training.Parameters.Length];
        sum.Add(records, seed: 5, sums);
        return sums;
    }
}
