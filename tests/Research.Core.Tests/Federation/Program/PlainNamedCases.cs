using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Data.Scattering;
using Research.Training.Layers;

namespace Research.Tests.Federation.Program;

/// <summary>Rounds chosen by hand: every layer before weights, long runs, and numbers at their limits.</summary>
internal static class PlainNamedCases
{
    private static readonly IReadOnlyList<Layer> Mixed =
    [
        new Conv2d(1, 2, 3, 1, 1), new ReLU(), new MaxPool2d(2, 2), new Flatten(), new Linear(8, 5), new Tanh(),
        new Linear(5, 3),
    ];

    private static readonly int[] Image = [2, 5, 6];

    private static readonly Conv2d Conv = new(2, 4, 3, 1, 1);

    private static readonly Dictionary<string, Func<PlainRound>> Rounds = new()
    {
        ["one linear layer"] = () => new(PlainCase.Spec([20], [new Linear(20, 3)])),
        ["digits"] = () => new(PlainCase.Spec(
            [1, 8, 8], [new Flatten(), new Linear(64, 12), new ReLU(), new Linear(12, 10)])),
        ["strides and groups"] = () => Net(
            new Conv2d(2, 4, 3, 2, 2, 2), new ReLU(), new Conv2d(4, 6, 2, 1, 1, 2), new ReLU(), new Flatten(),
            new Linear(150, 3)),
        ["a kernel of 1, all groups apart"] = () => Net(
            new Conv2d(2, 4, 1, 1, 0, 2), new Conv2d(4, 4, 3, 3, 0, 4), new Flatten(), new Linear(8, 3)),
        ["strides beyond the kernel"] = () => Net(
            new Conv2d(2, 3, 1), new Conv2d(3, 4, 1, 2), new MaxPool2d(1, 2), new Flatten(), new Linear(16, 3)),
        ["max windows overlap"] = () => Net(Conv, new MaxPool2d(3, 1), new ReLU(), new Flatten(), new Linear(48, 3)),
        ["max windows leave a rest"] = () => Net(
            Conv, new ReLU(), new MaxPool2d(2, 2), new ReLU(), new Flatten(), new Linear(24, 3)),
        ["mean windows overlap"] = () => Net(Conv, new AvgPool2d(3, 2), new ReLU(), new Flatten(), new Linear(16, 3)),
        ["mean windows leave a rest"] = () => Net(Conv, new AvgPool2d(2, 3), new Flatten(), new Linear(16, 3)),
        ["largest of each channel"] = () => Net(Conv, new GlobalMaxPool2d(), new ReLU(), new Linear(4, 3)),
        ["mean of each channel"] = () => Net(Conv, new GlobalAvgPool2d(), new ReLU(), new Linear(4, 3)),
        ["more than 256 taps"] = () => new(PlainCase.Spec(
            [1, 17, 16],
            [new Conv2d(1, 6, 3, 1, 1), new ReLU(), new GlobalAvgPool2d(), new Linear(6, 3)],
            records: 50,
            references: 1)),
        ["more than 256 inputs"] = () => new(PlainCase.Spec([600], [new Linear(600, 2), new Linear(2, 3)])),
        ["more than 256 outputs"] = () => new(PlainCase.Spec(
            [3], [new Linear(3, 300), new ReLU(), new Linear(300, 3)], references: 1)),
        ["256 classes"] = () => new(PlainCase.Spec([3], [new Linear(3, 256)], references: 1)),
        ["norm of groups first"] = () => Net(
            new GroupNorm(2, 2), Conv, new GroupNorm(2, 4), new ReLU(), new Flatten(), new Linear(120, 3)),
        ["norm of layers"] = () => new(PlainCase.Spec(
            [12], [new LayerNorm(12), new Linear(12, 8), new LayerNorm(8), new ReLU(), new Linear(8, 3), new LayerNorm(3)])),
        ["norm of one element"] = () => Net(Conv, new GlobalAvgPool2d(), new GroupNorm(4, 4), new Linear(4, 3)),
        ["functions, relu after each"] = () => new(PlainCase.Spec(
            [12],
            [
                new ReLU(), new Linear(12, 6), new Tanh(), new ReLU(), new Linear(6, 6), new Sigmoid(), new ReLU(),
                new Linear(6, 6), new Silu(), new ReLU(), new ReLU(), new Linear(6, 3), new ReLU(),
            ])),
        ["functions of functions"] = () => new(PlainCase.Spec(
            [12],
            [
                new Linear(12, 6), new Tanh(), new Silu(), new Sigmoid(), new Tanh(), new Linear(6, 3), new Sigmoid(),
            ])),
        ["a convolution, flatten, relu"] = () => Net(Conv, new Flatten(), new ReLU(), new Linear(120, 3)),
        ["residual first, nested"] = () => new(PlainCase.Spec(
            [8],
            [
                new Residual([new Linear(8, 8), new Residual([new Tanh(), new ReLU()]), new ReLU()]), new ReLU(),
                new Residual([new ReLU(), new Residual([new LayerNorm(8), new Linear(8, 8), new ReLU()])]), new Linear(8, 3),
            ])),
        ["residual of more places"] = () => new(PlainCase.Spec(
            [8],
            [
                new Linear(8, 8), new Tanh(), new Residual([new Linear(8, 8)]), new Residual([new Sigmoid()]), new Flatten(),
                new Residual([new Flatten(), new GroupNorm(2, 8)]), new Residual([new Flatten()]), new Linear(8, 3),
            ])),
        ["residual of images"] = () => Net(
            new Conv2d(2, 2, 3, 1, 1),
            new Residual([new Conv2d(2, 2, 3, 1, 1), new ReLU(), new Conv2d(2, 2, 3, 1, 1)]),
            new ReLU(),
            new Residual([new MaxPool2d(1, 1), new AvgPool2d(1, 1)]), new GlobalMaxPool2d(), new Linear(2, 3)),
        ["two blocks, a place without a record"] = () => new(PlainCase.Spec([1, 4, 4], Mixed, records: 69), Reveals: 17),
        ["three blocks"] = () => new(PlainCase.Spec([20], [new Linear(20, 3)], records: 130), Reveals: 15),
        ["the last of as many rounds as there can be"] = () => new(
            PlainCase.Spec([120], [new Linear(120, 3)], rounds: 256, references: 1), 255, 2),
        ["more than 65,536 weights"] = () => new(
            WithSteps(PlainCase.Spec([400], [new Linear(400, 165), new Linear(165, 3)], records: 50, references: 1), 1),
            0,
            2),
        ["features"] = () => new(WithFeatures(PlainCase.Spec(
            [1, 8, 8], [new GroupNorm(1, 17), new GlobalAvgPool2d(), new Linear(17, 3)], references: 1))),
        ["one reveal"] = () => Plain(1),
        ["15 reveals"] = () => Plain(15),
        ["16 reveals"] = () => Plain(16),
        ["17 reveals"] = () => Plain(17),
        ["33 reveals"] = () => Plain(33),
        ["64 reveals"] = () => Plain(64),
        ["no reveal"] = () => Plain(0),
        ["32 buckets"] = () => Rule(new Median(32), 40),
        ["buckets that 65,536 indices do not fill"] = () => Rule(new TrimmedMean(2, 7), 33),
        ["one bucket"] = () => Rule(new TrimmedMean(0, 1), 5),
        ["updates at their least"] = () => Extreme(inputs => Fill(inputs, _ => int.MinValue)),
        ["updates at their greatest"] = () => Extreme(inputs => Fill(inputs, _ => int.MaxValue)),
        ["updates of both signs"] = () => Extreme(inputs => Fill(inputs, i => i % 2 == 0 ? int.MinValue : int.MaxValue)),
        ["updates of nothing"] = () => Extreme(inputs => Fill(inputs, _ => 0)),
        ["updates of one unit"] = () => Extreme(inputs => Fill(inputs, i => i == 3 ? 1 : 0)),
        ["updates all equal, blocks turned"] = () => Extreme(inputs =>
        {
            for (int i = 1; i < inputs.Updates.Length; i++)
            {
                inputs.Updates[i] = inputs.Updates[0];
            }

            Blocks(inputs, i => 100 - i);
        }),
        ["updates all equal, of one block"] = () => Extreme(inputs =>
        {
            Array.Fill(inputs.Updates, inputs.Updates[^1]);
            Blocks(inputs, _ => 7);
        }),
        ["blocks shuffled"] = () => Extreme(inputs => Blocks(inputs, i => 1L << (13 * i % 5))),
        ["blocks of nothing"] = () => Extreme(inputs => Blocks(inputs, _ => 0)),
        ["blocks at their greatest"] = () => Extreme(inputs => Blocks(inputs, i => long.MaxValue >> (8 * (i % 3)))),
        ["all updates missing"] = () => Extreme(inputs => Array.Fill(inputs.Updates, [])),
        ["models at 2^23"] = () => Extreme(inputs => Weights(inputs, i => i % 2 == 0 ? 1 << 23 : -(1 << 23))),
        ["models at 2^23, of one sign"] = () => Extreme(inputs => Weights(inputs, _ => 1 << 23)),
        ["models of nothing"] = () => Extreme(inputs => Weights(inputs, _ => 0)),
        ["keys of zeros"] = () => Extreme(inputs => Array.Clear(inputs.Keys)),
        ["records of random bytes"] = () => Extreme(inputs => new Random(6).NextBytes(inputs.Records)),
        ["records at 32767"] = () => Extreme(inputs => inputs.Encrypt((_, _) => 32767)),
        ["records at -32768"] = () => Extreme(inputs => inputs.Encrypt((_, _) => -32768)),
        ["records of both limits"] = () => Extreme(inputs =>
            inputs.Encrypt((record, i) => (record + i) % 2 == 0 ? 32767 : -32768)),
        ["records of nothing"] = () => Extreme(inputs => inputs.Encrypt((_, _) => 0)),
        ["directions of both limits"] = () => Extreme(inputs =>
            Directions(inputs, i => (short)(i % 2 == 0 ? -32768 : 32767))),
        ["directions of nothing"] = () => Extreme(inputs => Directions(inputs, _ => 0)),
        ["everything at its limit"] = () => Extreme(inputs =>
        {
            Fill(inputs, i => i % 3 == 0 ? int.MinValue : int.MaxValue);
            Weights(inputs, i => i % 2 == 0 ? 1 << 23 : -(1 << 23));
            inputs.Encrypt((record, i) => (record * i) % 3 == 0 ? 32767 : -32768);
            Directions(inputs, _ => 32767);
        }),
    };

    // A table of the same name and another width is taken for that of section 8: Constants.Table looks by the name first.
    private static readonly Dictionary<string, Func<PlainRound>> Mistaken = new()
    {
        ["largest of 65 places"] = () => new(PlainCase.Spec(
            [1, 5, 13], [new Conv2d(1, 5, 3, 1, 1), new GlobalMaxPool2d(), new Linear(5, 2)], references: 1)),
        ["65 classes"] = () => new(PlainCase.Spec(
            [1, 3, 15], [new GroupNorm(1, 1), new Conv2d(1, 5, 3), new Flatten()], references: 1)),
    };

    public static IEnumerable<string> Names => Rounds.Keys;

    /// <summary>Gets rounds whose program is not yet the text's.</summary>
    public static IEnumerable<string> MistakenNames => Mistaken.Keys;

    public static PlainRound Of(string name) => (Rounds.GetValueOrDefault(name) ?? Mistaken[name])();

    private static PlainRound Net(params IReadOnlyList<Layer> layers) =>
        new(WithSteps(PlainCase.Spec(Image, layers, records: 53, references: 1), 2), Reveals: 3);

    private static PlainRound Plain(int reveals) => new(PlainCase.Spec([20], [new Linear(20, 3)], rounds: 2), 1, reveals);

    private static PlainRound Rule(AggregationRule rule, int reveals)
    {
        ModelSpec spec = PlainCase.Spec([20], [new Linear(20, 3)]);
        return new(spec with { Task = spec.Task! with { Aggregation = rule } }, 0, reveals);
    }

    private static PlainRound Extreme(Action<PlainInputs> change) =>
        new(PlainCase.Spec([1, 4, 4], Mixed, rounds: 3, records: 65), 2, 5, change);

    private static ModelSpec WithFeatures(ModelSpec spec) =>
        spec with { Model = spec.Model with { Features = new ScatteringFeatures(1, 16, new GroupNormalization(1)) } };

    private static ModelSpec WithSteps(ModelSpec spec, int steps) =>
        spec with { Training = spec.Training with { Steps = steps } };

    private static void Fill(PlainInputs inputs, Func<int, int> weight)
    {
        for (int seat = 0; seat < inputs.Updates.Length; seat++)
        {
            inputs.Updates[seat] = [.. Enumerable.Range(0, inputs.Model.Length).Select(weight)];
        }
    }

    private static void Blocks(PlainInputs inputs, Func<int, long> block)
    {
        for (int i = 0; i < inputs.Blocks.Length; i++)
        {
            inputs.Blocks[i] = block(i);
        }
    }

    private static void Weights(PlainInputs inputs, Func<int, int> weight)
    {
        for (int i = 0; i < inputs.Model.Length; i++)
        {
            inputs.Model[i] = weight(i);
        }
    }

    private static void Directions(PlainInputs inputs, Func<int, short> number)
    {
        foreach (short[] direction in inputs.Directions)
        {
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] = number(i);
            }
        }
    }
}

/// <summary>A round to compare.</summary>
/// <param name="Spec">The specification.</param>
/// <param name="Round">The round, from 0.</param>
/// <param name="Reveals">How many updates are revealed.</param>
/// <param name="Change">What is done to the inputs.</param>
internal sealed record PlainRound(ModelSpec Spec, int Round = 0, int Reveals = 4, Action<PlainInputs>? Change = null);
