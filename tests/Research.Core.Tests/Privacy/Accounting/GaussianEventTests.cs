using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class GaussianEventTests
{
    [Theory]
    [InlineData(-0.1, 1.0, 1, "sampleRate")]
    [InlineData(1.1, 1.0, 1, "sampleRate")]
    [InlineData(double.NaN, 1.0, 1, "sampleRate")]
    [InlineData(0.1, 0.0, 1, "noiseMultiplier")]
    [InlineData(0.1, -1.0, 1, "noiseMultiplier")]
    [InlineData(0.1, double.NaN, 1, "noiseMultiplier")]
    [InlineData(0.1, double.PositiveInfinity, 1, "noiseMultiplier")]
    [InlineData(0.1, 1.0, -1, "steps")]
    public void Constructor_ValueOutOfRange_IsRefusedByName(double rate, double noise, int steps, string name) =>
        Assert.Equal(
            name, Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianEvent(rate, noise, steps)).ParamName);

    [Fact]
    public void With_ValueOutOfRange_IsRefused()
    {
        GaussianEvent e = new(0.1, 1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => e with { NoiseMultiplier = -1 });
        Assert.Equal(new GaussianEvent(0.1, 2, 1), e with { NoiseMultiplier = 2 });
    }
}
