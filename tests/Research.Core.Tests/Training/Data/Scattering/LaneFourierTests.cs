using System.Numerics;
using Research.Tensors;
using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

public sealed unsafe class LaneFourierTests
{
    // Oracle: the definition in double. Single precision and |x| ≤ 1: error about 1e-7·√n·log n.
    [Theory]
    [InlineData(6, false)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(36, true)]
    [InlineData(44, false)]
    [InlineData(64, false)]
    [InlineData(70, true)]
    [InlineData(136, false)]
    public void Transform_EveryLane_MatchesTheDefinition(int length, bool isInverse)
    {
        Random random = new(length);
        using PinnedBuffer<float> x = new(length * LaneComplex.Floats);
        using PinnedBuffer<float> y = new(length * 40L);
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = (random.NextSingle() * 2) - 1;
        }

        new LaneFourier(length).Transform(x.Pointer, LaneComplex.Floats, y.Pointer, 40, isInverse);

        for (int k = 0; k < length; k++)
        {
            for (int lane = 0; lane < LaneComplex.Lanes; lane++)
            {
                Complex sum = 0;
                for (int j = 0; j < length; j++)
                {
                    Complex value = new(x.Span[(j * 32) + lane], x.Span[(j * 32) + 16 + lane]);
                    double turn = (isInverse ? 2 : -2) * Math.PI * (j * k % length) / length;
                    sum += value * Complex.FromPolarCoordinates(1, turn);
                }

                Assert.Equal(sum.Real, y.Span[(k * 40) + lane], 2e-5);
                Assert.Equal(sum.Imaginary, y.Span[(k * 40) + 16 + lane], 2e-5);
            }
        }
    }

    [Fact]
    public void Transform_InPlaceThereAndBack_IsLengthTimesTheLine()
    {
        using PinnedBuffer<float> x = new(18 * LaneComplex.Floats);
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = i % 7;
        }

        LaneFourier fourier = new(18);
        fourier.Transform(x.Pointer, 32, x.Pointer, 32, inverse: false);
        fourier.Transform(x.Pointer, 32, x.Pointer, 32, inverse: true);

        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(18 * (i % 7), x.Span[i], 1e-4f);
        }
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(3, 12)]
    [InlineData(-5, 12)]
    [InlineData(29, 36)]
    [InlineData(1000003, 136)]
    public void OfTurns_AnyAngle_IsSineAndCosine(long numerator, long denominator)
    {
        (double sin, double cos) = UnitCircle.OfTurns(numerator, denominator);

        double angle = 2 * Math.PI * (numerator % denominator) / denominator;
        Assert.Equal(Math.Sin(angle), sin, 1e-15);
        Assert.Equal(Math.Cos(angle), cos, 1e-15);
    }
}
