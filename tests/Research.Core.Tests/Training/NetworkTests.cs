using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

public sealed class NetworkTests
{
    [Fact]
    public void Create_SameSeed_GivesTheSameWeightsWithinTheirBound()
    {
        Network first = Network.Create(Specs.DigitsMlp);
        Network second = Network.Create(Specs.DigitsMlp);

        Numbers.AssertSameBits(first.Weights, second.Weights);
        Assert.Equal((64 * 32) + 32 + (32 * 10) + 10, first.Weights.Length);
        float[] layer = first.Weights[..(64 * 32)].ToArray();
        Assert.All(layer, weight => Assert.InRange(weight, -0.125f, 0.125f)); // 1/√64
        Assert.Equal(0.125 * 0.125 / 3, layer.Average(w => (double)w * w), 0.0005); // variance of the uniform law
    }

    [Fact]
    public void SeededGenerator_PublishedSeed_GivesThePublishedNumbers()
    {
        // Vigna, prng.di.unimi.it/splitmix64.c, seed 1234567; the sequence that Rosetta Code's "Pseudo-random
        // numbers/Splitmix64" lists.
        SeededGenerator generator = new(1234567);

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => generator.NextBits()));
    }

    [Fact]
    public void NextBelow_ManyDraws_AreUniform()
    {
        SeededGenerator generator = new(3);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[generator.NextBelow(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500)); // 5 standard deviations
    }

    [Fact]
    public void Forward_DigitsCnn_MatchesDouble()
    {
        Network network = Network.Create(Specs.DigitsCnn);
        Dataset data = Datasets.Open("digits").Test.Select([0, 1, 2]);
        float[] scores = new float[30];
        double[] weights = [.. network.Weights.ToArray().Select(w => (double)w)];

        network.Forward(data.Inputs.Span, scores);

        for (int example = 0; example < 3; example++)
        {
            double[] x = [.. data.Inputs.ToArray().Skip(64 * example).Take(64).Select(v => (double)v)];
            double[] expected = DoubleNetwork.Scores(Specs.DigitsCnn, weights, x);
            Assert.All(expected.Zip(scores.Skip(10 * example)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Losses_AnyThreads_EqualOneExampleAtATimeBitForBit(int threads)
    {
        Dataset data = Datasets.Open("digits").Train;
        Network network = Network.Create(Specs.DigitsCnn);
        float[] losses = new float[data.Count];

        network.Losses(data, losses, threads);

        for (int i = 0; i < data.Count; i += 97)
        {
            float[] one = new float[1];
            network.Losses(data.Select([i]), one);
            Numbers.AssertSameBits(one, losses.AsSpan(i, 1));
        }
    }

    [Fact]
    public void Evaluate_EqualScores_CountTheFirstClass()
    {
        Network network = Network.Create(Specs.DigitsMlp);
        network.Weights.Clear();
        Dataset data = Datasets.Open("digits").Test;

        Evaluation evaluation = network.Evaluate(data);

        Assert.Equal(Math.Log(10), evaluation.Loss, 1e-6);
        Assert.Equal((double)data.Labels.ToArray().Count(label => label == 0) / 360, evaluation.Accuracy, 1e-12);
        Assert.Equal(360, evaluation.Count);
    }

    [Fact]
    public void Evaluate_DataOfAnotherShape_NamesExpectedAndActual()
    {
        Network network = Network.Create(Specs.DigitsCnn);
        Dataset wide = new(new float[128], new int[1], [2, 8, 8], 10);

        SpecException e = Assert.Throws<SpecException>(() => network.Evaluate(wide));

        Assert.Equal("$.model.input: expected [2, 8, 8] (the shape of the data), got [1, 8, 8].", e.Message);
    }

    [Fact]
    public void Evaluate_MoreClassesThanScores_IsRefused()
    {
        Network network = Network.Create(Specs.DigitsMlp);
        Dataset data = new(new float[64], new int[1], [64], 11);

        SpecException e = Assert.Throws<SpecException>(() => network.Evaluate(data));

        Assert.Equal("$.model.layers[2]: expected at least 11 outputs (the classes of the data), got 10.", e.Message);
    }

    [Fact]
    public void Forward_WrongLengths_AreRefused()
    {
        Network network = Network.Create(Specs.DigitsMlp);

        Assert.Throws<ArgumentException>(() => network.Forward(new float[63], new float[10]));
        Assert.Throws<ArgumentException>(() => network.Forward(new float[64], new float[11]));
        Assert.Throws<ArgumentException>(() => network.Losses(Datasets.Open("digits").Test, new float[1]));
    }
}
