using System.Globalization;
using System.Numerics;
using System.Text.Json;
using MathNet.Numerics.Distributions;
using Research.Privacy.Mechanisms;
using Research.Tests.Privacy.Accounting;

namespace Research.Tests.Privacy.Mechanisms;

/// <summary>Exact samplers against the probabilities of the reference file (mpmath).</summary>
public sealed class IntegerNoiseTests
{
    private const int Count = 100_000;

    [Fact]
    public void DiscreteGaussian_ReferenceRows_HasTheirProbabilitiesAndVariance()
    {
        foreach (JsonElement row in ReferenceRows.Section("e_discrete_gaussian"))
        {
            double sigma2 = row.Number("sigma2");
            IntegerNoise noise = new(new InsecureSeededRandom(1, $"gaussian {sigma2}"));
            int[] sample = Draw(() => noise.DiscreteGaussian(Rational.Of(sigma2)));

            AssertFits(sample, Numbers(row, "pmf"), Numbers(row, "tail_P_X_ge_k"));
            double variance = row.Number("variance");
            double error = Math.Sqrt((row.Number("fourth_moment") - (variance * variance)) / Count);
            Assert.InRange(sample.Average(x => (double)x * x) - variance, -5 * error, 5 * error);
        }
    }

    [Fact]
    public void DiscreteLaplace_ReferenceRows_HasTheirProbabilitiesAndVariance()
    {
        foreach (JsonElement row in ReferenceRows.Section("e_discrete_laplace"))
        {
            double scale = row.Number("scale");
            IntegerNoise noise = new(new InsecureSeededRandom(2, $"laplace {scale}"));
            int[] sample = Draw(() => noise.DiscreteLaplace(Rational.Of(scale)));

            SortedDictionary<int, double> pmf = new() { [0] = row.Number("p0") };
            SortedDictionary<int, double> tail = [];
            tail.Add(1, row.Number("tail_ge_1"));
            tail.Add(10, row.Number("tail_ge_10"));
            AssertFits(sample, pmf, tail);
            double variance = row.Number("variance");
            double fourth = Enumerable.Range(1, 2000).Sum(
                k => 2 * Math.Pow(k, 4) * row.Number("p0") * Math.Exp(-k / scale));
            double error = Math.Sqrt((fourth - (variance * variance)) / Count);
            Assert.InRange(sample.Average(x => (double)x * x) - variance, -5 * error, 5 * error);
        }
    }

    [Fact]
    public void Skellam_ReferenceRows_HasTheirProbabilitiesAndVariance()
    {
        foreach (JsonElement row in ReferenceRows.Section("e_skellam"))
        {
            double variance = row.Number("variance");
            IntegerNoise noise = new(new InsecureSeededRandom(3, $"skellam {variance}"));
            int[] sample = Draw(() => noise.Skellam(Rational.Of(variance)));

            AssertFits(sample, Numbers(row, "pmf"), Numbers(row, "tail_ge"));
            double error = Math.Sqrt(((2 * variance * variance) + variance) / Count); // Excess kurtosis 1/variance.
            Assert.InRange(sample.Average(x => (double)x * x) - variance, -5 * error, 5 * error);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 2)]
    [InlineData(7, 2)]
    [InlineData(55, 1)]
    public void Poisson_AnyRate_FitsByChiSquare(int numerator, int denominator)
    {
        double rate = (double)numerator / denominator;
        IntegerNoise noise = new(new InsecureSeededRandom(4, $"poisson {rate}"));
        int[] sample = Draw(() => noise.Poisson(new Rational(numerator, denominator)), 40_000);

        int low = (int)Math.Max(0, rate - (3 * Math.Sqrt(rate)));
        int cells = (int)(6 * Math.Sqrt(rate)) + 2;
        double[] observed = new double[cells];
        double[] expected = new double[cells];
        foreach (int x in sample)
        {
            observed[Math.Clamp(x - low, 0, cells - 1)]++;
        }

        for (int i = 0; i < cells; i++)
        {
            double above = i == cells - 1 ? 1 : Poisson.CDF(rate, low + i);
            expected[i] = sample.Length * (above - (i == 0 ? 0 : Poisson.CDF(rate, low + i - 1)));
        }

        Assert.True(Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    // So wide that the distribution is continuous for Kolmogorov and Smirnov: parameters of more than 64 bits.
    [Fact]
    public void DiscreteGaussian_LargeVariance_IsGaussianByKolmogorovSmirnov()
    {
        double sigma = 12345678.9;
        IntegerNoise noise = new(new InsecureSeededRandom(5, "wide gaussian"));
        Rational exact = Rational.Of(sigma);
        double[] sample = new double[20_000];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = (double)noise.DiscreteGaussian(exact * exact);
        }

        Assert.True(Goodness.KolmogorovSmirnovP(sample, x => Normal.CDF(0, sigma, x)) > Goodness.LeastP);
    }

    [Fact]
    public void DiscreteLaplace_LargeScale_IsLaplaceByKolmogorovSmirnov()
    {
        IntegerNoise noise = new(new InsecureSeededRandom(6, "wide laplace"));
        double[] sample = new double[20_000];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = (double)noise.DiscreteLaplace(new Rational(10_000_000, 3));
        }

        Assert.True(
            Goodness.KolmogorovSmirnovP(sample, x => Laplace.CDF(0, 10_000_000 / 3.0, x)) > Goodness.LeastP);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1000)]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(8, 1)]
    public void BernoulliExp_AnyArgument_HasItsProbability(int numerator, int denominator)
    {
        const int Trials = 200_000;
        IntegerNoise noise = new(new InsecureSeededRandom(7, $"exp {numerator}/{denominator}"));
        int ones = 0;
        for (int i = 0; i < Trials; i++)
        {
            ones += noise.BernoulliExp(new Rational(numerator, denominator)) ? 1 : 0;
        }

        double p = Math.Exp(-(double)numerator / denominator);
        double error = Math.Sqrt(p * (1 - p) / Trials);
        Assert.InRange(ones / (double)Trials, p - (4.5 * error), p + (4.5 * error));
    }

    // Bounds on both sides of 64 bits: each residue as often as any other.
    [Theory]
    [InlineData("1")]
    [InlineData("7")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551617")]
    [InlineData("604462909807314587353111")]
    public void Uniform_AnyBound_FillsTheRange(string text)
    {
        BigInteger bound = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        IntegerNoise noise = new(new InsecureSeededRandom(8, text));
        int cells = (int)BigInteger.Min(bound, 7);
        double[] observed = new double[cells];
        for (int i = 0; i < 70_000; i++)
        {
            BigInteger x = noise.Uniform(bound);
            Assert.True(x >= 0 && x < bound);
            observed[(int)(x * cells / bound)]++;
        }

        double[] expected = [.. Enumerable.Repeat(70_000.0 / cells, cells)];
        Assert.True(cells == 1 || Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    [Fact]
    public void Draws_ParametersOutOfRange_AreRefusedByName()
    {
        IntegerNoise noise = new(new CryptographicRandom());
        Refused("probability", () => noise.Bernoulli(new Rational(3, 2)));
        Refused("scale", () => noise.DiscreteLaplace(default));
        Refused("variance", () => noise.DiscreteGaussian(default));
        Refused("rate", () => noise.Poisson(new Rational((1 << 20) + 1, 1)));
        Refused("variance", () => noise.Skellam(new Rational((1 << 21) + 1, 1)));
        Refused("bound", () => noise.Uniform(0));
        Assert.Equal(0, noise.Poisson(default));
        Assert.False(noise.Bernoulli(default));
    }

    private static void Refused(string name, Action action) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(action).ParamName);

    private static int[] Draw(Func<BigInteger> draw, int count = Count)
    {
        int[] sample = new int[count];
        for (int i = 0; i < count; i++)
        {
            sample[i] = (int)draw();
        }

        return sample;
    }

    private static SortedDictionary<int, double> Numbers(JsonElement row, string member)
    {
        SortedDictionary<int, double> numbers = [];
        foreach (JsonProperty property in row.GetProperty(member).EnumerateObject())
        {
            numbers.Add(
                int.Parse(property.Name, CultureInfo.InvariantCulture),
                double.Parse(property.Value.GetString()!, CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    // Each probability and each tail, on both sides, by the binomial's own tail; what is too rare never happens.
    private static void AssertFits(
        int[] sample, SortedDictionary<int, double> pmf, SortedDictionary<int, double> tail)
    {
        foreach ((int k, double p) in pmf)
        {
            AssertCount(sample.Count(x => x == k), sample.Length, p, $"P({k})");
            AssertCount(sample.Count(x => x == -k), sample.Length, p, $"P(-{k})");
        }

        foreach ((int k, double p) in tail)
        {
            AssertCount(sample.Count(x => x >= k), sample.Length, p, $"P(x >= {k})");
            AssertCount(sample.Count(x => x <= -k), sample.Length, p, $"P(x <= -{k})");
        }
    }

    private static void AssertCount(int count, int trials, double p, string what)
    {
        double atMost = p < 1e-12 ? (count == 0 ? 1 : trials * p) : Binomial.CDF(p, trials, count);
        double atLeast = count == 0 ? 1 : p < 1e-12 ? trials * p : 1 - Binomial.CDF(p, trials, count - 1);
        Assert.True(
            Math.Min(atMost, atLeast) > Goodness.LeastP / 10, $"{what}: {count} of {trials}, expected {trials * p}");
    }
}
