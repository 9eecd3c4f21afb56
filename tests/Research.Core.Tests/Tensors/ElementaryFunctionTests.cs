using System.Runtime.Intrinsics;
using Research.Tensors;
using Research.Tests.Training;

namespace Research.Tests.Tensors;

public sealed class ElementaryFunctionTests
{
    [Fact]
    public void Exponential_WholeRange_IsWithinOneUlpOfDouble()
    {
        double worst = 0;
        for (float x = -87.3f; x < 88.7f; x += 0.00173f)
        {
            worst = Math.Max(worst, Numbers.UlpError(Math.Exp(x), Exponential.Scalar(x)));
        }

        Assert.InRange(worst, 0.4, 1.0);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(-104f, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exponential_Edges_AreExact(float x, float expected) => Assert.Equal(expected, Exponential.Scalar(x));

    [Fact]
    public void Exponential_Denormals_AreWithinOneUlp()
    {
        for (float x = -103.9f; x < -87.3f; x += 0.0137f)
        {
            Assert.InRange(Numbers.UlpError(Math.Exp(x), Exponential.Scalar(x)), 0, 1.0);
        }
    }

    [Fact]
    public void Exponential_Vector_EqualsScalarBitForBit()
    {
        float[] inputs = [.. Edges(), .. Enumerable.Range(0, 4096).Select(i => (i - 2048) * 0.0531f)];
        float[] outputs = new float[16];
        for (int i = 0; i + 16 <= inputs.Length; i += 16)
        {
            Exponential.Vector(Vector512.Create(inputs.AsSpan(i))).CopyTo(outputs);
            Numbers.AssertSameBits([.. inputs[i..(i + 16)].Select(Exponential.Scalar)], outputs);
        }
    }

    [Fact]
    public void Logarithm_ManyMagnitudes_IsWithinThreeUlpOfDouble()
    {
        for (double x = 1e-300; x < 1e300; x *= 1.0193)
        {
            double exact = Math.Log(x);
            double ulp = Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact);
            Assert.InRange(Math.Abs(Logarithm.Scalar(x) - exact), 0, 3 * ulp);
        }
    }

    [Fact]
    public void Logarithm_AroundOne_IsWithinThreeUlpOfDouble()
    {
        for (double x = 0.5; x < 2; x += 0.000371)
        {
            Assert.Equal(Math.Log(x), Logarithm.Scalar(x), 1e-15 * Math.Max(Math.Abs(Math.Log(x)), 1e-3));
        }

        Assert.Equal(0, Logarithm.Scalar(1));
    }

    [Theory]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Logarithm_Edges_AreExact(double x, double expected) => Assert.Equal(expected, Logarithm.Scalar(x));

    [Fact]
    public void HyperbolicTangent_WholeRange_IsWithinTwoUlpOfDouble()
    {
        double worst = 0;
        for (float x = -12f; x < 12f; x += 0.000173f)
        {
            worst = Math.Max(worst, Numbers.UlpError(Math.Tanh(x), HyperbolicTangent.Scalar(x)));
        }

        Assert.InRange(worst, 0.4, 2.0);
    }

    [Fact]
    public void HyperbolicTangent_Forward_EqualsScalarBitForBitAtEveryLength()
    {
        float[] inputs = [.. Edges(), .. Enumerable.Range(0, 1003).Select(i => (i - 500) * 0.0217f)];
        for (int length = 0; length < 40; length++)
        {
            float[] outputs = new float[length];
            HyperbolicTangent.Forward(inputs.AsSpan(0, length), outputs);
            Numbers.AssertSameBits([.. inputs.Take(length).Select(HyperbolicTangent.Scalar)], outputs);
        }

        float[] all = new float[inputs.Length];
        HyperbolicTangent.Forward(inputs, all);
        Numbers.AssertSameBits([.. inputs.Select(HyperbolicTangent.Scalar)], all);
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(1e-20f, 1e-20f)]
    public void HyperbolicTangent_Edges_AreExact(float x, float expected) =>
        Assert.Equal(expected, HyperbolicTangent.Scalar(x));

    [Fact]
    public void ErrorFunction_WholeRange_IsWithinOneAndAHalfUlpOfDouble()
    {
        double worst = 0;
        for (float x = -4.2f; x < 4.2f; x += 0.00073f)
        {
            worst = Math.Max(worst, Numbers.UlpError(DoubleLayers.Erf(x), ErrorFunction.Scalar(x)));
        }

        Assert.InRange(worst, 0.4, 1.5);
    }

    // Abramowitz and Stegun 1964, Table 7.1, ten digits.
    [Theory]
    [InlineData(0.02f, 0.0225645747)]
    [InlineData(0.5f, 0.5204998778)]
    [InlineData(1f, 0.8427007929)]
    [InlineData(1.5f, 0.9661051465)]
    [InlineData(1.98f, 0.9948919917)]
    public void ErrorFunction_PublishedValues_AreMet(float x, double expected)
    {
        Assert.Equal(expected, ErrorFunction.Scalar(x), 1.5e-7);
        Assert.Equal(-expected, ErrorFunction.Scalar(-x), 1.5e-7);
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(4f, 1f)]
    [InlineData(-0f, -0f)]
    public void ErrorFunction_Edges_AreExact(float x, float expected) => Assert.Equal(expected, ErrorFunction.Scalar(x));

    [Fact]
    public void Logistic_WholeRange_IsWithinItsBound()
    {
        double worst = 0;
        for (float x = -87f; x < 20f; x += 0.00173f)
        {
            worst = Math.Max(worst, Numbers.UlpError(1 / (1 + Math.Exp(-(double)x)), Logistic.Scalar(x)));
        }

        Assert.InRange(worst, 0.4, 2.5);
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(0f, 0.5f)]
    public void Logistic_Edges_AreExact(float x, float expected) => Assert.Equal(expected, Logistic.Scalar(x));

    [Fact]
    public unsafe void LaneFunctions_Forward_EqualScalarsBitForBit()
    {
        float[] inputs = [.. Edges(), .. Enumerable.Range(0, 4097).Select(i => (i - 2048) * 0.00531f)];
        inputs = [.. inputs.Where(x => !float.IsNaN(x))]; // The sign of a NaN is the processor's affair.
        int count = inputs.Length / Lanes.Count;
        inputs = inputs[..(count * Lanes.Count)];
        float[] outputs = new float[inputs.Length];
        fixed (float* x = inputs, y = outputs)
        {
            for (int i = 0; i < inputs.Length; i += Lanes.Count)
            {
                ErrorFunction.Vector(Vector512.Load(x + i)).Store(y + i);
            }

            Numbers.AssertSameBits([.. inputs.Select(ErrorFunction.Scalar)], outputs);
            Logistic.Forward(x, y, count);
            Numbers.AssertSameBits([.. inputs.Select(Logistic.Scalar)], outputs);
            SigmoidLinear.Forward(x, y, count);
            Numbers.AssertSameBits([.. inputs.Select(SigmoidLinear.Scalar)], outputs);
            GaussianLinear.Forward(x, y, count);
            Numbers.AssertSameBits([.. inputs.Select(GaussianLinear.Scalar)], outputs);
        }
    }

    private static float[] Edges() =>
    [
        0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        float.MaxValue, float.MinValue, float.Epsilon,
        88.72f, 88.73f, -103.9f, -104f, 0.6249999f, 0.625f, -0.625f, 1e-20f,
    ];
}
