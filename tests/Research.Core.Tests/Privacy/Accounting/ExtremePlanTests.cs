using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Tests.Tools;

namespace Research.Tests.Privacy.Accounting;

/// <summary>Plans as a stranger may bring them: never below the truth, and never without end.</summary>
public sealed class ExtremePlanTests
{
    // Oracle: tests/Fixtures/extremes.json, a contour integral in 113-bit arithmetic.
    private static readonly IReadOnlyList<PlanRow> Rows =
    [
        .. JsonDocument.Parse(File.ReadAllBytes(
                Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "extremes.json")))
            .RootElement.GetProperty("rows").EnumerateArray().Select(row => new PlanRow(
                [.. row.GetProperty("components").EnumerateArray().Select(ExactAccountantTests.Event)],
                row.Number("delta"),
                row.Number("eps_ref"),
                row.Number("eps_ref_abs_tol"))),
    ];

    public static TheoryData<double, double, int, double> Hopeless => new()
    {
        { 0.01, 0.001, 1000, 1e-5 },
        { 0.5, 1e-6, int.MaxValue, 1e-300 },
        { 0.01, 1e-9, 1_000_000, 1e-5 }, // The least that a specification may ask for.
        { 1e-8, 1e-6, 1_000_000_000, 0.5 },
        { 1e-100, 1e-6, 1_000_000_000, 1e-300 },
        { 1e-300, 1e6, 1_000_000_000, 1e-305 },
        { 0.999999999999, 0.011, 32_226, 0.0119 },
        { 0.99998, 264, 353_188_067, 0.99999 },
        { 0.0008343, 7.6223e-05, 359_624_208, 5.58e-236 },
        { 0.3, 1e6, 1_000_000_000, 1e-16 },
        { 1e-7, 3.8, 287_922, 9e-36 },
    };

    [Fact]
    public void Bounds_ExtremePlans_HoldTheTruth()
    {
        Assert.InRange(Rows.Count, 100, int.MaxValue);
        foreach (PlanRow row in Rows)
        {
            EpsilonBounds bounds = Composed(row.Plan).Bounds(row.Delta);
            Assert.True(
                bounds.Lower <= row.Truth + row.Tolerance && row.Truth - row.Tolerance <= bounds.Upper,
                $"{row}: {bounds} and {row.Truth} ± {row.Tolerance}");
            Assert.InRange(bounds.Upper, 0, row.Truth + (0.01 * Math.Max(1, row.Truth)));
        }
    }

    [Fact]
    public void CoarseBounds_ExtremePlans_AreAboveTheTruth()
    {
        foreach (PlanRow row in Rows)
        {
            Assert.True(
                CoarseBound.Epsilon(row.Plan, row.Delta) >= row.Truth - row.Tolerance, $"{row}: {row.Truth}");
        }
    }

    // Jumps rarer than e⁻⁴⁶ a step: an integral stated noise, and less than this. The first three by quadrature (extremes.c), the
    // others by the lattice's lower bound.
    [Theory]
    [InlineData(3.1684e-5, 2.6494, 6205, 9.515e-18, 0.0073594042355)]
    [InlineData(9.7382e-06, 7.3997, 2038467, 9.3528e-19, 0.0146708232227)]
    [InlineData(1.8621e-05, 9.1265, 1803608, 1.3073e-24, 0.0257003554069)]
    [InlineData(0.00011654, 4.3303, 2843, 1.0463e-21, 0.01267472)]
    [InlineData(6.8944e-05, 3.302, 1977, 2.464e-21, 0.00823056)]
    [InlineData(8.0152e-05, 6.3492, 7990, 2.3926e-17, 0.00832900)]
    [InlineData(2.01e-05, 4.1466, 13231, 7.4127e-21, 0.00468721)]
    [InlineData(2.1107e-05, 3.0752, 5767, 7.7033e-19, 0.00415995)]
    [InlineData(0.0001049, 6.4616, 212, 1.184e-18, 0.00185255)]
    [InlineData(0.00041628, 6.0874, 931, 1.1017e-22, 0.01903600)]
    [InlineData(0.00061243, 3.568, 13784, 1.3127e-24, 0.19897561)]
    [InlineData(0.00031904, 3.8103, 30960, 1.592e-29, 0.16070497)]
    [InlineData(3.3169e-05, 2.7963, 2197, 3.0705e-20, 0.00477731)]
    [InlineData(0.00017526, 3.4054, 4100, 2.8221e-19, 0.02743824)]
    public void Epsilon_RareJumpsAtTinyDelta_IsNotBelowTheTruth(
        double sampleRate, double noise, int steps, double delta, double least)
    {
        GaussianEvent plan = new(sampleRate, noise, steps);

        Assert.InRange(Composed(plan).Epsilon(delta), least, least + 1e-4);
    }

    [Theory]
    [InlineData(0.0006467)]
    [InlineData(0.0006468)]
    [InlineData(0.00066)]
    public void JumpContour_JumpsTooRareForItsPoints_GivesWay(double guess) => Assert.Throws<ContourException>(() =>
        new JumpContour([(new GaussianEvent(3.1684e-5, 2.6494, 1), 6205)], WorkBudget.OfQuery())
            .Epsilon(9.515e-18, guess));

    // The count is of operations: the same on every machine, however busy.
    [Theory]
    [MemberData(nameof(Hopeless))]
    public void Bounds_HopelessPlans_AnswerWithinTheBudget(double sampleRate, double noise, int steps, double delta)
    {
        ExactAccountant accountant = Composed(new GaussianEvent(sampleRate, noise, steps));
        WorkBudget budget = WorkBudget.OfQuery();

        EpsilonBounds bounds = accountant.Bounds(delta, budget);

        Assert.InRange(bounds.Lower, 0, bounds.Upper);
        Assert.True(double.IsFinite(bounds.Upper));
        Assert.InRange(budget.Left, -WorkBudget.Query, WorkBudget.Query);
        Assert.InRange(accountant.Delta(bounds.Upper), 0, 1);
    }

    [Theory]
    [MemberData(nameof(Hopeless))]
    public void NoiseMultiplier_HopelessPlans_EndsWithNoiseThatIsEnough(
        double sampleRate, double noise, int steps, double delta)
    {
        _ = noise;
        try
        {
            double enough = Calibration.NoiseMultiplier(3, delta, sampleRate, steps);
            Assert.InRange(enough, 0.05, 1e6);
            Assert.InRange(Composed(new GaussianEvent(sampleRate, enough, steps)).Bounds(delta).Lower, 0, 3);
        }
        catch (ArgumentOutOfRangeException e)
        {
            Assert.Equal("targetEpsilon", e.ParamName); // No noise up to 10⁶ is: an answer too.
        }
    }

    [Fact]
    public void Bounds_ExtremesOfOtherKinds_AnswerToo()
    {
        PrivacyEvent[] extremes =
        [
            new LaplaceEvent(1e-300, 1000), new LaplaceEvent(1e300, 1000), new DiscreteGaussianEvent(1e6, 1000),
            new DiscreteGaussianEvent(1e-3, 1000), new RandomizedResponseEvent(1e5, 2, 1000), new PureEvent(1e-12, 1000),
        ];
        foreach (PrivacyEvent e in extremes)
        {
            EpsilonBounds bounds = Composed(e, new GaussianEvent(1e-3, 1, 1000)).Bounds(1e-20);
            Assert.InRange(bounds.Lower, 0, bounds.Upper);
        }
    }

    [Fact]
    public void Compose_MoreStepsThanAnEventHolds_AreAllCounted()
    {
        GaussianEvent most = new(1e-8, 1, int.MaxValue);

        EpsilonBounds twice = Composed(most, most).Bounds(1e-5);

        Assert.InRange(twice.Upper, Composed(most).Bounds(1e-5).Lower, double.MaxValue);
        Assert.InRange(Composed(most, most).Delta(twice.Upper), 0, 0.02); // The lattice rounds four billion times.
    }

    [Fact]
    public void Bounds_Cancelled_Stops() => Assert.Throws<OperationCanceledException>(
        () => Composed(new GaussianEvent(0.01, 0.001, 1000)).Bounds(1e-5, new CancellationToken(canceled: true)));

    // Telling of a record that no step holds: ε is 0 from the probability of a hit on, 1 − (1 − q)ᵀ, not only from q·T.
    [Fact]
    public void Bounds_DeltaAboveTheChanceOfAnyHit_AreZero()
    {
        double chance = 1 - Math.Pow(0.99, 100);

        Assert.Equal(default, Composed(new GaussianEvent(0.01, 1e-6, 100)).Bounds(chance + 1e-9));
        Assert.NotEqual(default, Composed(new GaussianEvent(0.01, 1e-6, 100)).Bounds(chance - 1e-9));
    }

    private static ExactAccountant Composed(params PrivacyEvent[] plan)
    {
        ExactAccountant accountant = new();
        foreach (PrivacyEvent e in plan)
        {
            accountant.Compose(e);
        }

        return accountant;
    }
}
