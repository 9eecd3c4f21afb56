using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>What probes are drawn from is public: nothing that they decide tells of the records.</summary>
public sealed class ProbeRangeTests
{
    // All that the module is shown before training is the same, whatever the records are.
    [TorchFact]
    public void MakePrivate_OtherRecordsOfTheSameShape_ShowsTheModuleTheSame()
    {
        Assert.Equal(Shown(ones(20, 6), zeros(20, dtype: int64)), Shown(rand(37, 6) * 900, randint(0, 4, [37])));
    }

    [TorchFact]
    public void MakePrivate_OtherTokensOfTheSameShape_ShowsTheModuleTheSame()
    {
        Assert.Equal(
            Shown(zeros(20, 3, dtype: int64), zeros(20, dtype: int64)),
            Shown(randint(0, 11, [37, 3]), randint(0, 4, [37])));
    }

    [TorchFact]
    public void MakePrivate_RangesThatAreGiven_AreDrawnFrom()
    {
        manual_seed(3);
        (float Least, float Largest) seen = (float.MaxValue, float.MinValue);
        using Linear layer = Linear(6, 4);
        using Module<Tensor, Tensor> module = new Made(
            x =>
            {
                seen = (
                    Math.Min(seen.Least, x.masked_select(x.ne(0)).min().item<float>()),
                    Math.Max(seen.Largest, x.max().item<float>()));
                return layer.call(x / 255);
            },
            layer);
        using TorchExamples examples = TorchExamples.Of(rand(20, 6) * 255, randint(0, 4, [20]));
        TorchOptions options = new() { InputRange = new ValueRange(3, 255), TargetRange = new ValueRange(0, 3) };

        using PrivateTrainer trainer = Models.Trainer(module, examples, options);

        Assert.InRange(seen.Least, 3, 10);
        Assert.InRange(seen.Largest, 240, 255);
    }

    // Of whole numbers, what the module takes: its vocabulary, and its classes.
    [TorchFact]
    public void MakePrivate_WholeNumbers_GoAsFarAsTheModuleTakesThem()
    {
        manual_seed(3);
        long largest = 0;
        using Embedding rows = Embedding(37, 8);
        using Linear scores = Linear(8, 5);
        using Module<Tensor, Tensor> module = new Made(
            x =>
            {
                Tensor found = rows.call(x); // Throws before the next line where a number is out of range.
                largest = Math.Max(largest, x.max().item<long>());
                return scores.call(found.mean([1L]));
            },
            rows,
            scores);
        using TorchExamples examples = TorchExamples.Of(zeros(20, 3, dtype: int64), zeros(20, dtype: int64));

        using PrivateTrainer trainer = Models.Trainer(module, examples);

        Assert.Null(trainer.LoopReason);
        Assert.Equal(36, largest);
    }

    [TorchFact]
    public void MakePrivate_LossesThatAreNotFiniteOfRandomRecords_AsksForTheRange()
    {
        using Linear layer = Linear(6, 4);
        using Module<Tensor, Tensor> module = new Made(x => layer.call(x.log()), layer);
        using TorchExamples examples = TorchExamples.Of(rand(20, 6) + 1, randint(0, 4, [20]));

        foreach (GradientMethod method in Enum.GetValues<GradientMethod>())
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() =>
                Models.Trainer(module, examples, new TorchOptions { Method = method }));
            Assert.Contains("got NaN for inputs of -1 to 1", error.Message, StringComparison.Ordinal);
        }

        using PrivateTrainer trainer =
            Models.Trainer(module, examples, new TorchOptions { InputRange = new ValueRange(1, 2) });
        Assert.Null(trainer.LoopReason);
    }

    // |x|^½ has no gradient at 0: nothing can be compared there.
    [TorchFact]
    public void MakePrivate_GradientsThatAreNotFiniteOfRandomRecords_GoesToTheLoop()
    {
        using Linear layer = Linear(6, 4);
        using Module<Tensor, Tensor> module = new Made(x => (layer.call(x) * 0).sqrt() + layer.call(x), layer);
        using TorchExamples examples = TorchExamples.Of(rand(20, 6), randint(0, 4, [20]));

        using PrivateTrainer trainer = Models.Trainer(module, examples);

        Assert.Contains("not finite", trainer.LoopReason, StringComparison.Ordinal);
    }

    [TorchTheory]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void MakePrivate_RangesThatAreNone_AreRefused(double least, double largest)
    {
        using Linear layer = Linear(6, 4);
        using TorchExamples examples = Models.Examples(20, [6], 4);
        foreach (TorchOptions bad in (TorchOptions[])[
            new() { InputRange = new ValueRange(least, largest) },
            new() { TargetRange = new ValueRange(least, largest) }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Models.Trainer(layer, examples, bad));
        }
    }

    private static List<string> Shown(Tensor inputs, Tensor targets)
    {
        manual_seed(3);
        List<string> seen = [];
        using Embedding table = Embedding(11, 6);
        using Linear layer = Linear(6, 4);
        using Module<Tensor, Tensor> module = new Made(
            x =>
            {
                seen.Add(string.Join(' ', x.detach().to(float64).cpu().contiguous().data<double>()));
                return layer.call(x.dtype == int64 ? table.call(x).mean([1L]) : x);
            },
            [.. (Module[])(inputs.dtype == int64 ? [table, layer] : [layer])]);
        using TorchExamples examples = TorchExamples.Of(inputs, targets);
        List<string> labels = [];
        using PrivateTrainer trainer = PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.parameters(), 0.1),
            examples,
            (x, y) =>
            {
                labels.Add(string.Join(' ', y.data<long>()));
                return Models.CrossEntropy(module.call(x), y);
            },
            Models.Plan());
        Assert.Null(trainer.LoopReason);
        return [.. seen, .. labels];
    }
}
