using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Training.Data;
using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

public sealed class NormalizationTests
{
    [Fact]
    public void Fit_DataNormalization_GivesWhatApplyGives()
    {
        float[] pixels = [.. Enumerable.Range(0, 20 * 64).Select(i => i * 37 % 101 / 101f)];
        Dataset images = new(pixels, new int[20], [1, 8, 8], 2);
        ScatteringFeatures plan = new(1, 2, new DataNormalization(0.01));
        ScatteringTransform transform = ScatteringTransform.For(plan, images.Shape);

        Dataset fitted = transform.Fit(images, out ChannelStatistics? statistics, new InsecureSeededRandom(1, "test"));

        Assert.NotNull(statistics);
        Assert.Equal(transform.Apply(images, statistics).Inputs.ToArray(), fitted.Inputs.ToArray());
        Dataset plain = ScatteringTransform.For(new ScatteringFeatures(1, 2), images.Shape).Apply(images);
        for (int i = 0; i < plain.Inputs.Length; i++)
        {
            int c = i / 16 % 3;
            double variance = statistics.Variance.Span[c];
            double expected = variance > 0
                ? (plain.Inputs.Span[i] - statistics.Mean.Span[c]) / Math.Sqrt(variance + 1e-5)
                : 0;
            Assert.Equal(expected, fitted.Inputs.Span[i], 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void Fit_OtherNormalization_HasNoStatistics()
    {
        Dataset images = new(new float[64], new int[1], [1, 8, 8], 2);

        ScatteringTransform.For(new ScatteringFeatures(1, 2, new GroupNormalization(3)), images.Shape)
            .Fit(images, out ChannelStatistics? statistics);

        Assert.Null(statistics);
    }

    [Fact]
    public void Fit_NoSource_DrawsCryptographicNoise()
    {
        Dataset images = new(new float[64], new int[1], [1, 8, 8], 2);

        ScatteringTransform.For(new ScatteringFeatures(1, 2, new DataNormalization()), images.Shape)
            .Fit(images, out ChannelStatistics? statistics);

        Assert.True(statistics!.IsNoiseCryptographic);
    }

    [Fact]
    public void Apply_StatisticsThatDoNotSuit_AreRefused()
    {
        Dataset images = new(new float[64], new int[1], [1, 8, 8], 2);
        ScatteringTransform byData = ScatteringTransform.For(new(1, 2, new DataNormalization()), images.Shape);
        ScatteringTransform plain = ScatteringTransform.For(new(1, 2), images.Shape);
        ChannelStatistics other = new(new float[4], new float[4], new GaussianEvent(1, 1, 2), true);

        Assert.Contains("normalised by the data; got null", Refusal(() => byData.Apply(images)));
        Assert.Contains("Expected statistics of 3 channels; got 4.", Refusal(() => byData.Apply(images, other)));
        Assert.Contains("Expected no statistics", Refusal(() => plain.Apply(images, other)));
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(0, -1)]
    public void Constructor_BadNumbers_AreRefused(float mean, float variance) =>
        Assert.Contains("at channel 0", Refusal(
            () => _ = new ChannelStatistics([mean], [variance], new GaussianEvent(1, 1, 2), true)));

    private static string Refusal(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
