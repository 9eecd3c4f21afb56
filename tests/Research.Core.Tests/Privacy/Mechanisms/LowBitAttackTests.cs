using MathNet.Numerics.Distributions;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

/// <summary>
/// Attacks that tell neighbours apart by an output's low bits: they must break naive noise, and not ours.
/// </summary>
/// <remarks>Mironov 2012, CCS; Haney, Desfontaines, Hartman, Shrestha, Hay 2022, arXiv:2207.13793.</remarks>
public sealed class LowBitAttackTests
{
    private const int Count = 100_000;
    private const float Other = 1; // Neighbours hold 0 and 1.
    private const double Deviation = 2;

    // Near 0 a float has finer steps than 1 + noise, which was rounded near −1, ever leaves.
    [Fact]
    public void Granularity_NaiveGaussian_TellsNeighboursApart()
    {
        double ofZero = Coarse(Naive(0, 1));
        double ofOther = Coarse(Naive(Other, 2));

        Assert.Equal(1, ofOther);
        Assert.InRange(ofZero, 0, 0.2); // Advantage over 0.8 from one output near 0.
    }

    [Fact]
    public void Granularity_OurGaussian_TellsNothing()
    {
        double[] ofZero = [.. Ours(0, 1).Where(IsNearZero).Select(IsCoarse)];
        double[] ofOther = [.. Ours(Other, 2).Where(IsNearZero).Select(IsCoarse)];

        Assert.True(Math.Min(ofZero.Length, ofOther.Length) > 2000);
        Assert.True(TwoSampleP(ofZero.Sum(), ofZero.Length, ofOther.Sum(), ofOther.Length) > Goodness.LeastP);
    }

    // Low bits of outputs, whatever they are, as a classifier would see them.
    [Fact]
    public void LowBits_OurGaussian_HaveOneDistribution()
    {
        double[] ofZero = new double[256];
        double[] ofOther = new double[256];
        foreach ((float zero, float other) in Ours(0, 3).Zip(Ours(Other, 4)))
        {
            ofZero[BitConverter.SingleToInt32Bits(zero) & 255]++;
            ofOther[BitConverter.SingleToInt32Bits(other) & 255]++;
        }

        Assert.True(TwoSampleP(ofZero, ofOther) > Goodness.LeastP);
    }

    // Every output of one neighbour is an output of the other: no event has probability 0 under one of them alone.
    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(1f, 0f)]
    [InlineData(0.1f, 0.3f)]
    [InlineData(1e-30f, 1f)]
    public void Reachable_OurGaussian_EveryOutputFromEitherValue(float value, float other)
    {
        NoiseGrid grid = GaussianNoise.Grid(Deviation);
        float[] outputs = new float[Count];
        Array.Fill(outputs, value);
        new GaussianNoise(new InsecureSeededRandom(5, "reachable")).Add(outputs, Deviation);

        double start = Math.Round(other * grid.StepsPerUnit);
        Assert.All(outputs, output =>
        {
            double noise = Math.Round((output / grid.Step) - start - 0.5) + 0.5;
            Assert.True(Math.Abs(noise) < GaussianZiggurat.Cutoff);
            Assert.Equal(output, (float)((start + noise) * grid.Step));
        });
    }

    // Mironov's attack: −b·ln u of 53-bit u leaves gaps; an output in a gap of a value excludes that value.
    [Fact]
    public void Reachable_NaiveLaplace_ExcludesTheOtherValue()
    {
        Random random = new(6);
        int excluded = 0;
        for (int i = 0; i < 2000; i++)
        {
            double output = NaiveLaplace(random.NextInt64(1L << 53), i % 2 == 0, 0);
            Assert.True(IsReachable(output, 0));
            excluded += IsReachable(output, Other) ? 0 : 1;
        }

        Assert.InRange(excluded / 2000.0, 0.2, 1); // Each with certainty: ε is infinite.
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.1, 1.1)]
    [InlineData(1.0, 0.0)]
    public void Reachable_OurLaplace_EveryOutputFromEitherValue(double value, double other)
    {
        LaplaceMechanism mechanism = new(1, 1);
        InsecureSeededRandom random = new(7, "laplace");
        double start = Math.Round(other / mechanism.Step);
        for (int i = 0; i < 2000; i++)
        {
            double output = mechanism.Release(value, random);
            double noise = Math.Round((output / mechanism.Step) - start - 0.5) + 0.5;
            Assert.Equal(output, (start + noise) * mechanism.Step);
        }
    }

    // Whole numbers: parities and other low bits of neighbours' releases have one distribution.
    [Fact]
    public void LowBits_OurIntegerMechanisms_HaveOneDistribution()
    {
        DiscreteGaussianMechanism counts = new(30);
        InsecureSeededRandom random = new(8, "integers");
        double[] ofZero = new double[8];
        double[] ofOther = new double[8];
        for (int i = 0; i < 20_000; i++)
        {
            ofZero[(int)(counts.Release(0, random) & 7)]++;
            ofOther[(int)(counts.Release(1, random) & 7)]++;
        }

        Assert.True(TwoSampleP(ofZero, ofOther) > Goodness.LeastP);

        UpdateMechanism updates = new(1, 2);
        Array.Clear(ofZero);
        Array.Clear(ofOther);
        float[] update = new float[10_000];
        foreach (long released in updates.Release(update, random))
        {
            ofZero[released & 7]++;
        }

        Array.Fill(update, 0.01f);
        foreach (long released in updates.Release(update, random))
        {
            ofOther[released & 7]++;
        }

        Assert.True(TwoSampleP(ofZero, ofOther) > Goodness.LeastP);
    }

    private static double Coarse(float[] outputs) => outputs.Where(IsNearZero).Average(IsCoarse);

    private static bool IsNearZero(float output) => Math.Abs(output) < 0.125f;

    // A multiple of 2⁻²⁴, the spacing of floats below 1.
    private static double IsCoarse(float output) => Math.IEEERemainder(output, Math.ScaleB(1, -24)) == 0 ? 1 : 0;

    private static float[] Ours(float value, ulong seed)
    {
        float[] outputs = new float[Count];
        Array.Fill(outputs, value);
        new GaussianMechanism(1, Deviation).Release(outputs, new InsecureSeededRandom(seed, "low bits"));
        return outputs;
    }

    // Box-Muller in single precision, as many a training library has it.
    private static float[] Naive(float value, int seed)
    {
        Random random = new(seed);
        float[] outputs = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            float radius = MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle()));
            outputs[i] = value + ((float)Deviation * radius * MathF.Cos(2 * MathF.PI * random.NextSingle()));
        }

        return outputs;
    }

    private static double NaiveLaplace(long uniform, bool isNegative, double value)
    {
        double magnitude = -Math.Log(Math.ScaleB(uniform + 1.0, -53));
        return value + (isNegative ? -magnitude : magnitude);
    }

    private static bool IsReachable(double output, double value)
    {
        double noise = output - value;
        long near = (long)Math.Round(Math.ScaleB(Math.Exp(-Math.Abs(noise)), 53));
        for (long k = near - 64; k <= near + 64; k++)
        {
            if (k >= 1 && k <= 1L << 53 && NaiveLaplace(k - 1, noise < 0, value) == output)
            {
                return true;
            }
        }

        return false;
    }

    private static double TwoSampleP(double ones, int count, double otherOnes, int otherCount)
    {
        double p = (ones + otherOnes) / (count + otherCount);
        double error = Math.Sqrt(p * (1 - p) * ((1.0 / count) + (1.0 / otherCount)));
        double z = ((ones / count) - (otherOnes / otherCount)) / error;
        return 2 * Normal.CDF(0, 1, -Math.Abs(z));
    }

    private static double TwoSampleP(double[] counts, double[] others)
    {
        double statistic = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double difference = counts[i] - others[i];
            statistic += difference * difference / (counts[i] + others[i]);
        }

        return 1 - ChiSquared.CDF(counts.Length - 1, statistic);
    }
}
