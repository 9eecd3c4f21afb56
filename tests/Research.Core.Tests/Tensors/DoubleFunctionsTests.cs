using System.Runtime.Intrinsics;
using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class DoubleFunctionsTests
{
    private static readonly Random Seeded = new(20261122);

    // The residual x·e^(−y) − 1 is the error of y = ln x, by the exact series.
    [Fact]
    public void Log_AgainstDecimalSeries_IsWithinOneUlp()
    {
        for (int i = 0; i < 3000; i++)
        {
            double x = i % 3 == 0
                ? 1 + ((Seeded.NextDouble() - 0.5) / 8)
                : Math.ScaleB(1 + Seeded.NextDouble(), (i % 30) - 20);
            double y = DoubleLog.Of(x);
            if (Math.Abs(y) < 1e-4)
            {
                continue; // Too few decimals to tell.
            }

            decimal residual = (DecimalSeries.Exact(x) * DecimalSeries.Exp(-DecimalSeries.Exact(y))) - 1;
            double ulp = Math.BitIncrement(Math.Abs(y)) - Math.Abs(y);
            Assert.True(Math.Abs((double)residual) < ulp, $"ln {x:R} = {y:R} errs by {(double)residual / ulp:F3} ulp");
        }
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(2.0, 0.69314718055994530942)]
    [InlineData(2.7105054312137611e-20, -45.054566736396445)] // 2⁻⁶⁵, the least that the noise takes the logarithm of
    [InlineData(2.2250738585072014e-308, -708.39641853226410622)]
    [InlineData(1.7976931348623157e308, 709.78271289338399684)]
    public void Log_KnownValues_AreExact(double x, double expected) => Assert.Equal(expected, DoubleLog.Of(x));

    [Fact]
    public void SinCos_AgainstDecimalSeries_IsWithinThreeUlp()
    {
        for (int i = 0; i < 3000; i++)
        {
            double t = (Seeded.NextDouble() - 0.5) * (i % 2 == 0 ? 1 : 1e-3);
            (double sin, double cos) = DoubleSinCos.OfQuarterTurns(t);
            decimal angle = DecimalSeries.Exact(t) * DecimalSeries.Pi / 2;
            Assert.True(DecimalSeries.Ulps(sin, DecimalSeries.Sin(angle)) < 3, $"sin of {t:R} quarter turns");
            Assert.True(DecimalSeries.Ulps(cos, DecimalSeries.Cos(angle)) < 3, $"cos of {t:R} quarter turns");
        }
    }

    [Fact]
    public void Exp_AgainstDecimalSeries_IsWithinOneUlp()
    {
        for (int i = 0; i < 3000; i++)
        {
            double x = (Seeded.NextDouble() - 0.5) * (i % 2 == 0 ? 1 : 18);
            Assert.True(
                DecimalSeries.Ulps(DoubleExp.Of(x), DecimalSeries.Exp(DecimalSeries.Exact(x))) < 1, $"exp {x:R}");
        }
    }

    [Theory]
    [InlineData(double.NegativeInfinity, 0.0)]
    [InlineData(-746.0, 0.0)]
    [InlineData(-745.0, 5e-324)]
    [InlineData(0.0, 1.0)]
    [InlineData(709.7, 1.6549840276802644e308)]
    [InlineData(710.0, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Exp_AtTheEdges_IsRight(double x, double expected) => Assert.Equal(expected, DoubleExp.Of(x));

    // e^x − 1 = x + x²/2 + …, of which three terms are exact to double at these sizes.
    [Theory]
    [InlineData(1e-5)]
    [InlineData(-1e-9)]
    [InlineData(3e-14)]
    [InlineData(1e-300)]
    public void ExpM1AndLog1P_OfSmallNumbers_LoseNoDigit(double x)
    {
        double expM1 = x + (x * x / 2 * (1 + (x / 3)));
        double log1P = x - (x * x / 2 * (1 - (x * 2 / 3)));
        Assert.InRange(DoubleExpM1.Of(x) / expM1, 1 - 1e-15, 1 + 1e-15);
        Assert.InRange(DoubleLog1P.Of(x) / log1P, 1 - 1e-15, 1 + 1e-15);
    }

    [Fact]
    public void Log1P_OfExpM1_ReturnsTheNumber()
    {
        for (double x = 1e-12; x < 30; x *= 1.37)
        {
            Assert.InRange(DoubleLog1P.Of(DoubleExpM1.Of(x)) / x, 1 - 1e-15, 1 + 1e-15);
        }
    }

    [Fact]
    public void VectorForms_HaveTheBitsOfTheScalarForms()
    {
        for (int i = 0; i < 1000; i++)
        {
            double t = Seeded.NextDouble() - 0.5;
            (Vector512<double> sin, Vector512<double> cos) = DoubleSinCos.OfQuarterTurns(Vector512.Create(t));
            Assert.Equal(DoubleSinCos.OfQuarterTurns(t), (sin[1], cos[7]));
        }
    }
}
