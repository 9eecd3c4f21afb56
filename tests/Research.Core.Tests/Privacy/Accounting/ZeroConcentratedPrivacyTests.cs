using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class ZeroConcentratedPrivacyTests
{
    // Oracle: mpmath, 20 digits. ε goes up to a multiple of 2⁻³² (2.4e-10).
    [Fact]
    public void Epsilon_Reference_IsTheBestConversionRoundedUp()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("g_zcdp_to_eps"))
        {
            double epsilon = new ZeroConcentratedPrivacy(row.Number("rho")).Epsilon(row.Number("delta"));

            double expected = row.Number("epsilon_cks20");
            Assert.InRange(epsilon, expected, expected + 1e-9);
            Assert.True(epsilon > row.Number("epsilon_exact_gaussian_same_rho"));
            rows++;
        }

        Assert.Equal(5, rows);
    }

    [Fact]
    public void Largest_Reference_IsTheBestConversionRoundedDown()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("g_eps_to_zcdp"))
        {
            double rho = ZeroConcentratedPrivacy.Largest(row.Number("epsilon"), row.Number("delta")).Rho;

            double expected = row.Number("rho_cks20");
            Assert.InRange(rho, expected * (1 - 1e-9), expected);
            rows++;
        }

        Assert.Equal(3, rows);
    }

    [Fact]
    public void Delta_Reference_IsTheBestConversionRoundedUp()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("g_zcdp_delta"))
        {
            double delta = new ZeroConcentratedPrivacy(row.Number("rho")).Delta(row.Number("epsilon"));

            double expected = row.Number("delta_cks20");
            Assert.InRange(delta, expected, expected * (1 + 1e-9));
            rows++;
        }

        Assert.Equal(2, rows);
    }

    // Oracle: the exact curve of a Gaussian with the same ρ, which no conversion may undercut.
    [Fact]
    public void Conversions_AnyRho_AreAboveTheExactGaussianAndMonotone() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Gen.Choose(-8000, 3000).ToArbitrary(),
            Gen.Choose(-12_000, -100).ToArbitrary(),
            (rhoExponent, deltaExponent) =>
            {
                double rho = Math.Pow(10, rhoExponent / 1000.0);
                double delta = Math.Pow(10, deltaExponent / 1000.0);
                ZeroConcentratedPrivacy privacy = new(rho);
                double epsilon = privacy.Epsilon(delta);
                return epsilon >= AnalyticGaussian.Epsilon(Math.Sqrt(2 * rho), delta) * (1 - 1e-10)
                    && new ZeroConcentratedPrivacy(rho * 1.1).Epsilon(delta) >= epsilon
                    && privacy.Epsilon(delta / 2) >= epsilon
                    && (epsilon == 0 || privacy.Delta(epsilon) <= delta * (1 + 1e-8));
            }));

    [Theory]
    [InlineData(0.0, 1e-5, 0.0)]
    [InlineData(1e-300, 1e-5, 0.0)]
    [InlineData(1e-300, 1e-300, 1e-6)]
    [InlineData(1e12, 1e-12, 1.1e12)]
    public void Epsilon_AtTheEdges_IsFiniteAndNotNegative(double rho, double delta, double most) =>
        Assert.InRange(new ZeroConcentratedPrivacy(rho).Epsilon(delta), 0, most);

    [Fact]
    public void Of_Plan_AddsUp()
    {
        double rho = ZeroConcentratedPrivacy.Of(
        [
            new GaussianEvent(1, 2, 8), // 8/8
            new DiscreteGaussianEvent(5, 50), // 50/50
            new ConcentratedEvent(0.25, 4),
            new PureEvent(0.1, 200), // 200·0.005
            new LaplaceEvent(0.2, 1), // min(5, 12.5)
            new GaussianEvent(0, 2, 8), // Nothing is released.
        ]).Rho;

        Assert.InRange(rho, 9, 9 * (1 + 1e-11));
    }

    [Fact]
    public void Of_PoissonSampling_ThrowsWithTheReason() => Assert.Contains(
        "Poisson sampling has no zero-concentrated analysis",
        Assert.Throws<NotSupportedException>(() => ZeroConcentratedPrivacy.Of([new GaussianEvent(0.5, 1, 1)])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        ZeroConcentratedPrivacy privacy = new(1);
        Assert.Equal("rho", Name(() => new ZeroConcentratedPrivacy(-1)));
        Assert.Equal("rho", Name(() => new ZeroConcentratedPrivacy(double.NaN)));
        Assert.Equal("delta", Name(() => privacy.Epsilon(0)));
        Assert.Equal("epsilon", Name(() => privacy.Delta(-1)));
        Assert.Equal("epsilon", Name(() => ZeroConcentratedPrivacy.Largest(0, 1e-5)));
        Assert.Equal("delta", Name(() => ZeroConcentratedPrivacy.Largest(1, 1)));
    }

    private static string? Name(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;
}
