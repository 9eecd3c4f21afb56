using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class GaussianPrivacyTests
{
    // Oracle: mpmath's digits of the closed form (c_analytic_gaussian_epsilon of the reference file).
    [Theory]
    [InlineData(0.5, 1e-5, 9.997256146434300)]
    [InlineData(1, 1e-9, 6.173935046670908)]
    [InlineData(100, 1e-6, 0.0336737801308065)]
    public void Epsilon_OneGaussian_IsTheClosedFormRoundedUp(double sigma, double delta, double truth) =>
        Assert.InRange(
            GaussianPrivacy.Of([new GaussianEvent(1, sigma, 1)]).Epsilon(delta), truth * (1 - 1e-14), truth + 1e-9);

    [Fact]
    public void Of_Plan_AddsSquares()
    {
        GaussianPrivacy privacy = GaussianPrivacy.Of(
            [new GaussianEvent(1, 2, 16), new GaussianEvent(1, 0.5, 3), new GaussianEvent(0, 1, 9)]);

        Assert.InRange(privacy.Mu, 4, 4 + 1e-11);
    }

    // The limit theorem for sampled steps gives less than the truth on these rows: what the refusal is for.
    [Fact]
    public void Of_PoissonSampling_ThrowsBecauseTheLimitIsNoBound()
    {
        Assert.Contains(
            "not a bound",
            Assert.Throws<NotSupportedException>(() => GaussianPrivacy.Of([new GaussianEvent(0.5, 1, 1)])).Message,
            StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => GaussianPrivacy.Of([new LaplaceEvent(1, 1)]));
        foreach (JsonElement row in ReferenceRows.Section("i_gdp_clt"))
        {
            double limit = new GaussianPrivacy(
                row.Number("q") * Math.Sqrt(row.Number("steps") * (Math.Exp(1 / Math.Pow(row.Number("sigma"), 2)) - 1)))
                .Epsilon(row.Number("delta"));
            Assert.Equal(row.Number("eps_clt_poisson"), limit, 1e-6);
        }
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        Assert.Equal("mu", Name(() => new GaussianPrivacy(double.NaN)));
        Assert.Equal("delta", Name(() => new GaussianPrivacy(1).Epsilon(1)));
        Assert.Equal("epsilon", Name(() => new GaussianPrivacy(1).Delta(-1)));
        Assert.Equal(0, new GaussianPrivacy(0).Epsilon(1e-5));
        Assert.Equal(0, new GaussianPrivacy(0).Delta(0));
    }

    private static string? Name(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;
}
