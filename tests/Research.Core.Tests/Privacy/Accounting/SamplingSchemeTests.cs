using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class SamplingSchemeTests
{
    // Oracle: mpmath, the integral of f'' against the curve of hockey-stick divergences (not the formula implemented).
    [Theory]
    [InlineData(0.01, 1, 2, 0.00028063929134273912)]
    [InlineData(0.01, 1, 2.5, 0.000351489145261818326)]
    [InlineData(0.1, 0.7, 5, 2.22717233504695241)]
    [InlineData(0.004, 1.1, 16, 0.723121357842020824)]
    [InlineData(0.3, 2, 1.25, 0.0184334307008323101)]
    [InlineData(0.01, 5, 200, 0.000481488105094318554)]
    [InlineData(0.5, 0.4, 8, 24.2078317936457768)]
    [InlineData(0.001, 0.5, 3, 0.00020662577670819604)]
    public void WithoutReplacementMoment_IsTheDivergenceOfTheDominatingCurve(
        double rate, double sigma, double order, double truth) => Assert.InRange(
            new WithoutReplacementMoment(rate, sigma).Divergence(order), truth, truth * (1 + 1.01e-9));

    // The bound by Poisson sampling, which stands in where there are too many panels, is above the integral.
    [Theory]
    [InlineData(0.01, 0.3, 64)]
    [InlineData(0.2, 0.2, 32)]
    public void WithoutReplacementMoment_ManyPanels_IsBetweenPoissonAndTwiceItsMoment(double q, double sigma, int order)
    {
        double poisson = SubsampledGaussian.RenyiDivergence(q, sigma, order);
        Assert.InRange(
            new WithoutReplacementMoment(q, sigma).Divergence(order),
            poisson,
            (poisson + (Math.Log(2) / (order - 1))) * (1 + 1e-8));
    }

    // From below: one record that may be a vector or 0 makes the step a Poisson-subsampled Gaussian. From above:
    // dp_accounting 0.6.0, which has the looser bound of Wang, Balle and Kasiviswanathan.
    [Fact]
    public void Epsilon_WithoutReplacement_IsBetweenPoissonAndGooglesRdp()
    {
        double[] poisson = [2.38, 1.81]; // The privacy loss distribution by FFT, losses rounded down (numpy).
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("i_sampling_without_replacement"))
        {
            WithoutReplacementGaussian plan = new(
                (int)row.Number("dataset_size"),
                (int)row.Number("batch"),
                row.Number("sigma"),
                (int)row.Number("steps"));

            Assert.InRange(plan.Epsilon(row.Number("delta")), poisson[rows], row.Number("eps_rdp_wor"));
            rows++;
        }

        Assert.Equal(2, rows);
    }

    [Fact]
    public void Epsilon_WithoutReplacementOfEverything_IsThatOfPlainGaussians()
    {
        RdpAccountant plain = new();
        plain.Compose(new GaussianEvent(1, 8, 10));

        Assert.Equal(plain.Epsilon(1e-5), new WithoutReplacementGaussian(50, 50, 8, 10).Epsilon(1e-5));
        Assert.Equal(0, new WithoutReplacementGaussian(50, 5, 8, 0).Epsilon(1e-5));
    }

    // Google's PLD takes the mean of q·B/(K+1) where ours takes q, which costs little.
    [Fact]
    public void Epsilon_TruncatedPoisson_IsLittleAboveGooglesPld()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("i_truncated_poisson"))
        {
            double epsilon = new TruncatedPoissonGaussian(
                (int)row.Number("dataset_size"),
                row.Number("q"),
                (int)row.Number("truncated_batch_size"),
                row.Number("sigma"),
                (int)row.Number("steps")).Epsilon(row.Number("delta"));

            double google = row.Number("eps_pld_truncated");
            Assert.InRange(epsilon, google - 1e-4, google * 1.01);
            rows++;
        }

        Assert.Equal(2, rows);
    }

    [Fact]
    public void Epsilon_TruncatedPoisson_GrowsWithRecordsAndFallsWithTheBatchToThatOfPoisson()
    {
        ExactAccountant poisson = new();
        poisson.Compose(new GaussianEvent(0.05, 1, 100));

        double plain = poisson.Epsilon(1e-5);
        double tight = new TruncatedPoissonGaussian(1000, 0.05, 60, 1, 100).Epsilon(1e-5);
        double fewer = new TruncatedPoissonGaussian(900, 0.05, 60, 1, 100).Epsilon(1e-5);
        double roomy = new TruncatedPoissonGaussian(1000, 0.05, 200, 1, 100).Epsilon(1e-5);

        Assert.True(plain <= roomy && roomy < fewer && fewer < tight, $"{plain} {roomy} {fewer} {tight}");
        Assert.Equal(plain, roomy, 1e-3);
    }

    // Oracle: the closed form of the Gaussian; dp_accounting 0.6.0's RDP from above.
    [Fact]
    public void TreeAggregation_ReducesToAGaussianForEachLevel()
    {
        int[] levels = [1, 11];
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("i_tree_aggregation"))
        {
            GaussianEvent e = new TreeAggregation(row.Number("noise_multiplier"), (int)row.Number("step_counts")).Event;
            ExactAccountant accountant = new();
            accountant.Compose(e);
            double exact = AnalyticGaussian.Epsilon(Math.Sqrt(levels[rows]) / e.NoiseMultiplier, row.Number("delta"));

            Assert.Equal(new GaussianEvent(1, row.Number("noise_multiplier"), levels[rows]), e);
            Assert.InRange(accountant.Epsilon(row.Number("delta")), exact, exact + 1e-7);
            Assert.True(exact < row.Number("eps_rdp"));
            rows++;
        }

        Assert.Equal(2, rows);
        Assert.Equal(10, new TreeAggregation(1, 1023).Event.Steps);
    }

    // Oracle: the closed form; and at the same rate Poisson sampling would have claimed far less.
    [Fact]
    public void EpochBatches_AreGaussiansWithoutSampling()
    {
        GaussianEvent e = new EpochBatches(2, 9).Event;
        RdpAccountant poisson = new();
        poisson.Compose(new GaussianEvent(0.01, 2, 900));

        double epsilon = GaussianPrivacy.Of([e]).Epsilon(1e-5);
        Assert.InRange(epsilon, AnalyticGaussian.Epsilon(1.5, 1e-5), AnalyticGaussian.Epsilon(1.5, 1e-5) + 1e-9);
        Assert.True(poisson.Epsilon(1e-5) < epsilon / 5);
        Assert.Equal("epochs", Assert.Throws<ArgumentOutOfRangeException>(() => new EpochBatches(1, -1)).ParamName);
    }

    // Whatever the noise, a bound that is finite and not 0, or a refusal.
    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-3)]
    [InlineData(1e5)]
    [InlineData(1e200)]
    public void Epsilon_NoiseAtTheEdges_IsABoundOrARefusal(double noise)
    {
        foreach (Func<double> epsilon in (Func<double>[])
            [
                () => new WithoutReplacementGaussian(1000, 10, noise, 10).Epsilon(1e-200),
                () => new TruncatedPoissonGaussian(1000, 0.01, 20, noise, 10).Epsilon(1e-200),
            ])
        {
            if (noise < 1e-100)
            {
                Assert.Throws<InvalidOperationException>(() => epsilon());
            }
            else
            {
                Assert.InRange(epsilon(), double.Epsilon, 1e9);
            }
        }
    }

    // As their theorems say; what is not listed here means add or remove one.
    [Fact]
    public void Neighbours_AreThoseOfTheTheorems()
    {
        Assert.Equal(NeighbouringRelation.ReplaceOne, WithoutReplacementGaussian.Neighbours);
        Assert.Equal(NeighbouringRelation.ReplaceOne, ShuffledReports.Neighbours);
        Assert.Equal(NeighbouringRelation.ZeroOutOne, TreeAggregation.Neighbours);
        Assert.Equal(NeighbouringRelation.ZeroOutOne, ToeplitzStrategy.Neighbours);
        Assert.Equal(NeighbouringRelation.ZeroOutOne, EpochBatches.Neighbours);
        Assert.Equal(NeighbouringRelation.ZeroOutOne, DistributedDiscreteGaussian.Neighbours);
        Assert.Equal(NeighbouringRelation.ZeroOutOne, DistributedSkellam.Neighbours);
    }

    [Theory]
    [InlineData("records", 0, 1, 1.0, 1)]
    [InlineData("batchSize", 10, 0, 1.0, 1)]
    [InlineData("batchSize", 10, 11, 1.0, 1)]
    [InlineData("noiseMultiplier", 10, 1, 0.0, 1)]
    [InlineData("noiseMultiplier", 10, 1, double.NaN, 1)]
    [InlineData("steps", 10, 1, 1.0, -1)]
    public void WithoutReplacement_OutOfRange_IsRefusedByName(
        string name, int records, int batch, double noise, int steps) => Assert.Equal(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new WithoutReplacementGaussian(records, batch, noise, steps)).ParamName);

    [Theory]
    [InlineData("mostRecords", 0, 0.1, 1, 1.0, 1)]
    [InlineData("sampleRate", 9, 1.0, 1, 1.0, 1)]
    [InlineData("sampleRate", 9, 0.0, 1, 1.0, 1)]
    [InlineData("largestBatch", 9, 0.1, 0, 1.0, 1)]
    [InlineData("noiseMultiplier", 9, 0.1, 1, double.PositiveInfinity, 1)]
    [InlineData("steps", 9, 0.1, 1, 1.0, -1)]
    public void TruncatedPoisson_OutOfRange_IsRefusedByName(
        string name, int records, double rate, int batch, double noise, int steps) => Assert.Equal(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new TruncatedPoissonGaussian(records, rate, batch, noise, steps)).ParamName);

    [Fact]
    public void Epsilon_OtherSamplings_NeverBelowPoissonAndFiniteOrRefused() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20),
        Prop.ForAll(
            Gen.Choose(2, 2000).ToArbitrary(),
            Gen.Choose(-100, 1500).ToArbitrary(),
            Gen.Choose(1, 10_000).ToArbitrary(),
            (batch, sigmaExponent, steps) =>
            {
                const int Records = 2000;
                double sigma = Math.Pow(10, sigmaExponent / 1000.0);
                ExactAccountant poisson = new();
                poisson.Compose(new GaussianEvent((double)batch / Records, sigma, steps));
                double least = poisson.Bounds(1e-6).Lower;
                return new WithoutReplacementGaussian(Records, batch, sigma, steps).Epsilon(1e-6) >= least
                    && (batch == Records || new TruncatedPoissonGaussian(
                        Records, (double)batch / Records, batch + 50, sigma, steps).Epsilon(1e-6) >= least);
            }));
}
