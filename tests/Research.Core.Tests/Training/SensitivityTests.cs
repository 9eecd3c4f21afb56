using System.Numerics;
using Research.Privacy.Sums;
using Research.Tests.Privacy.Sums;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Xunit.Abstractions;

namespace Research.Tests.Training;

/// <summary>
/// The theorem of the integer sums, by an adversary: for neighbouring data sets ‖S(D) − S(D′)‖ ≤ C, in exact arithmetic.
/// </summary>
public sealed class SensitivityTests(ITestOutputHelper output)
{
    public static TheoryData<ClippingMode, int> Cases => new()
    {
        { ClippingMode.Flat, 1 }, { ClippingMode.Flat, 2 },
        { ClippingMode.PerLayer, 1 }, { ClippingMode.PerLayer, 2 },
        { ClippingMode.Automatic, 1 }, { ClippingMode.Automatic, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sums_OfNeighbours_DifferByAtMostTheClipNorm(ClippingMode mode, int seed)
    {
        double largest = 0;
        foreach ((string name, int[] input, Layer[] layers) in BatchPassTests.Architectures)
        {
            Random random = new(seed * 1000 + name.Length);
            for (int round = 0; round < 2; round++)
            {
                double ratio = LargestRatio(name, input, layers, mode, random);
                largest = Math.Max(largest, ratio);
                Assert.True(ratio <= 1, $"{name}, {mode}, seed {seed}, round {round}: {ratio} C.");
            }
        }

        output.WriteLine($"{mode}: largest ratio to C {largest:R}");
        Assert.True(largest > 0.99, "No record came near the bound: the test would see nothing.");
    }

    // The record of the report: huge values that cancel over the positions of a convolution of one tap.
    [Theory]
    [InlineData(1e7f)]
    [InlineData(1e9f)]
    [InlineData(1e10f)]
    [InlineData(1e20f)]
    [InlineData(3e38f)]
    public void Sums_RecordThatCancels_MoveByAtMostTheClipNorm(float size)
    {
        ModelSpec spec = Specs.DigitsMlp with
        {
            Model = new ModelSection(
                [64, 1, 2], 1, [new Conv2d(64, 512, 1), new GlobalAvgPool2d(), new Linear(512, 2)]),
        };
        float[] inputs = [.. Enumerable.Range(0, 128).Select(i => i % 2 == 0 ? size : -size)];
        Dataset data = new(inputs, (int[])[1], [64, 1, 2], 2);
        Network network = Network.Create(spec);
        using BatchPass pass = new(network, 1, training: true);
        long[] sums = new long[network.Weights.Length];
        Clipping clipping = PassSums.Clip(ClippingMode.Flat, 1);

        pass.AddClipped(data, [0], clipping, sums);

        Assert.InRange(Ratio(sums, clipping), 0, 1);
    }

    // Sums of floats just below a power of two moved by more than the record that joined.
    [Fact]
    public void Sums_NearAPowerOfTwo_MoveByExactlyTheRecord()
    {
        ModelSpec spec = Specs.DigitsMlp with { Model = new ModelSection([1], 1, [new Linear(1, 2)]) };
        Network network = Network.Create(spec);
        network.Weights.Clear();
        const int Count = 23_170;
        float[] inputs = [.. Enumerable.Repeat(0.9f, Count)];
        int[] labels = new int[Count];
        inputs[^1] = 1e-3f;
        labels[^1] = 1;
        Dataset data = new(inputs, labels, [1], 2);
        using BatchPass pass = new(network, 2, training: true);
        Clipping clipping = PassSums.Clip(ClippingMode.Flat, 1);
        long[] with = new long[4];
        long[] without = new long[4];
        long[] alone = new long[4];
        long[] one = new long[4];

        pass.AddClipped(data, [0], clipping, one);
        pass.AddClipped(data, [.. Enumerable.Range(0, Count)], clipping, with);
        pass.AddClipped(data, [.. Enumerable.Range(0, Count - 1)], clipping, without);
        pass.AddClipped(data, [Count - 1], clipping, alone);

        Assert.Equal(one.Select(steps => (Count - 1) * steps), without);
        Assert.Equal(alone, with.Zip(without, (a, b) => a - b));
        Assert.InRange(Ratio(alone, clipping), 0, 1);
        Assert.True(with.Max() > 1L << 32); // beyond what a sum of floats can resolve
    }

    [Theory]
    [InlineData(1e-9, 3.36e35f)]
    [InlineData(1e-30, 1e38f)]
    [InlineData(1e-30, 1e-38f)]
    [InlineData(1e30, 1e-40f)]
    public void Sums_TinyAndHugeClipNorms_Hold(double clipNorm, float feature)
    {
        ModelSpec spec = Specs.DigitsMlp with { Model = new ModelSection([3], 1, [new Linear(3, 2)]) };
        Network network = Network.Create(spec);
        network.Weights.Clear();
        Dataset data = new((float[])[feature, 0.5f, -feature], (int[])[0], [3], 2);
        using BatchPass pass = new(network, 1, training: true);
        foreach (ClippingMode mode in Enum.GetValues<ClippingMode>())
        {
            Clipping clipping = new(mode, clipNorm, new SumGrid(1, clipNorm));
            long[] sums = new long[8];

            pass.AddClipped(data, [0], clipping, sums);

            Assert.InRange(Ratio(sums, clipping), 0, 1);
        }
    }

    /// <summary>‖steps‖ over the bound; above 1 only if it is so in whole numbers.</summary>
    internal static double Ratio(IEnumerable<long> steps, Clipping clipping)
    {
        BigInteger squares = steps.Aggregate(BigInteger.Zero, (sum, step) => sum + ((BigInteger)step * step));
        BigInteger bound = (BigInteger)clipping.Grid.Bound * clipping.Grid.Bound;
        double ratio = Math.Sqrt((double)squares / (double)bound);
        return squares <= bound ? Math.Min(ratio, 1) : Math.Max(ratio, double.BitIncrement(1));
    }

    private static double LargestRatio(string name, int[] input, Layer[] layers, ClippingMode mode, Random random)
    {
        int copies = random.Next(3) == 0 && input.Length == 3 ? 3 : 1;
        ModelSpec spec = Specs.DigitsMlp with
        {
            Name = name,
            Model = new ModelSection(input, 5, layers),
            Training = new TrainingSection(
                16, 1, Augmentation: copies == 1 ? null : new Augmentation(1, true, copies)),
        };
        Network network = Network.Create(spec);
        if (random.Next(4) == 0)
        {
            float scale = MathF.Pow(10, random.Next(-20, 15));
            foreach (ref float weight in network.Weights)
            {
                weight *= scale;
            }
        }

        const int Count = 37;
        int size = network.InputSize;
        float[] inputs = new float[Count * size];
        for (int record = 0; record < Count; record++)
        {
            Span<float> row = inputs.AsSpan(record * size, size);
            PrivateSumTests.Adversarial(random, size).CopyTo(row);
            if (layers[0] is Embedding embedding)
            {
                foreach (ref float token in row)
                {
                    token = random.Next(record % 3 == 0 ? 1 : embedding.Tokens);
                }
            }

            if (record % 10 == 9)
            {
                inputs.AsSpan(0, size).CopyTo(row); // copies of one record
            }
        }

        int[] labels = [.. Enumerable.Range(0, Count).Select(_ => random.Next(network.Classes))];
        Dataset data = new(inputs, labels, input, network.Classes);
        double multiplier = Math.Pow(2, random.Next(-10, 12));
        double clipNorm = Math.Pow(10, random.Next(-12, 6));
        Clipping clipping = new(mode, clipNorm, new SumGrid(multiplier, clipNorm));
        using BatchPass pass = new(network, 2, training: true);
        long[] all = new long[network.Weights.Length];
        pass.AddClipped(data, [.. Enumerable.Range(0, Count)], clipping, all, step: 3);
        double largest = 0;
        for (int record = 0; record < Count; record += 1 + random.Next(3))
        {
            long[] without = new long[all.Length];
            pass.AddClipped(data, [.. Enumerable.Range(0, Count).Where(i => i != record)], clipping, without, step: 3);
            long[] alone = new long[all.Length];
            pass.AddClipped(data, [record], clipping, alone, step: 3);
            Assert.Equal(alone, all.Zip(without, (a, b) => a - b)); // that record alone, whatever the others
            largest = Math.Max(largest, Ratio(alone, clipping));
        }

        return largest;
    }
}
