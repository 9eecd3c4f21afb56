using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class ShuffledReportsTests
{
    // Oracle: the same bound by bisection down to 2⁻²²·ε₀, by enumeration in Python.
    [Fact]
    public void Epsilon_Reference_IsTheCloneBoundEvaluatedExactly()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("f_shuffle_amplification"))
        {
            double local = row.Number("eps0");
            double epsilon = new ShuffledReports(local, (int)row.Number("n")).Epsilon(row.Number("delta"));

            double expected = row.Number("eps_exact_clones");
            Assert.Equal(expected, epsilon, local * 2.4e-7);
            Assert.True(epsilon < row.Number("apple_upper"));
            rows++;
        }

        Assert.Equal(2, rows);
    }

    // Oracle: both distributions written out, for few reports.
    [Theory]
    [InlineData(0.5, 2, 0.1)]
    [InlineData(1.0, 5, 0.3)]
    [InlineData(2.0, 12, 1.0)]
    [InlineData(0.2, 30, 0.0)]
    [InlineData(4.0, 25, 2.5)]
    public void Delta_FewReports_IsTheSumOverOutputs(double local, int reports, double epsilon)
    {
        double truth = Math.Exp(local) / (Math.Exp(local) + 1);
        double delta = 0;
        for (int c = 0; c < reports; c++)
        {
            double clones = Binomial(reports - 1, Math.Exp(-local), c);
            for (int a = 0; a <= c + 1; a++)
            {
                double one = (truth * Binomial(c, 0.5, a - 1)) + ((1 - truth) * Binomial(c, 0.5, a));
                double other = ((1 - truth) * Binomial(c, 0.5, a - 1)) + (truth * Binomial(c, 0.5, a));
                delta += clones * Math.Max(0, one - (Math.Exp(epsilon) * other));
            }
        }

        Assert.InRange(new ShuffledReports(local, reports).Delta(epsilon), delta * (1 - 1e-12), delta * (1 + 1e-8));
    }

    [Fact]
    public void Epsilon_MoreReportsOrLessLocalBudget_IsNoLargerAndAtMostLocal()
    {
        double few = new ShuffledReports(1, 1000).Epsilon(1e-6);
        double many = new ShuffledReports(1, 100_000).Epsilon(1e-6);

        Assert.True(many < few && few < 1);
        Assert.True(new ShuffledReports(0.5, 1000).Epsilon(1e-6) < few);
        Assert.True(new ShuffledReports(1, 1000).Epsilon(1e-9) > few);
        Assert.Equal(1, new ShuffledReports(1, 2).Epsilon(1e-12), 1e-6); // Nobody to hide among.
        Assert.Equal(0, new ShuffledReports(1, 2).Delta(1));
    }

    // Errors of the recursion over a million reports stay below the tail that it starts from.
    [Fact]
    public void Delta_ManyReports_FallsWithEpsilonWithoutNoise()
    {
        ShuffledReports reports = new(3, 1_000_000);
        double before = 1;
        for (double epsilon = 0.005; epsilon < 0.05; epsilon += 0.005)
        {
            double delta = reports.Delta(epsilon);
            Assert.InRange(delta, 1e-20, before);
            before = delta;
        }
    }

    // Oracle: the odds of the mechanism itself; k-ary randomised response is what its event says.
    [Fact]
    public void RandomizedResponse_Reference_HasThatDivergence()
    {
        foreach (JsonElement row in ReferenceRows.Section("f_k_randomized_response"))
        {
            double p = row.Number("p_truth");
            double q = row.Number("p_other");
            double moment = (p * p / q) + (q * q / p) + ((row.Number("k") - 2) * q);

            Assert.Equal(
                Math.Log(moment),
                RenyiDivergence.OfOneStep(new RandomizedResponseEvent(row.Number("eps0"), (int)row.Number("k"), 1), 2),
                1e-8);
        }
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        Assert.Equal("localEpsilon", Name(() => new ShuffledReports(0, 10)));
        Assert.Equal("localEpsilon", Name(() => new ShuffledReports(double.NaN, 10)));
        Assert.Equal("localEpsilon", Name(() => new ShuffledReports(101, 10)));
        Assert.Equal("reports", Name(() => new ShuffledReports(1, 1)));
        Assert.Equal("delta", Name(() => new ShuffledReports(1, 10).Epsilon(1)));
        Assert.Equal("epsilon", Name(() => new ShuffledReports(1, 10).Delta(-0.1)));
    }

    private static string? Name(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;

    private static double Binomial(int n, double p, int k)
    {
        double mass = 1;
        for (int i = 0; i < k; i++)
        {
            mass *= (n - i) / (i + 1.0) * p;
        }

        return k < 0 || k > n ? 0 : mass * Math.Pow(1 - p, n - k);
    }
}
