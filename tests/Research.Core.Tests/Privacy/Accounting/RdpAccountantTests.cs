using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class RdpAccountantTests
{
    public static TheoryData<int> Poisson =>
        [.. ReferenceRows.Section("a_poisson_subsampled_gaussian").Select(r => (int)r.Number("id"))];

    [Theory]
    [MemberData(nameof(Poisson))]
    public void Epsilon_PoissonSubsampledGaussian_IsAtLeastTheTruthAndAtMostGooglesRdp(int id)
    {
        JsonElement row = ReferenceRows.Section("a_poisson_subsampled_gaussian").Single(r => (int)r.Number("id") == id);
        GaussianEvent plan = new(row.Number("q"), row.Number("sigma"), (int)row.Number("steps"));

        double epsilon = Epsilon(row.Number("delta"), plan);

        Assert.InRange(
            epsilon, row.Number("eps_ref") - row.Number("eps_ref_abs_tol"), row.Number("rdp_google") * (1 + 1e-4));
    }

    [Fact]
    public void Epsilon_MixedPlans_IsAtLeastTheTruthAndAtMostGooglesRdp()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("d_heterogeneous"))
        {
            PrivacyEvent[] plans = [.. row.GetProperty("components").EnumerateArray().Select(ExactAccountantTests.Event)];
            Assert.InRange(
                Epsilon(row.Number("delta"), plans), row.Number("eps_ref"), row.Number("rdp_google") * (1 + 1e-4));
            rows++;
        }

        Assert.Equal(4, rows);
    }

    // ρ-zCDP is a Gaussian of σ² = 1/2ρ, and CKS20 the same conversion at the best real order.
    [Fact]
    public void Epsilon_Gaussian_IsTheBestConversionUpToTheGridOfOrders()
    {
        foreach (JsonElement row in ReferenceRows.Section("g_zcdp_to_eps"))
        {
            double expected = row.Number("epsilon_cks20");
            double epsilon = Epsilon(row.Number("delta"), new GaussianEvent(1, Math.Sqrt(0.5 / row.Number("rho")), 1));
            Assert.InRange(epsilon, expected, expected * (1 + 1e-2));
        }
    }

    [Fact]
    public void Epsilon_OfNothing_IsZero()
    {
        Assert.Equal(0, Epsilon(1e-5));
        Assert.Equal(0, Epsilon(1e-5, new GaussianEvent(0, 1, 1000)));
        Assert.Equal(0, Epsilon(1e-5, new GaussianEvent(0.5, 1, 0)));
    }

    [Fact]
    public void Epsilon_SplitPlan_IsThatOfTheWhole() => Assert.Equal(
        Epsilon(1e-5, new GaussianEvent(0.02, 1.1, 900)),
        Epsilon(1e-5, new GaussianEvent(0.02, 1.1, 400), new GaussianEvent(0.02, 1.1, 500)),
        tolerance: 1e-9);

    [Theory]
    [InlineData(1e-300, 1e-5, int.MaxValue)]
    [InlineData(1e-5, 0.3, 1)]
    [InlineData(0.9999999999999999, 0.3, 1000)]
    [InlineData(1e-5, 100, 1_000_000)]
    [InlineData(double.Epsilon, double.MaxValue, 1)]
    [InlineData(0.5, 0.01, 1)]
    [InlineData(1.0, 1e-150, 1)]
    public void Epsilon_AtTheEdges_IsFiniteAndNotNegative(double q, double sigma, int steps)
    {
        foreach (double delta in (double[])[1e-12, 1e-5, 0.5, 0.999])
        {
            double epsilon = Epsilon(delta, new GaussianEvent(q, sigma, steps));
            Assert.True(epsilon >= 0 && double.IsFinite(epsilon), $"epsilon {epsilon}");
        }
    }

    [Theory]
    [InlineData(0.5, 1e-200)]
    [InlineData(1.0, 1e-160)]
    public void Epsilon_WithoutAFiniteBound_Throws(double q, double sigma) =>
        Assert.Throws<InvalidOperationException>(() => Epsilon(1e-5, new GaussianEvent(q, sigma, 1)));

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1e-5)]
    [InlineData(double.NaN)]
    public void Epsilon_DeltaOutOfRange_IsRefusedByName(double delta) =>
        Assert.Equal("delta", Assert.Throws<ArgumentOutOfRangeException>(() => Epsilon(delta)).ParamName);

    [Fact]
    public void Epsilon_IsMonotoneInEveryParameter() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30),
        Prop.ForAll(Plans.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (plan, thousandths) =>
        {
            double more = 1 + (thousandths / 1000.0);
            const double Delta = 1e-6;
            double epsilon = Epsilon(Delta, plan);
            return Epsilon(Delta, plan with { NoiseMultiplier = plan.NoiseMultiplier * more }) <= epsilon
                && Epsilon(Delta, plan with { SampleRate = Math.Min(1, plan.SampleRate * more) }) >= epsilon
                && Epsilon(Delta, plan with { Steps = plan.Steps + thousandths }) >= epsilon
                && Epsilon(Delta * more, plan) <= epsilon
                && Epsilon(Delta, plan, plan) >= epsilon;
        }));

    private static Gen<GaussianEvent> Plans =>
        from q in Gen.Choose(-5000, 0)
        from sigma in Gen.Choose(-500, 2000)
        from steps in Gen.Choose(1, 100_000)
        select new GaussianEvent(Math.Pow(10, q / 1000.0), Math.Pow(10, sigma / 1000.0), steps);

    private static double Epsilon(double delta, params PrivacyEvent[] plans)
    {
        RdpAccountant accountant = new();
        foreach (PrivacyEvent plan in plans)
        {
            accountant.Compose(plan);
        }

        return accountant.Epsilon(delta);
    }
}
