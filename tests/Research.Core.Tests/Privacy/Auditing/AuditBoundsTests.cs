using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Privacy.Auditing;
using Research.Tests.Privacy.Accounting;

namespace Research.Tests.Privacy.Auditing;

public sealed class AuditBoundsTests
{
    // scipy.stats.beta.ppf through an independent script: see the note of privacy.json.
    [Fact]
    public void Rates_ReferenceCounts_AreTheReferenceLimits()
    {
        foreach (JsonElement row in ReferenceRows.Section("k_audit_clopper_pearson"))
        {
            MembershipRates rates = Counts(row).Rates(row.Number("alpha"));

            Assert.Equal(row.Number("tpr_lower"), rates.TruePositive, 1e-11);
            Assert.Equal(row.Number("fpr_upper"), rates.FalsePositive, 1e-11);
            Assert.Equal(row.Number("eps_lower"), rates.Epsilon(row.Number("delta")), 1e-9);
            Assert.Equal(row.Number("mu_gdp_lower"), rates.GaussianMu(), 1e-9);
        }
    }

    [Fact]
    public void OneRun_ReferenceGuesses_AreTheReferenceBounds()
    {
        foreach (JsonElement row in ReferenceRows.Section("k_audit_one_run"))
        {
            int canaries = (int)row.Number("m");
            int guesses = (int)row.Number("n_guess");
            int right = (int)row.Number("n_correct");
            double delta = row.Number("delta");

            Assert.Equal(row.Number("p_value_at_eps1"), OneRunBound.PValue(canaries, guesses, right, 1, delta), 1e-10);
            Assert.Equal(
                row.Number("eps_lower_one_run"),
                OneRunBound.Epsilon(canaries, guesses, right, delta, row.Number("significance")),
                1e-6); // The reference searches no finer: mpmath gives p = 0.0100000315 at its third row's ε.
        }
    }

    // P(Binomial(n, p) ≥ k) is the risk at the lower limit, P(≤ k) at the upper: the definition, summed term by term.
    [Theory]
    [InlineData(0, 20, 0.025)]
    [InlineData(3, 20, 0.025)]
    [InlineData(20, 20, 0.01)]
    [InlineData(1, 3, 0.3)]
    public void ClopperPearson_SmallCounts_MeetTheirDefinition(int hits, int trials, double risk)
    {
        double lower = ClopperPearson.Lower(hits, trials, risk);
        double upper = ClopperPearson.Upper(hits, trials, risk);

        Assert.Equal(hits == 0 ? 1 : risk, Tail(trials, lower, hits, trials), 1e-10);
        Assert.Equal(hits == trials ? 1 : risk, Tail(trials, upper, 0, hits), 1e-10);
    }

    [Fact]
    public void Epsilon_NoEvidence_IsZero()
    {
        MembershipRates rates = new MembershipCounts(1000, 1000, 500, 500).Rates(0.05);

        Assert.Equal(0, rates.Epsilon(1e-5));
        Assert.Equal(0, rates.GaussianMu());
        Assert.Equal(0, PlanBound.Epsilon(new GaussianEvent(0.1, 1, 10), rates, 1e-5, CancellationToken.None));
        Assert.Equal(0, OneRunBound.Epsilon(1000, 100, 50, 1e-5, 0.05));
    }

    // At μ = 1 the best test at threshold ½ has both errors Q(½): no doubt is left with these many trials.
    [Fact]
    public void PlanBound_GaussianRates_IsTheGaussiansEpsilon()
    {
        const double Error = 0.30853753872598688;
        MembershipRates rates = new(1 - Error, Error, 1 - Error, Error);

        double epsilon = PlanBound.Epsilon(new GaussianEvent(1, 3, 9), rates, 1e-5, CancellationToken.None);

        Assert.Equal(AnalyticGaussian.Epsilon(1, 1e-5), epsilon, 1e-9);
    }

    private static MembershipCounts Counts(JsonElement row) => new(
        (long)row.Number("n_in"),
        (long)row.Number("n_out"),
        (long)row.Number("true_pos"),
        (long)row.Number("false_pos"));

    private static double Tail(int trials, double p, int from, int to)
    {
        double sum = 0;
        double choices = 1;
        for (int i = 0; i <= trials; i++)
        {
            sum += i >= from && i <= to ? choices * Math.Pow(p, i) * Math.Pow(1 - p, trials - i) : 0;
            choices *= (double)(trials - i) / (i + 1);
        }

        return sum;
    }
}
