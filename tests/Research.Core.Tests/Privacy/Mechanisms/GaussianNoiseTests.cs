using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MathNet.Numerics.Distributions;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class GaussianNoiseTests
{
    [Fact]
    public void Add_SeededSource_GivesTheseBitsOnEveryPlatform()
    {
        float[] noise = Sample(100_000, 1.0, "golden");

        Assert.Equal(
            "4731afe627c64c15c127a114450843525240e0b484d7b4f99c0ed4f8c94f5482",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(noise.AsSpan()))));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.37)]
    [InlineData(1234.5)]
    public void Add_ManySamples_AreGaussianByKolmogorovSmirnov(double deviation)
    {
        double[] sample = [.. Sample(200_000, deviation, "ks").Select(value => (double)value)];

        Assert.True(Goodness.KolmogorovSmirnovP(sample, x => Normal.CDF(0, deviation, x)) > Goodness.LeastP);
    }

    [Fact]
    public void Add_ManySamples_AreGaussianByChiSquareIntoTheTails()
    {
        const int Count = 1 << 22;
        double[] edges = [-4.5, -4, -3.5, -3, -2, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 2, 3, 3.5, 4, 4.5];
        double[] observed = new double[edges.Length + 1];
        foreach (float value in Sample(Count, 1.0, "tails"))
        {
            int cell = Array.BinarySearch(edges, value);
            observed[cell < 0 ? ~cell : cell]++; // Cells are open below and closed above.
        }

        // A value is the centre of a cell that ends half a step above it.
        double half = Math.ScaleB(1, -25);
        double[] expected = new double[observed.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            double above = i == edges.Length ? 1 : Normal.CDF(0, 1, edges[i] + half);
            expected[i] = Count * (above - (i == 0 ? 0 : Normal.CDF(0, 1, edges[i - 1] + half)));
        }

        Assert.True(Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    [Fact]
    public void Add_ManySamples_HaveTheMomentsAndNoSerialCorrelation()
    {
        const int Count = 1 << 20;
        float[] sample = Sample(Count, 1.0, "moments");
        double mean = sample.Average(x => (double)x);
        double variance = sample.Average(x => (double)x * x);
        double kurtosis = sample.Average(x => Math.Pow(x, 4));

        // Five standard errors each: 1, √2 and √96 over √n.
        double error = 5 / Math.Sqrt(Count);
        Assert.InRange(mean, -error, error);
        Assert.InRange(variance, 1 - (error * Math.Sqrt(2)), 1 + (error * Math.Sqrt(2)));
        Assert.InRange(kurtosis, 3 - (error * Math.Sqrt(96)), 3 + (error * Math.Sqrt(96)));
        foreach (int lag in (int[])[1, 2, 4, 8, 1024])
        {
            double correlation = Enumerable.Range(0, Count - lag).Average(i => (double)sample[i] * sample[i + lag]);
            double ofSquares = Enumerable.Range(0, Count - lag).Average(
                i => (((double)sample[i] * sample[i]) - 1) * (((double)sample[i + lag] * sample[i + lag]) - 1));
            Assert.InRange(correlation, -error, error);
            Assert.InRange(ofSquares, -2 * error, 2 * error);
        }
    }

    // Whatever was there before, results come from one and the same set, the floats nearest to (k + ½)·step: their low
    // bits tell nothing.
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(-7.654321e-5f)]
    [InlineData(3e-39f)]
    public void Add_AnyValue_LandsOnTheGrid(float value)
    {
        float[] values = new float[1003];
        Array.Fill(values, value);
        new GaussianNoise(new InsecureSeededRandom(3, "grid")).Add(values, 1.7);

        double step = GaussianNoise.Grid(1.7).Step;
        Assert.All(values, result =>
            Assert.Equal(result, (float)((Math.Round((result / step) - 0.5) + 0.5) * step)));
    }

    [Fact]
    public void Add_ToValues_IsTheValuePlusTheSameNoise()
    {
        float[] noise = new float[4099];
        float[] values = [.. Enumerable.Range(0, noise.Length).Select(i => (i - 2000) / 64f)];
        float[] noisy = [.. values];
        new GaussianNoise(new InsecureSeededRandom(9, "sum")).Add(noise, 2.0);
        new GaussianNoise(new InsecureSeededRandom(9, "sum")).Add(noisy, 2.0);

        for (int i = 0; i < noise.Length; i++)
        {
            Assert.Equal(values[i] + noise[i], noisy[i], 1e-5); // A rounding to float each.
        }
    }

    // √4096 = 64 steps of rounding are a part of what the noise hides; 2⁻²⁸ more is for the steps' short number.
    [Fact]
    public void Grid_WithSensitivity_RaisesTheNoiseByTheRoundingOfValues()
    {
        const double Deviation = 3;
        const double Sensitivity = 0.5;
        double step = GaussianNoise.Grid(Deviation, Sensitivity, 4096).Step;
        double raised = step * (1 << 24);

        Assert.True(raised / (Sensitivity + (64 * step)) >= Deviation / Sensitivity);
        Assert.InRange(raised / (Deviation * (1 + (64 * step / Sensitivity))), 1, 1 + Math.ScaleB(1, -28));
        Assert.InRange(GaussianNoise.Grid(Deviation).Step * (1 << 24) / Deviation, 1, 1 + Math.ScaleB(1, -28));
    }

    [Fact]
    public void Grid_AtTheLargestMultiplier_DoublesTheNoise()
    {
        double largest = NoiseGrid.LargestMultiplier(1_000_000);
        double raised = GaussianNoise.Grid(largest, 1, 1_000_000).Step * (1 << 24);

        Assert.InRange(largest, 8388, 8389);
        Assert.InRange(raised / largest, 2, 2 + Math.ScaleB(1, -26));
    }

    // The product of a float and the steps to a unit is exact, so that rounding it errs by half a step and no more.
    [Fact]
    public void Grid_AnyValueAndDeviation_CountsStepsExactly()
    {
        Random random = new(11);
        for (int i = 0; i < 2000; i++)
        {
            float value = (float)Math.ScaleB(1 + random.NextDouble(), random.Next(-149, 128));
            double deviation = Math.ScaleB(1 + random.NextDouble(), random.Next(-100, 100));
            double perUnit = GaussianNoise.Grid(deviation).StepsPerUnit;

            Assert.Equal(Rational.Of(value) * Rational.Of(perUnit), Rational.Of(value * perUnit));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(1e-6)] // 1000 values rounded to 2⁻²⁴: as much as the sensitivity.
    public void Add_SensitivityOutOfRange_IsRefusedByName(double sensitivity)
    {
        float[] values = new float[1000];
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            () => new GaussianNoise(new CryptographicRandom()).Add(values, 1, sensitivity));
        Assert.Equal("sensitivity", e.ParamName);
        Assert.All(values, value => Assert.Equal(0, value));
    }

    // Oracle: mpmath, erfc(16/√2) = 1.2776e-57 a sample.
    [Fact]
    public void StatisticalDistance_Samples_AreAtLeastTheMassCutOff()
    {
        Assert.Equal(0, GaussianNoise.StatisticalDistance(0), 1e-300);
        Assert.InRange(GaussianNoise.StatisticalDistance(1), 1.2776e-57, 2.5490e-57);
        Assert.InRange(GaussianNoise.StatisticalDistance(1_000_000_000_000), 1.2776e-45, 2.5490e-45);
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianNoise.StatisticalDistance(-1));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e-40)]
    public void Add_DeviationOutOfRange_IsRefusedByName(double deviation)
    {
        float[] values = [1, 2, 3];
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            () => new GaussianNoise(new CryptographicRandom()).Add(values, deviation));
        Assert.Equal("standardDeviation", e.ParamName);
        Assert.Equal([1f, 2f, 3f], values);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Add_ValueThatNoNoiseHides_IsRefusedAndNothingChanges(float bad)
    {
        float[] values = [1, 2, bad];
        Assert.Throws<ArgumentException>(() => new GaussianNoise(new CryptographicRandom()).Add(values, 1));
        Assert.Equal([1f, 2f, bad], values);
    }

    private static float[] Sample(int count, double deviation, string stream)
    {
        float[] values = new float[count];
        new GaussianNoise(new InsecureSeededRandom(20261122, stream)).Add(values, deviation);
        return values;
    }
}
