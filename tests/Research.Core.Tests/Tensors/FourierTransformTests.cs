using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class FourierTransformTests
{
    // Oracle: MathNet.Numerics 5.0.0.
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(4096)]
    public void Forward_RandomNumbers_IsMathNetsTransform(int length)
    {
        (double[] real, double[] imaginary) = Numbers(length);
        Complex[] expected = [.. real.Zip(imaginary, (x, y) => new Complex(x, y))];
        Fourier.Forward(expected, FourierOptions.AsymmetricScaling);

        new FourierTransform(length).Forward(real, imaginary);

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(expected[i].Real, real[i], 1e-12 * length);
            Assert.Equal(expected[i].Imaginary, imaginary[i], 1e-12 * length);
        }
    }

    [Fact]
    public void Inverse_OfForward_ErrsByLessThanTheBound()
    {
        FourierTransform transform = new(1 << 14);
        (double[] real, double[] imaginary) = Numbers(transform.Length);
        (double[] x, double[] y) = ((double[])real.Clone(), (double[])imaginary.Clone());
        double sum = x.Zip(y, (a, b) => Math.Sqrt((a * a) + (b * b))).Sum();

        transform.Forward(x, y);
        transform.Inverse(x, y);

        for (int i = 0; i < x.Length; i++)
        {
            Assert.InRange(Math.Abs(x[i] - real[i]), 0, 2 * transform.RelativeError * sum);
            Assert.InRange(Math.Abs(y[i] - imaginary[i]), 0, 1e-13);
        }
    }

    private static (double[] Real, double[] Imaginary) Numbers(int length)
    {
        Random random = new(length);
        return ([.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)],
            [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)]);
    }
}
