using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Research.Federation.Aggregation;

namespace Research.Tests.Federation.Aggregation;

public sealed class FixedPointTests
{
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(1f, 65536)]
    [InlineData(-0.5f, -32768)]
    [InlineData(1e9f, FixedPoint.Limit)]
    [InlineData(float.NegativeInfinity, -FixedPoint.Limit)]
    [InlineData(float.NaN, 0)]
    public void Quantise_KnownValue_Matches(float value, int expected) =>
        Assert.Equal(expected, FixedPoint.Quantise(value));

    [Fact]
    public void Dequantise_ThenQuantise_IsTheIdentity() =>
        Prop.ForAll<int>(n =>
        {
            int units = n % (FixedPoint.Limit + 1);
            Assert.Equal(units, FixedPoint.Quantise(FixedPoint.Dequantise(units)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Mean_AnySum_IsTheNearestInteger() =>
        Prop.ForAll<int, byte>((sum, n) =>
        {
            int count = n + 1;
            BigInteger twiceError = 2 * ((BigInteger)FixedPoint.Mean(sum, count) * count - sum);
            Assert.True(BigInteger.Abs(twiceError) <= count);
            Assert.Equal(-FixedPoint.Mean(sum, count), FixedPoint.Mean(-(long)sum, count));
        }).QuickCheckThrowOnFailure();
}
