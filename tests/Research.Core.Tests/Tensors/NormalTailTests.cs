using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class NormalTailTests
{
    // mpmath 1.2, 30 digits: erfc(x/√2)/2 and its logarithm.
    [Theory]
    [InlineData(-5, 0.999999713348428120806, -0.00000028665161296376359338)]
    [InlineData(-1, 0.841344746068542948585, -0.172753779023449889526)]
    [InlineData(0.5, 0.308537538725986896362, -1.17591176159361860888)]
    [InlineData(2, 0.0227501319481792072003, -3.78318433368203194884)]
    [InlineData(2.5, 0.00620966532577613516698, -5.08164827727869049838)]
    [InlineData(5, 0.000000286651571879193911674, -15.0649983939887257361)]
    [InlineData(10, 7.61985302416052606597e-24, -53.2312851505124705783)]
    [InlineData(100, 0, -5005.52420869420508862)]
    public void OfAndLog_AnyNumber_AreThoseOfMultiplePrecision(double x, double tail, double log)
    {
        Assert.InRange(NormalTail.Of(x), tail * (1 - 1e-13), tail * (1 + 1e-13));
        Assert.InRange(NormalTail.Log(x) / log, 1 - 1e-13, 1 + 1e-13);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-12)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1 - 1e-9)]
    public void Quantile_AnyTail_IsTheInverse(double tail) =>
        Assert.InRange(NormalTail.Of(NormalTail.Quantile(tail)) / tail, 1 - 1e-11, 1 + 1e-11);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Quantile_OutOfRange_IsRefused(double tail) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalTail.Quantile(tail));
}
