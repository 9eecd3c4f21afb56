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

    // Layer by layer masks are drawn by place, under secret seeds (PROOFS.md); in the loop by the record's own content.
    [TorchFact]
    public void Sums_OfAModuleWithDropout_AreByTheRecordInTheLoop()
    {
        manual_seed(7);
        Linear a = Linear(6, 12);
        Dropout half = Dropout(0.5);
        Linear b = Linear(12, 4);
        ZooModule zoo = new(new Made(x => b.call(half.call(functional.tanh(a.call(x)))), a, half, b), [6]);
        using TorchExamples examples = Models.Examples(Records, zoo.Shape, ZooModule.Classes);
        using PrivateTrainer layers = Models.Trainer(zoo.Module, examples);

        Assert.Null(layers.LoopReason);
        Assert.True(layers.Training.Probed.IsRandom);
        Assert.InRange(Largest(zoo, GradientMethod.Loop).Largest, 0.9, 1);
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
        zoo.Module.train();
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
                    $"{alone[i]} steps alone, {whole[i] - without[i]} among others, of {zoo.Describe()}");
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
