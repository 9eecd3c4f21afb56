using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

public sealed class ChannelEstimateTests
{
    private const int Size = 4;

    private static readonly ScatteringFeatures Plan = new(2, 8, new DataNormalization(3));
    private static readonly ScatteringFeatures Exact = Plan with { Normalization = new DataNormalization(1e-5) };
    private static readonly float[] Scales = ChannelEstimate.OrderScales(Plan);

    // Noise of 1e-5·13 on sums of 200 examples: what is left is the mean and variance themselves.
    [Fact]
    public void Of_HardlyAnyNoise_IsMeanAndVarianceOfEveryChannel()
    {
        float[] features = Features(200, seed: 1, spread: 0.5f);

        ChannelStatistics statistics = Estimate(features, Exact, seed: 2);

        for (int c = 0; c < Plan.Channels; c++)
        {
            double[] values =
                [.. features.Where((_, i) => i / Size % Plan.Channels == c).Select(x => (double)x / Scales[c])];
            double mean = values.Average();
            Assert.Equal(mean, statistics.Mean.Span[c] / Scales[c], 1e-5);
            double variance = values.Average(x => x * x) - (mean * mean);
            Assert.Equal(variance, statistics.Variance.Span[c] / (Scales[c] * Scales[c]), 1e-5);
        }
    }

    [Fact]
    public void Of_AnyThreads_SameBits()
    {
        float[] features = Features(200, seed: 3, spread: 0.5f);

        ChannelStatistics one = Estimate(features, Plan, seed: 4, threads: 1);
        ChannelStatistics three = Estimate(features, Plan, seed: 4, threads: 3);

        Assert.Equal(one.Mean.ToArray(), three.Mean.ToArray());
        Assert.Equal(one.Variance.ToArray(), three.Variance.ToArray());
    }

    [Fact]
    public void Of_Privacy_IsTwoGaussiansOnEveryRecord()
    {
        ChannelStatistics statistics = Estimate(Features(20, seed: 5, spread: 1), Plan, seed: 6);

        Assert.Equal(new GaussianEvent(1, 3, 2), statistics.Privacy);
        Assert.False(statistics.IsNoiseCryptographic);
    }

    // Sums of zero mean and of squares that are 1 in units of the scales: the released numbers are the noise itself,
    // of deviation 3·13 and 3·48 (with the count's own 3·13/5: 48.1). 81 × 20 samples: within 7% (4 standard errors).
    [Fact]
    public void Of_Noise_HasTheClipNormsTimesTheMultiplier()
    {
        const int Count = 10_000;
        float[] features = Features(Count, seed: 7, spread: 0);
        double means = 0;
        double squares = 0;
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = Scales[i / Size % Scales.Length] * (i % 2 == 0 ? 1 : -1);
        }

        const int Runs = 20;
        for (int run = 0; run < Runs; run++)
        {
            ChannelStatistics statistics = Estimate(features, Plan, seed: (ulong)(100 + run), threads: 2);
            for (int c = 0; c < Scales.Length; c++)
            {
                double mean = statistics.Mean.Span[c] / Scales[c] * Count;
                double square = ((statistics.Variance.Span[c] / (Scales[c] * Scales[c])) - 1) * Count;
                means += mean * mean / (Runs * Scales.Length);
                squares += square * square / (Runs * Scales.Length);
            }
        }

        Assert.InRange(Math.Sqrt(means) / (3 * 13), 0.93, 1.07);
        Assert.InRange(Math.Sqrt(squares) / (3 * 48.1), 0.93, 1.07);
    }

    // The sums are read back from statistics with hardly any noise; a record of any size moves them by its clip norm.
    [Theory]
    [InlineData(1e6f, 12, 48)]
    [InlineData(float.NaN, 0, 0)]
    [InlineData(float.PositiveInfinity, 0, 0)]
    public void Of_AddedRecord_MovesTheSumsByTheClipNorm(float value, double meanNorm, double squareNorm)
    {
        const int Count = 50;
        float[] features = Features(Count, seed: 8, spread: 0.5f);
        float[] record = new float[Scales.Length * Size];
        Array.Fill(record, value);

        (double[] means, double[] squares) = Sums(Estimate(features, Exact, seed: 9), Count);
        (double[] more, double[] moreSquares) = Sums(Estimate([.. features, .. record], Exact, seed: 10), Count + 1);

        Assert.Equal(meanNorm, Norm(means, more), 1e-2);
        Assert.Equal(squareNorm, Norm(squares, moreSquares), 1e-1);
    }

    private static ChannelStatistics Estimate(float[] features, ScatteringFeatures plan, ulong seed, int threads = 1) =>
        ChannelEstimate.Of(features, plan, Size, new InsecureSeededRandom(seed, "test"), threads);

    private static (double[] Means, double[] Squares) Sums(ChannelStatistics statistics, int count)
    {
        double[] means = new double[Scales.Length];
        double[] squares = new double[Scales.Length];
        for (int c = 0; c < means.Length; c++)
        {
            double mean = statistics.Mean.Span[c] / (double)Scales[c];
            means[c] = mean * count;
            squares[c] = ((statistics.Variance.Span[c] / ((double)Scales[c] * Scales[c])) + (mean * mean)) * count;
        }

        return (means, squares);
    }

    private static double Norm(double[] first, double[] second) =>
        Math.Sqrt(first.Zip(second, (a, b) => (a - b) * (a - b)).Sum());

    // Values near their scale: neither vector of any example reaches its clip norm.
    private static float[] Features(int count, int seed, float spread)
    {
        Random random = new(seed);
        return
        [
            .. Enumerable.Range(0, count * Scales.Length * Size)
                .Select(i => Scales[i / Size % Scales.Length] * (0.5f + (spread * random.NextSingle()))),
        ];
    }
}
