using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class ExactAccountantTests
{
    private const double Promise = 1e-6; // Of max(1, ε).

    public static TheoryData<int> Poisson =>
        [.. ReferenceRows.Section("a_poisson_subsampled_gaussian").Select(r => (int)r.Number("id"))];

    [Theory]
    [MemberData(nameof(Poisson))]
    public void Epsilon_PoissonSubsampledGaussian_IsTheTruthOrAtMostAMillionthAbove(int id)
    {
        JsonElement row = ReferenceRows.Section("a_poisson_subsampled_gaussian").Single(r => (int)r.Number("id") == id);

        AssertTrue(row, Bounds(
            row.Number("delta"), new GaussianEvent(row.Number("q"), row.Number("sigma"), (int)row.Number("steps"))));
    }

    [Fact]
    public void Epsilon_Mixtures_IsTheTruthOrAtMostAMillionthAbove()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("d_heterogeneous"))
        {
            AssertTrue(row, Bounds(row.Number("delta"), [.. row.GetProperty("components").EnumerateArray().Select(Event)]));
            rows++;
        }

        Assert.Equal(4, rows);
    }

    // Two of the hardest are answered on a lattice, whose bounds are farther apart; none is ever on the wrong side.
    [Fact]
    public void Bounds_RandomAndHardPlans_HoldTheTruthAndMostlyWithinAMillionth()
    {
        List<PlanRow> wide = [];
        foreach (PlanRow row in PlanRows.Gaussian)
        {
            EpsilonBounds bounds = Bounds(row.Delta, row.Plan);
            double promise = Promise * Math.Max(1, row.Truth);
            Assert.True(
                bounds.Lower <= row.Truth + row.Tolerance && row.Truth - row.Tolerance <= bounds.Upper,
                $"{row}: {bounds} and {row.Truth} ± {row.Tolerance}");
            if (!(bounds.Upper <= row.Truth + row.Tolerance + promise))
            {
                wide.Add(row);
                Assert.InRange(bounds.Upper, 0, row.Truth + 1e-3);
            }
        }

        Assert.InRange(wide.Count, 0, 2);
    }

    [Fact]
    public void Bounds_MixturesOfAllKinds_HoldTheTruth()
    {
        foreach (PlanRow row in PlanRows.Mixtures)
        {
            EpsilonBounds bounds = Bounds(row.Delta, row.Plan);
            Assert.True(
                bounds.Lower <= row.Truth + row.Tolerance && row.Truth - row.Tolerance <= bounds.Upper,
                $"{row}: {bounds} and {row.Truth} ± {row.Tolerance}");
            Assert.InRange(bounds.Upper, 0, row.Truth + (1e-3 * Math.Max(1, row.Truth)));
        }
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-8)]
    public void Delta_AtTheEpsilonOfADelta_IsThatDelta(double delta)
    {
        foreach (GaussianEvent plan in (GaussianEvent[])[new(1, 2, 1), new(0.1, 1, 1), new(0.02, 1.1, 500)])
        {
            ExactAccountant accountant = new();
            accountant.Compose(plan);
            Assert.InRange(accountant.Delta(accountant.Epsilon(delta)), delta * 0.99, delta * 1.01);
        }
    }

    [Fact]
    public void Epsilon_TooLittleNoiseForDoublePrecision_IsRefused() => Assert.Throws<InvalidOperationException>(
        () => Bounds(1e-5, new GaussianEvent(1, 1e-200, 1)));

    [Fact]
    public void Epsilon_GaussianWithoutSampling_IsTheClosedForm()
    {
        foreach (JsonElement row in ReferenceRows.Section("c_analytic_gaussian_epsilon"))
        {
            double epsilon = Bounds(row.Number("delta"), new GaussianEvent(1, row.Number("sigma"), 1)).Upper;
            Assert.InRange(epsilon - row.Number("epsilon"), 0, Promise * Math.Max(1, epsilon));
        }
    }

    // Two releases at σ are one at σ/√2; a plan in two parts is the plan.
    [Fact]
    public void Epsilon_SplitPlan_IsThatOfTheWhole()
    {
        Assert.Equal(
            Bounds(1e-5, new GaussianEvent(0.01, 1.1, 1000)),
            Bounds(1e-5, new GaussianEvent(0.01, 1.1, 400), new GaussianEvent(0.01, 1.1, 600)));
        EpsilonBounds two = Bounds(1e-5, new GaussianEvent(1, 3, 2));
        EpsilonBounds one = Bounds(1e-5, new GaussianEvent(1, 3 / Math.Sqrt(2), 1));
        Assert.InRange(two.Upper, one.Lower, one.Upper + Promise);
    }

    [Fact]
    public void Epsilon_OfNothing_IsZero()
    {
        Assert.Equal(default, Bounds(1e-5));
        Assert.Equal(default, Bounds(1e-5, new GaussianEvent(0, 1, 1000)));
        Assert.Equal(default, Bounds(1e-3, new GaussianEvent(1e-5, 0.5, 100))); // No step hits the record so often.
    }

    [Fact]
    public void Epsilon_IsBelowRenyisAndMonotoneInEveryParameter() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(Plans.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (plan, thousandths) =>
        {
            double more = 1 + (thousandths / 1000.0);
            const double Delta = 1e-7;
            RdpAccountant renyi = new();
            renyi.Compose(plan);
            (double lower, double upper) = (Bounds(Delta, plan).Lower, Bounds(Delta, plan).Upper);
            return lower <= upper && upper <= renyi.Epsilon(Delta) + Promise
                && Bounds(Delta, plan with { NoiseMultiplier = plan.NoiseMultiplier * more }).Lower <= upper
                && Bounds(Delta, plan with { SampleRate = Math.Min(1, plan.SampleRate * more) }).Upper >= lower
                && Bounds(Delta, plan with { Steps = plan.Steps + thousandths }).Upper >= lower
                && Bounds(Delta * more, plan).Lower <= upper;
        }));

    [Fact]
    public void Compose_ConcentratedEvent_IsRefusedWithTheWayOut() => Assert.Contains(
        "RdpAccountant",
        Assert.Throws<NotSupportedException>(() => new ExactAccountant().Compose(new ConcentratedEvent(1, 1))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Epsilon_DeltaOutOfRange_IsRefusedByName(double delta) => Assert.Equal(
        "delta", Assert.Throws<ArgumentOutOfRangeException>(() => new ExactAccountant().Epsilon(delta)).ParamName);

    private static Gen<GaussianEvent> Plans =>
        from q in Gen.Choose(-4000, 0)
        from sigma in Gen.Choose(-200, 1500)
        from steps in Gen.Choose(1, 20_000)
        select new GaussianEvent(Math.Pow(10, q / 1000.0), Math.Pow(10, sigma / 1000.0), steps);

    internal static PrivacyEvent Event(JsonElement component)
    {
        int count = (int)(component.TryGetProperty("count", out JsonElement c) ? c : component.GetProperty("steps")).GetDouble();
        return component.GetProperty("kind").GetString() switch
        {
            "subgauss" or "gaussian" => new GaussianEvent(
                component.TryGetProperty("q", out JsonElement q) ? q.GetDouble() : 1, component.Number("sigma"), count),
            "gauss" => new GaussianEvent(1, component.Number("sigma"), count),
            "laplace" => new LaplaceEvent(component.Number("scale"), count),
            "discrete_gaussian" => new DiscreteGaussianEvent(component.Number("sigma"), count),
            "randomized_response" => new RandomizedResponseEvent(
                component.Number("epsilon"), (int)component.Number("categories"), count),
            "pure_eps" or "pure" => new PureEvent(component.Number("epsilon"), count),
            string kind => throw new NotSupportedException(kind),
            null => throw new NotSupportedException(),
        };
    }

    internal static void AssertTrue(JsonElement row, EpsilonBounds bounds)
    {
        double truth = row.Number("eps_ref");
        double tolerance = row.Number("eps_ref_abs_tol");
        Assert.InRange(bounds.Upper, truth - tolerance, truth + tolerance + (Promise * Math.Max(1, truth)));
        Assert.InRange(bounds.Lower, truth - tolerance - (Promise * Math.Max(1, truth)), truth + tolerance);
    }

    private static EpsilonBounds Bounds(double delta, params PrivacyEvent[] plan)
    {
        ExactAccountant accountant = new();
        foreach (PrivacyEvent e in plan)
        {
            accountant.Compose(e);
        }

        return accountant.Bounds(delta);
    }
}
