using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

/// <summary>Every way of bounding examples, and every size of batch, against a loop over examples.</summary>
public sealed class ClippingModeTests
{
    private static readonly Dataset Digits = Datasets.Open("digits").Train;

    public static TheoryData<ClippingMode> Modes => [ClippingMode.Flat, ClippingMode.PerLayer, ClippingMode.Automatic];

    [Theory]
    [MemberData(nameof(Modes))]
    public void AddGradients_EveryBatchSize_EqualsALoopOverExamples(ClippingMode mode)
    {
        Clipping clipping = PassSums.Clip(mode, 0.8);
        foreach (ModelSpec spec in (ModelSpec[])[Specs.DigitsMlp, Specs.DigitsCnn])
        {
            Network network = Network.Create(spec);
            double[] expected = new double[network.Weights.Length];
            int done = 0;
            foreach (int size in (int[])[0, 1, 15, 16, 17, 127, 128, 129, 700])
            {
                for (; done < size; done++)
                {
                    PlainClipping.AddTo(expected, Gradient(network, done), network, clipping);
                }

                int[] chosen = [.. Enumerable.Range(0, size)];
                float[] one = Sum(network, chosen, clipping, threads: 1);

                PassSums.AssertClose(network, expected, one, 2e-6 * Math.Max(1, Math.Sqrt(size) * 4));
                Numbers.AssertSameBits(one, Sum(network, chosen, clipping, threads: 2));
                Numbers.AssertSameBits(one, Sum(network, chosen, clipping, threads: 5));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void AddGradients_OneExample_StaysWithinItsBounds(ClippingMode mode)
    {
        const double ClipNorm = 0.05;
        foreach (ModelSpec spec in (ModelSpec[])[Specs.DigitsMlp, Specs.DigitsCnn])
        {
            Network network = Network.Create(spec);
            IReadOnlyList<Range> layers = PlainClipping.Layers(network);
            for (int example = 0; example < 40; example++)
            {
                double[] plain = Gradient(network, example);
                double[] clipped =
                    [.. Sum(network, [example], PassSums.Clip(mode, ClipNorm), 1).Select(g => (double)g)];
                double norm = PlainClipping.Norm(clipped, ..);

                Assert.InRange(norm, 0, ClipNorm);
                foreach (Range layer in mode == ClippingMode.PerLayer ? layers : [])
                {
                    double bound = ClipNorm / Math.Sqrt(layers.Count);
                    double least = Math.Min(bound, PlainClipping.Norm(plain, layer)) * (1 - 6e-3);
                    Assert.InRange(PlainClipping.Norm(clipped, layer), least, bound);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void AddGradients_BrokenExamples_CountAsZeroInEveryMode(ClippingMode mode)
    {
        Clipping clipping = PassSums.Clip(mode, 0.8);
        float[] inputs = Digits.Inputs.ToArray();
        foreach ((int example, float poison) in ((int, float)[])[
            (1, float.NaN), (16, float.PositiveInfinity), (40, float.NegativeInfinity)])
        {
            inputs[(64 * example) + 20] = poison;
        }

        Dataset bad = new(inputs, Digits.Labels, [64], 10);
        foreach (ModelSpec spec in (ModelSpec[])[Specs.DigitsMlp, Specs.DigitsCnn])
        {
            Network network = Network.Create(spec);
            double[] expected = new double[network.Weights.Length];
            foreach (int example in Enumerable.Range(0, 50).Except([1, 16, 40]))
            {
                PlainClipping.AddTo(expected, Gradient(network, example), network, clipping);
            }

            float[] actual = new float[expected.Length];
            using BatchPass pass = new(network, 2, training: true);
            pass.AddGradients(bad, [.. Enumerable.Range(0, 50)], clipping, actual);

            Assert.Equal(3, pass.NonFiniteGradients);
            PassSums.AssertClose(network, expected, actual, 3e-5);
        }
    }

    private static double[] Gradient(Network network, int example) =>
        [.. Sum(network, [example], null, 1).Select(g => (double)g)];

    private static float[] Sum(Network network, int[] chosen, Clipping? clipping, int threads)
    {
        float[] sum = new float[network.Weights.Length];
        using BatchPass pass = new(network, threads, training: true);
        pass.AddGradients(Digits, chosen, clipping, sum);
        return sum;
    }
}
