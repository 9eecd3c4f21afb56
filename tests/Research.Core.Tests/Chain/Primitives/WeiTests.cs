using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Primitives;

public sealed class WeiTests
{
    [Theory]
    [InlineData("10", "10000000000000000000", "10 ETH")]
    [InlineData("0.05", "50000000000000000", "0.05 ETH")]
    [InlineData("0.000000000000000001", "1", "0.000000000000000001 ETH")]
    [InlineData("1.50", "1500000000000000000", "1.5 ETH")]
    [InlineData("0", "0", "0 ETH")]
    public void FromEther_DecimalText_IsExact(string ether, string wei, string shown)
    {
        Wei amount = Wei.FromEther(ether);

        Assert.Equal(Wei.Parse(wei), amount);
        Assert.Equal(shown, amount.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("0.0000000000000000001")]
    public void FromEther_OtherText_Throws(string ether) => Assert.Throws<FormatException>(() => Wei.FromEther(ether));

    [Fact]
    public void FromEther_Decimal_EqualsText()
    {
        Assert.Equal(Wei.FromEther("0.1"), Wei.FromEther(0.1m));
        Assert.Equal(Wei.FromEther("1234567.000000000000000001"), Wei.FromEther(1234567.000000000000000001m));
        Assert.Throws<ArgumentException>(() => Wei.FromEther(0.0000000000000000001m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wei.FromEther(-1m));
    }

    [Fact]
    public void Subtraction_BelowZero_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Wei.FromEther("1") - Wei.FromEther("2"));

    [Fact]
    public void Addition_Beyond256Bits_Throws()
    {
        Wei most = new((BigInteger.One << 256) - 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => most + new Wei(1));
    }

    [Fact]
    public void ToEther_AnyAmount_ReadsBack() =>
        Prop.ForAll<BigInteger>(n => Wei.FromEther(new Wei(BigInteger.Abs(n)).ToEther()) == new Wei(BigInteger.Abs(n)))
            .QuickCheckThrowOnFailure();
}
