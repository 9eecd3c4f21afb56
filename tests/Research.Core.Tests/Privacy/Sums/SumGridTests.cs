using System.Numerics;
using Research.Privacy.Sums;

namespace Research.Tests.Privacy.Sums;

public sealed class SumGridTests
{
    private static readonly BigInteger Deviation = BigInteger.One << 24; // of the noise, in its own steps

    [Fact]
    public void Grid_AnyMultiplierAndClipNorm_HoldsTheMultiplierExactly()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            double multiplier = Math.Pow(2, (random.NextDouble() * 34) - 20);
            double clipNorm = Math.Pow(2, (random.NextDouble() * 200) - 100);

            SumGrid grid = new(multiplier, clipNorm);

            // Deviation / (Bound · NoiseSteps) ≥ multiplier, and hardly above it.
            (BigInteger numerator, BigInteger denominator) = Fraction(multiplier);
            BigInteger sensitivity = (BigInteger)grid.Bound * grid.NoiseSteps;
            Assert.True(Deviation * denominator >= numerator * sensitivity);
            Assert.True(Deviation * denominator <= numerator * (sensitivity + (2 * grid.NoiseSteps)));
            Assert.InRange(grid.Bound, 1023, SumGrid.LargestBound);
            Assert.True(BigInteger.IsPow2(grid.NoiseSteps));

            // StepsPerUnit · clipNorm ≤ Bound.
            (BigInteger steps, BigInteger stepsBelow) = Fraction(grid.StepsPerUnit);
            (BigInteger norm, BigInteger normBelow) = Fraction(clipNorm);
            Assert.True(steps * norm <= grid.Bound * stepsBelow * normBelow);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(9e-7)]
    [InlineData(16385)]
    [InlineData(double.PositiveInfinity)]
    public void Grid_MultiplierOutsideItsRange_IsRefused(double multiplier)
    {
        ArgumentOutOfRangeException refused =
            Assert.Throws<ArgumentOutOfRangeException>(() => new SumGrid(multiplier, 1));

        Assert.Equal("noiseMultiplier", refused.ParamName);
    }

    [Fact]
    public void MostTerms_OfTheLargestBound_FitThirtyTwoBits() =>
        Assert.True((long)SumGrid.MostTerms * SumGrid.LargestBound <= int.MaxValue && SumGrid.MostTerms >= 512);

    // The number as it is, a fraction of whole numbers.
    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        int exponent = Math.ILogB(value) - 52;
        BigInteger mantissa = new(Math.ScaleB(value, -exponent));
        return exponent >= 0 ? (mantissa << exponent, 1) : (mantissa, BigInteger.One << -exponent);
    }
}
