using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class OptimizerStepTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DecayedMomentumStep_EveryLength_EqualsScalarBitForBit(bool nesterov)
    {
        MomentumCoefficients by = new(0.03f, 0.1f, 0.9f, 0.01f, nesterov);
        for (int length = 0; length < 50; length++)
        {
            float[] gradient = Numbers.Uniform(length, 1);
            float[][] weights = [Numbers.Uniform(length, 2), Numbers.Uniform(length, 2)];
            float[][] velocity = [Numbers.Uniform(length, 3), Numbers.Uniform(length, 3)];

            DecayedMomentumStep.Apply(weights[0], velocity[0], gradient, by);
            DecayedMomentumStep.Scalar(weights[1], velocity[1], gradient, by);

            Numbers.AssertSameBits(weights[1], weights[0]);
            Numbers.AssertSameBits(velocity[1], velocity[0]);
        }
    }

    [Fact]
    public void AdamStep_EveryLength_EqualsScalarBitForBit()
    {
        AdamCoefficients by = new(0.03f, 0.999f, 0.9f, 0.1f, 0.999f, 0.001f, 0.17f, 1e-8f, 0.02f);
        for (int length = 0; length < 50; length++)
        {
            float[] gradient = Numbers.Uniform(length, 1);
            float[][] weights = [Numbers.Uniform(length, 2), Numbers.Uniform(length, 2)];
            float[][] first = [Numbers.Uniform(length, 3), Numbers.Uniform(length, 3)];
            float[][] second = [.. Enumerable.Range(0, 2).Select(_ =>
                Numbers.Uniform(length, 4).Select(x => x * x).ToArray())];

            AdamStep.Apply(weights[0], first[0], second[0], gradient, by);
            AdamStep.Scalar(weights[1], first[1], second[1], gradient, by);

            Numbers.AssertSameBits(weights[1], weights[0]);
            Numbers.AssertSameBits(first[1], first[0]);
            Numbers.AssertSameBits(second[1], second[0]);
        }
    }

    [Fact]
    public void MovingAverage_EveryLength_EqualsScalarBitForBit()
    {
        for (int length = 0; length < 50; length++)
        {
            float[] x = Numbers.Uniform(length, 1);
            float[][] average = [Numbers.Uniform(length, 2), Numbers.Uniform(length, 2)];

            MovingAverage.Apply(average[0], x, 0.01f);
            MovingAverage.Scalar(average[1], x, 0.01f);

            Numbers.AssertSameBits(average[1], average[0]);
        }
    }

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(0.999, 12_345)]
    [InlineData(0.7, 500)]
    [InlineData(0.0, 3)]
    public void IntegerPower_OfAFraction_MatchesTheFramework(double x, int n) =>
        Assert.Equal(Math.Pow(x, n), IntegerPower.Of(x, n), Math.Pow(x, n) * n * 2.3e-16);

    [Fact]
    public void IntegerPower_OfNothing_IsOne() => Assert.Equal(1, IntegerPower.Of(0.3, 0));
}
