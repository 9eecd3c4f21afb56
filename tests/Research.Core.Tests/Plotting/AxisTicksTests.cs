using FsCheck;
using FsCheck.Fluent;
using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(0.0, 10.0, 5, "0 2 4 6 8 10")]
    [InlineData(0.0, 1.0, 5, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(-0.3, 0.3, 6, "-0.3 -0.2 -0.1 0 0.1 0.2 0.3")]
    [InlineData(3.0, 97.0, 4, "50")]
    [InlineData(1e-12, 3e-12, 4, "1E-12 1.5E-12 2E-12 2.5E-12 3E-12")]
    public void Linear_KnownRanges_GivesRoundNumbers(double low, double high, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', AxisTicks.Linear(low, high, most).Select(tick => tick.ToString("R"))));

    [Fact]
    public void Linear_WholeNumbers_NeverGivesFractions() =>
        Assert.Equal([1.0, 2, 3], AxisTicks.Linear(1, 3, 10, whole: true));

    [Fact]
    public void Linear_AnyRange_TicksAreRoundInsideAndFew()
    {
        Prop.ForAll(Ranges(), Gen.Choose(1, 20).ToArbitrary(), (range, most) =>
        {
            double[] ticks = AxisTicks.Linear(range.Low, range.High, most);
            double slack = (range.High - range.Low) * 1e-6;
            Assert.True(ticks.Length <= most + 1, $"{ticks.Length} ticks for at most {most} intervals");
            Assert.All(ticks, tick => Assert.InRange(tick, range.Low - slack, range.High + slack));
            for (int i = 1; i < ticks.Length; i++)
            {
                double step = ticks[i] - ticks[i - 1];
                double mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * (1 + 1e-6))));
                Assert.Contains([1.0, 2.0, 5.0], round => Math.Abs(mantissa - round) < 1e-3);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Widen_AnyRange_HoldsTheRangeAndEndsOnTicks()
    {
        Prop.ForAll(Ranges(), Gen.Choose(2, 12).ToArbitrary(), (range, most) =>
        {
            (double low, double high) = AxisTicks.Widen(range.Low, range.High, most);
            double span = range.High - range.Low;
            Assert.True(low <= range.Low + (span * 1e-6) && high >= range.High - (span * 1e-6));
            Assert.True(high - low <= span * 6, "at most a step is added at each end");
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0.01, 1000.0, 6, "0.01 0.1 1 10 100 1000")]
    [InlineData(1.0, 60.0, 6, "1 2 5 10 20 50")]
    [InlineData(4.0, 7.0, 4, "4 5 6 7")]
    [InlineData(1e-300, 1e300, 5, "1E-300 1E-180 1E-60 1E+60 1E+180 1E+300")]
    public void Logarithmic_KnownRanges_GivesDecadesOrTheirParts(double low, double high, int most, string expected) =>
        Assert.Equal(
            expected, string.Join(' ', AxisTicks.Logarithmic(low, high, most).Select(tick => tick.ToString("R"))));

    [Fact]
    public void WidenLogarithmic_AnyRange_HoldsTheRange()
    {
        Prop.ForAll(Gen.Choose(-2900, 2900).ToArbitrary(), Gen.Choose(1, 3000).ToArbitrary(), (exponent, decades) =>
        {
            double low = Math.Pow(10, exponent / 10.0);
            double high = Math.Min(1e300, low * Math.Pow(10, decades / 10.0));
            foreach (bool whole in (bool[])[true, false])
            {
                (double least, double greatest) = AxisTicks.WidenLogarithmic(low, high, whole);
                Assert.InRange(low, least * (1 - 1e-9), greatest);
                Assert.InRange(high, least, greatest * (1 + 1e-9));
            }
        }).QuickCheckThrowOnFailure();
    }

    private static Arbitrary<ValueRange> Ranges() =>
        (from value in Gen.Choose(-100_000, 100_000)
         from span in Gen.Choose(1, 100_000)
         from exponent in Gen.Choose(-290, 290)
         let scale = Math.Pow(10, exponent)
         select ValueRange.Of([value * scale, (value + (double)span) * scale], log: false)).ToArbitrary();
}
