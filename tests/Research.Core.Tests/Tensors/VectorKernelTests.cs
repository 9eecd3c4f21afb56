using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class VectorKernelTests
{
    [Fact]
    public void SquaredNorm_EveryLength_EqualsScalarBitForBit()
    {
        float[] values = Numbers.Uniform(200, 1);
        for (int length = 0; length <= values.Length; length++)
        {
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(SquaredNorm.Scalar(values.AsSpan(0, length))),
                BitConverter.DoubleToInt64Bits(SquaredNorm.Of(values.AsSpan(0, length))));
        }
    }

    [Fact]
    public void SquaredNorm_LargestFloats_DoesNotOverflow() =>
        Assert.Equal(
            20.0 * float.MaxValue * float.MaxValue, SquaredNorm.Of(Enumerable.Repeat(float.MaxValue, 20).ToArray()));

    [Fact]
    public void MomentumStep_EveryLength_EqualsScalarBitForBit()
    {
        for (int length = 0; length < 70; length++)
        {
            float[] gradient = Numbers.Uniform(length, 1);
            float[][] weights = [Numbers.Uniform(length, 2), Numbers.Uniform(length, 2)];
            float[][] velocity = [Numbers.Uniform(length, 3), Numbers.Uniform(length, 3)];

            MomentumStep.Apply(weights[0], velocity[0], gradient, 0.03f, 0.1f, 0.9f);
            MomentumStep.Scalar(weights[1], velocity[1], gradient, 0.03f, 0.1f, 0.9f);

            Numbers.AssertSameBits(weights[1], weights[0]);
            Numbers.AssertSameBits(velocity[1], velocity[0]);
        }
    }

    [Fact]
    public void MomentumStep_ThreeSteps_FollowsTheSequenceByHand()
    {
        float[] weights = [1];
        float[] velocity = [0];

        // Gradients 2, 4, −8 with scale ½, η = 0.5, μ = 0.5; all exact in binary:
        // v = 1, w = 0.5; v = 2.5, w = −0.75; v = −2.75, w = 0.625.
        foreach ((float gradient, float expectedVelocity, float expectedWeight) in
            ((float, float, float)[])[(2, 1, 0.5f), (4, 2.5f, -0.75f), (-8, -2.75f, 0.625f)])
        {
            MomentumStep.Apply(weights, velocity, [gradient], 0.5f, 0.5f, 0.5f);
            Assert.Equal(expectedVelocity, velocity[0]);
            Assert.Equal(expectedWeight, weights[0]);
        }
    }

    [Fact]
    public void ScaledSum_EveryLength_EqualsThePlainLoop()
    {
        for (int length = 0; length < 70; length++)
        {
            float[] x = Numbers.Uniform(length, 1);
            float[] y = Numbers.Uniform(length, 2);
            float[] expected = [.. y.Select((value, i) => MathF.FusedMultiplyAdd(0.3f, x[i], value))];

            ScaledSum.Add(0.3f, x, y);
            Numbers.AssertSameBits(expected, y);

            ScaledSum.Scale(0.7f, x);
            Numbers.AssertSameBits([.. Numbers.Uniform(length, 1).Select(value => value * 0.7f)], x);
        }
    }

    [Fact]
    public void Scale_ByZero_RemovesNaNAndInfinity()
    {
        float[] values = [float.NaN, float.PositiveInfinity, 1];

        ScaledSum.Scale(0, values);

        Assert.Equal([0, 0, 0], values);
    }

    [Fact]
    public void Rectifier_EveryLength_PassesPositivesAndNaN()
    {
        float[] pattern = [1, -1, 0, float.NaN, float.NegativeInfinity, float.PositiveInfinity, -0f, 2];
        for (int length = 0; length < 40; length++)
        {
            float[] x = [.. Enumerable.Range(0, length).Select(i => pattern[i % pattern.Length])];
            float[] y = new float[length];
            float[] dx = new float[length];

            Rectifier.Forward(x, y);
            Rectifier.Backward(y, [.. Enumerable.Repeat(3f, length)], dx);

            Assert.Equal([.. x.Select(v => v < 0 ? 0 : v)], y);
            Assert.Equal([.. x.Select(v => v <= 0 ? 0f : 3f)], dx);
        }
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(256, 5)]
    [InlineData(2, 5)]
    [InlineData(0, 2)]
    public void Slice_AnyParts_CoverAllOnceOnMultiples(int count, int parts)
    {
        int next = 0;
        for (int part = 0; part < parts; part++)
        {
            (int start, int end) = Workers.Slice(count, part, parts, 4);
            Assert.Equal(next, start);
            Assert.True(start % 4 == 0 || start == count);
            next = end;
        }

        Assert.Equal(count, next);
    }
}
