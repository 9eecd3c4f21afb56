using Research.TorchSharp.Gradients;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Research.TorchSharp.Tests.Gradients;

/// <summary>Each rule's gradients against the loop in double: the same weights, one example at a time.</summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    private const int Batch = 9;
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Rules => [.. Zoo.Rules.Keys];

    [TorchTheory]
    [MemberData(nameof(Rules))]
    public void Compute_EachRule_IsTheLoopInDouble(string name)
    {
        manual_seed(7);
        ZooModule zoo = Zoo.Rules[name]();
        using DisposeScope scope = NewDisposeScope();
        (Tensor inputs, Tensor targets) = zoo.Draw(Batch, 5);

        (double error, string kinds) = Error(zoo, inputs, targets, float64);
        (double single, _) = Error(zoo, inputs, targets, float32);

        output.WriteLine($"{name}: {kinds}; double {error:E1}, single {single:E1}");
        Assert.InRange(error, 0, Tolerance);
        Assert.InRange(single, 0, 20 * Tolerance); // Rounding of single precision, over the layers.
    }

    [TorchFact]
    public void Compute_RandomModules_AreTheLoopInDouble()
    {
        double worst = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            manual_seed(seed);
            ZooModule zoo = Zoo.Random(seed);
            using DisposeScope scope = NewDisposeScope();
            (Tensor inputs, Tensor targets) = zoo.Draw(Batch, (ulong)seed + 100);

            (double error, string kinds) = Error(zoo, inputs, targets, float64);

            Assert.True(error <= Tolerance, $"module {seed} ({kinds}): {error:E2}");
            worst = Math.Max(worst, error);
        }

        output.WriteLine($"60 modules of 2 to 6 layers: worst {worst:E1}");
    }

    // The largest relative error of any example's gradient by any parameter. Gradients that are zero but for rounding,
    // as of the keys' bias in attention, are compared with the others.
    private static (double Error, string Kinds) Error(ZooModule zoo, Tensor inputs, Tensor targets, ScalarType type)
    {
        zoo.Module.to(type);
        Tensor x = inputs.is_floating_point() ? inputs.to(type) : inputs;
        TrainedParameters parameters = new(zoo.Module);
        using LayerMap map = new(zoo.Module, parameters);
        Assert.Null(map.WholeLoopReason);
        foreach (LayerRule rule in map.Rules.Where(_ => zoo.IsSequenceFirst))
        {
            rule.TryOtherLayout();
        }

        IReadOnlyList<GradientPiece> pieces =
            new BatchGradients(map, zoo.Losses).Compute(x, targets, seeds: new long[x.shape[0]]).Pieces;
        Dictionary<string, Tensor> formed = pieces
            .SelectMany(piece => piece.Slots.Select(slot => (slot.Name, piece.Form(slot).to(float64))))
            .ToDictionary(pair => pair.Name, pair => pair.Item2);
        zoo.Module.to(float64);
        Tensor wide = inputs.is_floating_point() ? inputs.to(float64) : inputs;
        TrainedParameters truth = new(zoo.Module);
        double worst = 0;
        IReadOnlyList<GradientPiece> loop =
            new LoopGradients(truth, zoo.Losses).Compute(wide, targets, new long[x.shape[0]]).Pieces;
        double largest = loop.Max(piece => piece.Form(piece.Slots[0]).norm(1).max().item<double>());
        foreach (GradientPiece piece in loop)
        {
            ParameterSlot slot = piece.Slots[0];
            Tensor expected = piece.Form(slot);
            Tensor actual = formed.TryGetValue(slot.Name, out Tensor? found) ? found : zeros_like(expected);
            double scale = expected.norm(1).max().item<double>();
            worst = Math.Max(worst, (expected - actual).norm(1).max().item<double>() / Math.Max(scale, 1e-3 * largest));
        }

        return (worst, string.Join(" ", map.Rules.Select(rule => rule.Kind).Distinct()));
    }
}
