using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class DiscreteLossTests
{
    public static TheoryData<int> GaussianRows => [.. Enumerable.Range(0, PlanRows.Gaussian.Count)];

    public static TheoryData<int> MixtureRows => [.. Enumerable.Range(0, PlanRows.Mixtures.Count)];

    [Theory]
    [MemberData(nameof(GaussianRows))]
    public void Epsilon_SubsampledGaussian_BracketsTheTruth(int row) => AssertBrackets(PlanRows.Gaussian[row]);

    [Theory]
    [MemberData(nameof(MixtureRows))]
    public void Epsilon_Mixture_BracketsTheTruth(int row) => AssertBrackets(PlanRows.Mixtures[row]);

    [Fact]
    public void Epsilon_AllTruths_AreTightInTheMedianAndNeverLoose()
    {
        List<double> excess = [.. PlanRows.Gaussian.Concat(PlanRows.Mixtures).Where((_, i) => i % 3 == 0)
            .Select(r => (new DiscreteLoss(r.Plan).Epsilon(r.Delta).Upper - r.Truth) / Math.Max(1, r.Truth)).Order()];

        Assert.InRange(excess[excess.Count / 2], -1e-7, 2e-6);
        Assert.InRange(excess[^1], -1e-7, 1e-2);
    }

    [Fact]
    public void Epsilon_ReferenceRows_BracketTheTruth()
    {
        foreach (JsonElement row in ReferenceRows.Section("a_poisson_subsampled_gaussian"))
        {
            AssertBrackets(new PlanRow(
                [new GaussianEvent(row.Number("q"), row.Number("sigma"), (int)row.Number("steps"))],
                row.Number("delta"), row.Number("eps_ref"), row.Number("eps_ref_abs_tol")));
        }

        foreach (JsonElement row in ReferenceRows.Section("d_heterogeneous"))
        {
            PrivacyEvent[] plan = [.. row.GetProperty("components").EnumerateArray().Select(ExactAccountantTests.Event)];
            AssertBrackets(new PlanRow(
                plan, row.Number("delta"), row.Number("eps_ref"), row.Number("eps_ref_abs_tol")));
        }
    }

    // Truths: shared/reference/privacy.json, sections c_analytic_gaussian_epsilon and _delta, by mpmath.
    [Theory]
    [InlineData(0.5, 1e-5, 9.997256146434300396544074)]
    [InlineData(1, 1e-9, 6.173935046670907951228415)]
    [InlineData(5, 1e-5, 0.7255217508577957266167049)]
    public void Epsilon_OneGaussian_IsTheClosedForm(double sigma, double delta, double expected)
    {
        (double lower, double upper) = new DiscreteLoss([new GaussianEvent(1, sigma, 1)]).Epsilon(delta);

        Assert.InRange(expected, lower, upper);
        Assert.InRange(upper - lower, 0, 1e-6);
    }

    [Theory]
    [InlineData(0.5, 1, 0.5098616600546701530762388)]
    [InlineData(1, 5, 5.793721691919494104206818e-7)]
    [InlineData(4, 2, 5.092130893863590440700125e-17)]
    public void Delta_OneGaussian_IsTheClosedForm(double sigma, double epsilon, double expected)
    {
        (double lower, double upper) = new DiscreteLoss([new GaussianEvent(1, sigma, 1)]).Delta(epsilon);

        Assert.InRange(expected, lower, upper);
        Assert.InRange(upper - lower, 0, 1e-5 * expected);
    }

    // Truths: shared/reference/privacy.json, section e_discrete_gaussian_delta, by mpmath.
    [Theory]
    [InlineData(1, 1, 0.1413513394056219081)]
    [InlineData(10, 0.1, 0.086673359692667609961)]
    [InlineData(100, 0.2, 0.00093992254734517163999)]
    public void Delta_DiscreteGaussian_IsTheSum(double variance, double epsilon, double expected)
    {
        (double lower, double upper) =
            new DiscreteLoss([new DiscreteGaussianEvent(Math.Sqrt(variance), 1)]).Delta(epsilon);

        Assert.InRange(expected, lower, upper);
        Assert.InRange(upper - lower, 0, 1e-6 * expected);
    }

    // Truths: shared/reference/privacy.json, section h_subsampled_gaussian_single_step_delta, by mpmath.
    [Theory]
    [InlineData(0.01, 1, 0.1, 7.2900376957612260607e-5)]
    [InlineData(0.1, 1, 0.05, 0.026143662958947261607)]
    [InlineData(0.5, 0.8, 3, 0.0015903470478857034388)]
    public void Delta_OneSampledStep_IsTheClosedForm(double q, double sigma, double epsilon, double expected)
    {
        (double lower, double upper) = new DiscreteLoss([new GaussianEvent(q, sigma, 1)]).Delta(epsilon);

        Assert.InRange(expected, lower, upper);
        Assert.InRange(upper - lower, 0, 1e-5 * expected);
    }

    [Fact]
    public void Epsilon_OfRandomPlans_IsOrderedFiniteAndInvertsDelta()
    {
        Gen<(PrivacyEvent Release, double LogDelta)> plans =
            from kind in Gen.Choose(0, 4)
            from rate in Gen.Choose(0, 1000)
            from noise in Gen.Choose(0, 1000)
            from logSteps in Gen.Choose(0, 1000)
            from logDelta in Gen.Choose(-1200, -300)
            select (Random(kind, rate / 1000.0, noise / 1000.0, (int)Math.Pow(10, logSteps / 250.0)), logDelta / 100.0);

        Prop.ForAll(plans.ToArbitrary(), p =>
        {
            double delta = Math.Pow(10, p.LogDelta);
            DiscreteLoss loss = new([p.Release]);
            (double lower, double upper) = loss.Epsilon(delta);
            (double least, double most) = loss.Delta(upper);
            return lower >= 0 && upper >= lower && double.IsFinite(upper)
                && least <= delta * (1 + 1e-9) && most >= least && most <= 1;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20260404, 1));
    }

    [Fact]
    public void Epsilon_OfNothing_IsZero()
    {
        Assert.Equal((0, 0), new DiscreteLoss([]).Epsilon(1e-5));
        Assert.Equal((0, 0), new DiscreteLoss([new GaussianEvent(0, 1, 5), new PureEvent(1, 0)]).Epsilon(1e-5));
    }

    [Fact]
    public void Constructor_ConcentratedEvent_IsRefused() =>
        Assert.Throws<NotSupportedException>(() => new DiscreteLoss([new ConcentratedEvent(0.1, 1)]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Epsilon_DeltaOutOfRange_IsRefused(double delta) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(delta), () => new DiscreteLoss([]).Epsilon(delta));

    private static PrivacyEvent Random(int kind, double rate, double noise, int steps) => kind switch
    {
        0 or 1 => new GaussianEvent(Math.Pow(10, -5 * rate), 0.3 * Math.Pow(300, noise), steps),
        2 => new LaplaceEvent(0.5 * Math.Pow(300, noise), Math.Min(steps, 1000)),
        3 => new DiscreteGaussianEvent(0.5 * Math.Pow(100, noise), Math.Min(steps, 1000)),
        _ => new RandomizedResponseEvent(0.01 + noise, 2 + (int)(5 * rate), Math.Min(steps, 1000)),
    };

    private static void AssertBrackets(PlanRow row)
    {
        (double lower, double upper) = new DiscreteLoss(row.Plan).Epsilon(row.Delta);
        Assert.True(
            lower >= 0 && lower <= row.Truth + row.Tolerance
            && upper >= row.Truth - row.Tolerance && double.IsFinite(upper),
            $"{row}: [{lower}, {upper}] misses {row.Truth} ± {row.Tolerance}");
    }
}
