using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Tests.Training;

public sealed class AugmentationTests
{
    private const double ClipNorm = 0.6;

    private static readonly Dataset Digits = Datasets.Open("digits").Train;

    public static TheoryData<int, ClippingMode?> Copies
    {
        get
        {
            TheoryData<int, ClippingMode?> data = [];
            foreach (int copies in (int[])[1, 2, 5])
            {
                foreach (ClippingMode? mode in (ClippingMode?[])[
                    null, ClippingMode.Flat, ClippingMode.PerLayer, ClippingMode.Automatic])
                {
                    data.Add(copies, mode);
                }
            }

            return data;
        }
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(3, 2, true)]
    [InlineData(2, 4, true)]
    public void Change_AnyImage_EqualsAnIndependentReading(int channels, int shift, bool flip)
    {
        int[] shape = [channels, 7, 6];
        Augmentation augmentation = new(shift, flip, 3);
        ImageAugmenter augmenter = new(augmentation, shape, seed: 77);
        HashSet<(int, int, bool)> choices = [];
        for (int example = 0; example < 40; example++)
        {
            float[] image = Numbers.Uniform(channels * 42, example);
            for (int copy = 0; copy < 3; copy++)
            {
                float[] changed = new float[image.Length];
                augmenter.Change(image, step: 5, ImageAugmenter.Fingerprint(image), copy, changed);

                choices.Add(Choice(augmentation, 77, 5, image, copy));
                Numbers.AssertSameBits(Changed(augmentation, shape, 77, 5, image, copy), changed);
            }
        }

        int possible = ((2 * shift) + 1) * ((2 * shift) + 1) * (flip ? 2 : 1);
        Assert.InRange(choices.Count, Math.Min(possible, 40), possible); // 120 draws
    }

    [Fact]
    public void Change_ManyDraws_AreUniform()
    {
        Augmentation augmentation = new(1, true, 1);
        int[] counts = new int[18];
        float[] image = [1, 2, 3, 4];
        for (int step = 1; step <= 18_000; step++)
        {
            (int down, int right, bool flip) = Choice(augmentation, 1, step, image, 0);
            counts[((down + 1) * 6) + ((right + 1) * 2) + (flip ? 1 : 0)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 840, 1160)); // 1000, five standard deviations
    }

    [Fact]
    public void AddGradients_OtherRecordsInTheBatch_LeaveAnExamplesChangesAlone()
    {
        // Were the choice to follow the place in the batch, one more record would change its neighbours' gradients.
        ModelSpec spec = Spec(copies: 3);
        Network network = Network.Create(spec);
        float[] with = Sum(network, Digits, [4, 9, 30], clipping: null);
        float[] without = Sum(network, Digits, [4, 30], clipping: null);
        float[] alone = Sum(network, Digits, [9], clipping: null);

        Assert.All(
            with.Zip(without.Zip(alone, (a, b) => a + b)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void AddGradients_Copies_AreAveragedBeforeClipping(int copies, ClippingMode? mode)
    {
        ModelSpec spec = Spec(copies);
        Network network = Network.Create(spec);
        Clipping? clipping = mode is { } m ? PassSums.Clip(m, ClipNorm) : null;
        int[] chosen = [.. Enumerable.Range(0, 37).Select(i => i * 3)];
        double[] expected = new double[network.Weights.Length];
        double loss = 0;
        foreach (int example in chosen)
        {
            (double[] gradient, double ownLoss) = MeanGradient(spec, network, example, copies);
            loss += ownLoss;
            PlainClipping.AddTo(expected, gradient, network, clipping);
        }

        foreach (int threads in (int[])[1, 2, 5])
        {
            float[] actual = new float[expected.Length];
            using BatchPass pass = new(network, threads, training: true);
            double actualLoss = pass.AddGradients(Digits, chosen, clipping, actual, step: 3);

            Assert.Equal(loss, actualLoss, 1e-4);
            PassSums.AssertClose(network, expected, actual, 2e-5, clipping is null ? 0 : copies);
            Numbers.AssertSameBits(Sum(network, Digits, chosen, clipping), actual);
        }
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void AddGradients_BrokenExampleAmongCopies_CountsAsZero(int copies, ClippingMode? mode)
    {
        if (mode is null)
        {
            return; // Without clipping nothing is dropped.
        }

        float[] inputs = Digits.Inputs.ToArray();
        inputs[(64 * 6) + 27] = float.NaN; // in the middle: no shift moves it out
        Dataset bad = new(inputs, Digits.Labels, [1, 8, 8], 10);
        Network network = Network.Create(Spec(copies));
        Clipping clipping = PassSums.Clip(mode.Value, ClipNorm);
        float[] actual = new float[network.Weights.Length];
        using BatchPass pass = new(network, 2, training: true);

        pass.AddGradients(bad, [3, 6, 11], clipping, actual, step: 3);

        Assert.Equal(1, pass.NonFiniteGradients);
        float[] expected = Sum(network, Digits, [3, 11], clipping);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private static ModelSpec Spec(int copies) => Specs.DigitsCnn with
    {
        Model = new ModelSection(
            [1, 8, 8],
            2,
            [new Conv2d(1, 5, 3, 1, 1), new ReLU(), new MaxPool2d(2, 2), new Flatten(), new Linear(80, 10)]),
        Training = new TrainingSection(32, 5, Augmentation: new Augmentation(2, true, copies)),
    };

    private static float[] Sum(Network network, Dataset data, int[] chosen, Clipping? clipping)
    {
        float[] sum = new float[network.Weights.Length];
        using BatchPass pass = new(network, 1, training: true);
        pass.AddGradients(data, chosen, clipping, sum, step: 3);
        return sum;
    }

    // Each changed copy goes alone through a network that changes nothing.
    private static (double[] Gradient, double Loss) MeanGradient(
        ModelSpec spec, Network network, int example, int copies)
    {
        Network still = Network.Create(spec with { Training = new TrainingSection(32, 5) });
        network.Weights.CopyTo(still.Weights);
        double[] mean = new double[network.Weights.Length];
        double loss = 0;
        float[] image = Digits.Inputs.Slice(64 * example, 64).ToArray();
        for (int copy = 0; copy < copies; copy++)
        {
            Augmentation augmentation = spec.Training.Augmentation!;
            float[] changed = Changed(augmentation, [1, 8, 8], spec.Model.Seed, 3, image, copy);
            Dataset one = new(changed, (int[])[Digits.Labels.Span[example]], [1, 8, 8], 10);
            float[] gradient = new float[mean.Length];
            using BatchPass pass = new(still, 1, training: true);
            loss += pass.AddGradients(one, [0], null, gradient) / copies;
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += gradient[i] / (double)copies;
            }
        }

        return (mean, loss);
    }

    // The counter, read again from its description: SplitMix64's output function over seed and weighed counters.
    private static (int Down, int Right, bool Flip) Choice(
        Augmentation augmentation, long seed, long step, float[] image, int copy)
    {
        uint[] lanes = new uint[16];
        int whole = image.Length / 16 * 16;
        for (int i = 0; i < whole; i++)
        {
            uint mixed = (lanes[i % 16] ^ BitConverter.SingleToUInt32Bits(image[i])) * 2654435761;
            lanes[i % 16] = mixed ^ (mixed >> 15);
        }

        ulong print = (ulong)image.Length;
        foreach (uint word in (uint[])[.. lanes, .. image[whole..].Select(BitConverter.SingleToUInt32Bits)])
        {
            print = SplitMix(print ^ word);
        }

        ulong bits = SplitMix((ulong)seed
            ^ ((ulong)step * 0x9E3779B97F4A7C15) ^ (print * 0xC2B2AE3D27D4EB4F) ^ ((ulong)copy * 0x165667B19E3779F9));
        double range = (2 * augmentation.Shift) + 1;
        int down = (int)Math.Floor((bits % 4294967296) / 4294967296.0 * range) - augmentation.Shift;
        int right = (int)Math.Floor(Math.Floor(bits / 8589934592.0) / 2147483648.0 * range) - augmentation.Shift;
        return (down, right, augmentation.Flip && (bits >> 32) % 2 == 1);
    }

    // Mirrored first, then shifted: what comes in from outside is zero.
    private static float[] Changed(
        Augmentation augmentation, int[] shape, long seed, long step, float[] image, int copy)
    {
        (int down, int right, bool flip) = Choice(augmentation, seed, step, image, copy);
        (int height, int width) = (shape[1], shape[2]);
        float[] changed = new float[image.Length];
        for (int at = 0; at < image.Length; at++)
        {
            (int c, int y, int x) = (at / (height * width), at / width % height, at % width);
            (int fromY, int fromX) = (y - down, x - right);
            if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width)
            {
                changed[at] = image[(((c * height) + fromY) * width) + (flip ? width - 1 - fromX : fromX)];
            }
        }

        return changed;
    }

    private static ulong SplitMix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
