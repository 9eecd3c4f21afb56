using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class GroupPrivacyTests
{
    [Fact]
    public void Of_EachEvent_CostsWhatTheTheoremSays()
    {
        Assert.Equal(new GaussianEvent(1, 2, 7), GroupPrivacy.Of(new GaussianEvent(1, 6, 7), 3));
        Assert.Equal(new LaplaceEvent(2, 7), GroupPrivacy.Of(new LaplaceEvent(6, 7), 3));
        Assert.Equal(new PureEvent(1.5, 7), GroupPrivacy.Of(new PureEvent(0.5, 7), 3));
        Assert.Equal(new ConcentratedEvent(2.25, 7), GroupPrivacy.Of(new ConcentratedEvent(0.25, 7), 3));
        Assert.Equal(
            new RandomizedResponseEvent(1, 4, 21), GroupPrivacy.Of(new RandomizedResponseEvent(1, 4, 7), 3));
        ConcentratedEvent discrete = Assert.IsType<ConcentratedEvent>(
            GroupPrivacy.Of(new DiscreteGaussianEvent(6, 7), 3));
        Assert.Equal(0.125, discrete.Rho, 1e-14);
    }

    [Fact]
    public void Of_OneRecord_IsTheEventItself()
    {
        GaussianEvent e = new(0.01, 1, 10);

        Assert.Same(e, GroupPrivacy.Of(e, 1));
    }

    [Fact]
    public void Of_PoissonSampling_JoinsAsOftenAsAnyOfThem()
    {
        GaussianEvent e = Assert.IsType<GaussianEvent>(GroupPrivacy.Of(new GaussianEvent(0.1, 6, 7), 3));

        Assert.InRange(e.SampleRate, 1 - (0.9 * 0.9 * 0.9), 1 - (0.9 * 0.9 * 0.9) + 1e-14);
        Assert.Equal((2.0, 7), (e.NoiseMultiplier, e.Steps));
        Assert.Equal(0, ((GaussianEvent)GroupPrivacy.Of(new GaussianEvent(0, 6, 7), 3)).SampleRate);
    }

    // Oracle: one step on a group of two by the trapezoid rule over the mixture (1−q)²N(0) + 2q(1−q)N(1) + q²N(2).
    [Theory]
    [InlineData(0.1, 1.0, 0.5)]
    [InlineData(0.3, 2.0, 0.1)]
    [InlineData(0.01, 0.8, 1.0)]
    public void Of_PoissonSampling_BoundsTheMixtureOverSubsetsInBothDirections(double q, double sigma, double epsilon)
    {
        GaussianEvent bound = (GaussianEvent)GroupPrivacy.Of(new GaussianEvent(q, sigma, 1), 2);
        (double add, double remove) = Deltas([(1 - q) * (1 - q), 2 * q * (1 - q), q * q], 1, sigma, epsilon);
        (double addBound, double removeBound) = Deltas(
            [1 - bound.SampleRate, bound.SampleRate], 1, bound.NoiseMultiplier, epsilon);

        Assert.InRange(remove, 0, removeBound + 1e-12);
        Assert.InRange(add, 0, addBound + 1e-12);
    }

    // Oracle: the exact curve of a Gaussian, of which a group is a Gaussian of k times the sensitivity.
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Epsilon_AnyMechanism_IsAboveTheExactGroupOfAGaussian(int records)
    {
        const double Sigma = 10;
        double general = GroupPrivacy.Epsilon(delta => AnalyticGaussian.Epsilon(1 / Sigma, delta), 1e-6, records);

        double exact = AnalyticGaussian.Epsilon(records / Sigma, 1e-6);
        Assert.InRange(general, exact, exact * records);
    }

    [Fact]
    public void Epsilon_OfOneOrOfNothing_IsUnchanged()
    {
        Assert.Equal(0.7, GroupPrivacy.Epsilon(_ => 0.7, 1e-5, 1), 1e-14);
        Assert.Equal(0, GroupPrivacy.Epsilon(_ => 0, 1e-5, 100));
    }

    [Fact]
    public void Epsilon_NoDeltaIsEnough_Throws() =>
        Assert.Throws<InvalidOperationException>(() => GroupPrivacy.Epsilon(_ => 400, 1e-5, 3));

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        Assert.Equal("records", Name(() => GroupPrivacy.Of(new PureEvent(1, 1), 0)));
        Assert.Equal("records", Name(() => GroupPrivacy.Of(new RandomizedResponseEvent(1, 2, int.MaxValue), 2)));
        Assert.Equal("records", Name(() => GroupPrivacy.Epsilon(_ => 1, 1e-5, 0)));
        Assert.Equal("delta", Name(() => GroupPrivacy.Epsilon(_ => 1, 0, 2)));
    }

    private static string? Name(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;

    private static (double Add, double Remove) Deltas(double[] weights, double shift, double sigma, double epsilon)
    {
        const double Step = 1e-3;
        double add = 0;
        double remove = 0;
        for (double z = -12 * sigma; z < (12 * sigma) + weights.Length; z += Step)
        {
            double without = Density(z, sigma);
            double with = weights.Select((weight, j) => weight * Density(z - (j * shift), sigma)).Sum();
            add += Step * Math.Max(0, without - (Math.Exp(epsilon) * with));
            remove += Step * Math.Max(0, with - (Math.Exp(epsilon) * without));
        }

        return (add, remove);
    }

    private static double Density(double z, double sigma) =>
        Math.Exp(-z * z / (2 * sigma * sigma)) / (sigma * Math.Sqrt(2 * Math.PI));
}
