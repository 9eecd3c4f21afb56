using System.Numerics;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class RationalTests
{
    [Fact]
    public void Of_AnyDouble_IsExact()
    {
        Random random = new(1);
        for (int i = 0; i < 1000; i++)
        {
            double value = Math.ScaleB(1 + random.NextDouble(), random.Next(-1074, 1023));
            Rational exact = Rational.Of(value);

            // IEEE 754: the fraction's bits, with the hidden one unless the exponent is 0, times 2^(exponent − 1075).
            long bits = BitConverter.DoubleToInt64Bits(value);
            int exponent = (int)(bits >> 52);
            BigInteger mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
            Assert.Equal(
                (mantissa << Math.Max(1, exponent)) * exact.Denominator, exact.Numerator << 1075);
        }

        Assert.Equal(new Rational(3, 8), Rational.Of(0.375));
        Assert.Equal(new Rational(1, BigInteger.One << 1074), Rational.Of(double.Epsilon));
        Assert.Equal(default, Rational.Of(0));
        Assert.Equal(BigInteger.One, default(Rational).Denominator);
    }

    [Fact]
    public void New_OutOfRange_IsRefusedByName()
    {
        Assert.Equal("numerator", Assert.Throws<ArgumentOutOfRangeException>(() => new Rational(-1, 1)).ParamName);
        Assert.Equal("denominator", Assert.Throws<ArgumentOutOfRangeException>(() => new Rational(1, 0)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => Rational.Of(-0.5)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => Rational.Of(double.NaN)).ParamName);
    }

    [Fact]
    public void Arithmetic_SmallNumbers_IsRight()
    {
        Assert.Equal(new Rational(1, 2), new Rational(2, 3) * new Rational(9, 12));
        Assert.Equal(2, new Rational(4, 3).Ceiling());
        Assert.Equal(4, new Rational(8, 2).Ceiling());
        Assert.Equal("4/3", new Rational(8, 6).ToString());
    }
}
