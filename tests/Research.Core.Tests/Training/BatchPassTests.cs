using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Tests.Training;

public sealed class BatchPassTests
{
    public static TheoryData<string, int[], Layer[]> Models
    {
        get
        {
            TheoryData<string, int[], Layer[]> models = [];
            Array.ForEach(Architectures, one => models.Add(one.Name, one.Input, one.Layers));
            return models;
        }
    }

    internal static (string Name, int[] Input, Layer[] Layers)[] Architectures =>
    [
        ("linear", [6], [new Linear(6, 4)]),
        ("relu", [6], [new Linear(6, 9), new ReLU(), new Linear(9, 4)]),
        ("tanh", [6], [new Linear(6, 9), new Tanh(), new Linear(9, 4)]),
        ("flatten first", [1, 2, 3], [new Flatten(), new Linear(6, 4)]),
        ("conv", [2, 5, 6], [new Conv2d(2, 3, 3, 2, 1), new Flatten(), new Linear(27, 4)]),
        (
            "conv conv",
            [1, 7, 7],
            [new Conv2d(1, 3, 3, 1, 2), new Tanh(), new Conv2d(3, 2, 4, 3), new Flatten(), new Linear(8, 3)]
        ),
        ("max pool", [1, 6, 6], [new Conv2d(1, 2, 3), new MaxPool2d(2, 1), new Flatten(), new Linear(18, 3)]),
        ("average pool", [1, 6, 6], [new Conv2d(1, 2, 3), new AvgPool2d(2, 2), new Flatten(), new Linear(8, 3)]),
        ("pool first", [1, 6, 6], [new MaxPool2d(3, 3), new Flatten(), new Linear(4, 3)]),
        ("sigmoid", [6], [new Linear(6, 9), new Sigmoid(), new Linear(9, 4)]),
        ("gelu", [6], [new Linear(6, 9), new Gelu(), new Linear(9, 4)]),
        ("silu", [6], [new Linear(6, 9), new Silu(), new Flatten(), new Tanh(), new Linear(9, 4)]),
        (
            "grouped conv",
            [4, 5, 6],
            [new Conv2d(4, 6, 3, 2, 1, 2), new Gelu(), new Conv2d(6, 6, 2, Groups: 3), new Flatten(), new Linear(24, 3)]
        ),
        (
            "depthwise conv",
            [3, 5, 5],
            [new Conv2d(3, 3, 3, 1, 1, 3), new ReLU(), new Conv2d(3, 4, 1), new GlobalAvgPool2d(), new Linear(4, 3)]
        ),
        ("global max", [2, 5, 4], [new Conv2d(2, 5, 2), new GlobalMaxPool2d(), new Linear(5, 3)]),
        ("deferred conv, pairs", [64, 3, 3], [new Conv2d(64, 64, 3), new GlobalMaxPool2d(), new Linear(64, 3)]),
        ("deferred conv, strips", [1, 5, 5], [new Conv2d(1, 3301, 3), new GlobalAvgPool2d(), new Linear(3301, 3)]),
        (
            "deferred conv, groups",
            [64, 4, 4],
            [new Conv2d(64, 128, 3, 2, 1, 2), new Tanh(), new GlobalAvgPool2d(), new Linear(128, 3)]
        ),
        (
            "group norm",
            [2, 4, 4],
            [
                new Conv2d(2, 6, 3, 1, 1), new GroupNorm(3, 6), new ReLU(), new GroupNorm(6, 6), new Conv2d(6, 2, 2),
                new GroupNorm(1, 2), new Flatten(), new Linear(18, 3),
            ]
        ),
        ("norm first", [12], [new GroupNorm(3, 12), new Linear(12, 4)]),
        (
            "layer norm",
            [5, 7],
            [new LayerNorm(7), new Linear(7, 6), new LayerNorm(6), new Flatten(), new Linear(30, 3)]
        ),
        (
            "linear on a sequence",
            [9, 4],
            [new Linear(4, 5), new Tanh(), new Linear(5, 2), new Flatten(), new Linear(18, 3)]
        ),
        ("linear in pairs", [3, 20], [new Linear(20, 20), new Silu(), new Flatten(), new Linear(60, 3)]),
        (
            "linear in strips",
            [40, 4],
            [new Linear(4, 14), new ReLU(), new Linear(14, 2), new Flatten(), new Linear(80, 3)]
        ),
        (
            "residual in place",
            [6],
            [
                new Linear(6, 8), new Tanh(), new Residual([new ReLU(), new Linear(8, 8), new Tanh()]), new ReLU(),
                new Residual([new Tanh()]), new Linear(8, 3),
            ]
        ),
        ("residual first", [6], [new Residual([new Flatten(), new Tanh(), new Linear(6, 6)]), new Linear(6, 3)]),
        (
            "residual nested",
            [2, 4, 4],
            [
                new Conv2d(2, 3, 3, 1, 1),
                new Residual(
                [
                    new Residual([new ReLU(), new Conv2d(3, 3, 3, 1, 1)]), new ReLU(),
                    new Residual([new GroupNorm(1, 3), new Residual([new Silu()])]),
                ]),
                new Flatten(), new ReLU(), new Linear(48, 3),
            ]
        ),
        ("attention", [5, 4], [new SelfAttention(4, 1), new Flatten(), new Linear(20, 3)]),
        ("attention, heads", [7, 6], [new Linear(6, 6), new SelfAttention(6, 3), new Flatten(), new Linear(42, 3)]),
        (
            "attention, causal",
            [6, 10],
            [new Residual([new LayerNorm(10), new SelfAttention(10, 2, true)]), new Flatten(), new Linear(60, 3)]
        ),
        (
            "transformer",
            [6],
            [
                new Embedding(5, 8), new Residual([new LayerNorm(8), new SelfAttention(8, 2, Causal: true)]),
                new Residual([new LayerNorm(8), new Linear(8, 16), new Gelu(), new Dropout(0), new Linear(16, 8)]),
                new LayerNorm(8), new Flatten(), new Linear(48, 4),
            ]
        ),
        ("embedding", [9], [new Embedding(4, 3), new Flatten(), new Linear(27, 3)]),
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void AddGradients_EveryLayer_MatchesCentralDifferencesInDouble(string name, int[] input, Layer[] layers)
    {
        (ModelSpec spec, Network network, Dataset data) = Make(name, input, layers, examples: 5);
        double[] weights = [.. network.Weights.ToArray().Select(w => (double)w)];
        int every = Math.Max(1, (weights.Length / 200) | 1); // Of large layers a sample, over all taps and outputs.
        for (int example = 0; example < data.Count; example++)
        {
            double[] x = Input(data, example);
            double[] expected = DoubleNetwork.Gradient(spec, weights, x, data.Labels.Span[example], every);

            float[] actual = new float[weights.Length];
            double loss = AddGradients(network, data, [example], clipNorm: null, actual);

            Assert.Equal(DoubleNetwork.Loss(spec, weights, x, data.Labels.Span[example]), loss, 1e-5);
            double size = expected.Where(double.IsFinite).Max(Math.Abs);
            Assert.All(expected.Zip(actual).Where((_, i) => i % every == 0), pair =>
                Assert.Equal(pair.First, pair.Second, 2e-6 * Math.Max(size, 1)));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void AddGradients_Clipped_EqualsALoopOverExamples(string name, int[] input, Layer[] layers)
    {
        (ModelSpec _, Network network, Dataset data) = Make(name, input, layers, examples: 40);
        const double ClipNorm = 0.7;
        double[] expected = new double[network.Weights.Length];
        int clipped = 0;
        for (int example = 0; example < data.Count; example++)
        {
            float[] gradient = new float[expected.Length];
            AddGradients(network, data, [example], clipNorm: null, gradient);
            double norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
            clipped += norm > ClipNorm ? 1 : 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                expected[i] += gradient[i] * Math.Min(1, ClipNorm / norm);
            }
        }

        float[] actual = new float[expected.Length];
        AddGradients(network, data, [.. Enumerable.Range(0, data.Count)], ClipNorm, actual);

        Assert.InRange(clipped, 1, data.Count);
        PassSums.AssertClose(network, expected, actual, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void AddGradients_OneExample_NeverExceedsTheClipNorm(string name, int[] input, Layer[] layers)
    {
        (ModelSpec _, Network network, Dataset data) = Make(name, input, layers, examples: 60);
        for (int example = 0; example < data.Count; example++)
        {
            float[] gradient = new float[network.Weights.Length];
            AddGradients(network, data, [example], 0.1, gradient);
            double least = network.Nodes.Any(node => node.Operator.HasFactors(copies: 1)) ? 0.0994 : 0.0999;
            Assert.InRange(Math.Sqrt(gradient.Sum(g => (double)g * g)), least, 0.1);
        }
    }

    // Where no factors are rounded, an example's steps are its gradient times one factor, rounded toward zero.
    [Theory]
    [MemberData(nameof(Models))]
    public void AddClipped_OneExample_IsTheGradientTimesOneFactorTowardZero(string name, int[] input, Layer[] layers)
    {
        (ModelSpec _, Network network, Dataset data) = Make(name, input, layers, examples: 8);
        using BatchPass pass = new(network, 1, training: true);
        for (int example = 0; example < data.Count; example++)
        {
            float[] gradient = new float[network.Weights.Length];
            long[] steps = new long[gradient.Length];
            pass.AddGradients(data, [example], gradient);
            pass.AddClipped(data, [example], Flat(0.1), steps);

            double least = 0;
            double most = double.PositiveInfinity;
            for (int node = 0; node < network.Nodes.Count; node++)
            {
                (int start, int length) = network.RangeOf(node).GetOffsetAndLength(gradient.Length);
                for (int i = start; i < start + length && !network.Nodes[node].Operator.HasFactors(1); i++)
                {
                    double size = Math.Abs((double)gradient[i]);
                    Assert.True(steps[i] == 0 || Math.Sign(steps[i]) == Math.Sign(gradient[i]));
                    double sizeRounding = (1e-5 * size) + 1e-7; // Two ways of summing over positions.
                    least = Math.Max(least, Math.Abs(steps[i]) / (size + sizeRounding));
                    most = size > sizeRounding
                        ? Math.Min(most, (Math.Abs(steps[i]) + 1) / (size - sizeRounding))
                        : most;
                }
            }

            Assert.True(least <= most, $"Example {example}: no factor of at least {least} and at most {most}.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AddGradients_AnyThreadsAndOrderOfChunks_GivesTheSameBits(int threads)
    {
        Dataset data = Datasets.Open("digits").Train;
        int[] chosen = [.. Enumerable.Range(0, 700).Select(i => i * 2)]; // more than two chunks
        foreach (ModelSpec spec in (ModelSpec[])[Specs.DigitsMlp, Specs.DigitsCnn])
        {
            Network network = Network.Create(spec);
            long[] whole = new long[network.Weights.Length];
            long[] pieces = new long[network.Weights.Length];

            using BatchPass many = new(network, threads, training: true);
            many.AddClipped(data, chosen, Flat(0.5), whole);
            using BatchPass one = new(network, 1, training: true);
            for (int start = chosen.Length; start > 0; start -= 100) // another order, and no whole blocks
            {
                int from = Math.Max(0, start - 100);
                one.AddClipped(data, chosen.AsSpan(from, start - from), Flat(0.5), pieces);
            }

            Assert.Equal(pieces, whole);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void AddGradients_ExampleWithoutFiniteGradient_CountsAsZero(float poison)
    {
        foreach (ModelSpec spec in (ModelSpec[])[Specs.DigitsMlp, Specs.DigitsCnn])
        {
            Dataset good = Datasets.Open("digits").Train.Select([0, 1, 2, 3]);
            float[] inputs = [.. good.Inputs.ToArray(), .. Enumerable.Repeat(poison, 64)];
            Dataset bad = new(inputs, (int[])[.. good.Labels.ToArray(), 0], [64], 10);
            Network network = Network.Create(spec);
            float[] expected = new float[network.Weights.Length];
            float[] actual = new float[network.Weights.Length];
            using BatchPass pass = new(network, 1, training: true);

            AddGradients(network, good, [0, 1, 2, 3], 1, expected);
            pass.AddGradients(bad, [0, 1, 2, 3, 4], Flat(1), actual);

            Numbers.AssertSameBits(expected, actual);
            Assert.Equal(1, pass.NonFiniteGradients);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void AddGradients_EveryLayer_KeepsABrokenExampleToItself(string name, int[] input, Layer[] layers)
    {
        (ModelSpec _, Network network, Dataset data) = Make(name, input, layers, examples: 5);
        float[] inputs = data.Inputs.ToArray();
        inputs.AsSpan(4 * network.InputSize).Fill(float.NaN);
        Dataset broken = new(inputs, data.Labels, input, network.Classes);
        float[] expected = new float[network.Weights.Length];
        float[] actual = new float[network.Weights.Length];
        using BatchPass pass = new(network, 1, training: true);

        AddGradients(network, data, [0, 1, 2, 3], 1, expected);
        pass.AddGradients(broken, [0, 1, 2, 3, 4], Flat(1), actual);

        Numbers.AssertSameBits(expected, actual);
        Assert.Equal(1, pass.NonFiniteGradients);
    }

    [Fact]
    public void AddGradients_EmptyBatch_AddsNothing()
    {
        Network network = Network.Create(Specs.DigitsMlp);
        float[] sum = new float[network.Weights.Length];

        double loss = AddGradients(network, Datasets.Open("digits").Train, [], 1, sum, threads: 2);

        Assert.Equal(0, loss);
        Assert.All(sum, value => Assert.Equal(0, value));
    }

    private static double AddGradients(
        Network network, Dataset data, int[] chosen, double? clipNorm, float[] sum, int threads = 1)
    {
        using BatchPass pass = new(network, threads, training: true);
        return pass.AddGradients(data, chosen, clipNorm is { } norm ? Flat(norm) : null, sum);
    }

    private static Clipping Flat(double norm) => PassSums.Clip(ClippingMode.Flat, norm);

    private static (ModelSpec Spec, Network Network, Dataset Data) Make(
        string name, int[] input, Layer[] layers, int examples)
    {
        ModelSpec spec = Specs.DigitsMlp with { Name = name, Model = new ModelSection(input, 5, layers) };
        Network network = Network.Create(spec);
        int size = network.InputSize;
        float[] inputs = [.. Numbers.Uniform(examples * size, 11).Select(x => x * 2)];
        if (layers[0] is Embedding embedding)
        {
            inputs = [.. inputs.Select(x => MathF.Floor((x + 2) / 4 * embedding.Tokens))];
        }

        int[] labels = [.. Enumerable.Range(0, examples).Select(i => i % network.Classes)];
        return (spec, network, new Dataset(inputs, labels, input, network.Classes));
    }

    private static double[] Input(Dataset data, int example)
    {
        int size = data.Inputs.Length / data.Count;
        return [.. data.Inputs.ToArray().Skip(example * size).Take(size).Select(x => (double)x)];
    }
}
