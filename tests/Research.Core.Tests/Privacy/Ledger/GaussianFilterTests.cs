using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

public sealed class GaussianFilterTests : IDisposable
{
    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // Oracle: δ of Balle and Wang solved for ε by mpmath with 40 digits, μ = √Σ steps/σ².
    [Fact]
    public void Epsilon_FullBatchPlans_IsThatOfOneGaussianExactly()
    {
        PrivacyLedger one = Open(delta: 1e-5);
        Assert.InRange(one.Charge(new GaussianEvent(1, 1, 1), "one").Epsilon - 4.3771780956812246, 0, 2e-9);
        File.Delete(_file.Path);
        File.Delete(_file.Seen);

        PrivacyLedger three = Open(delta: 1e-5);
        three.Charge(new GaussianEvent(1, 4, 10), "one");
        three.Charge(new GaussianEvent(1, 2, 1), "two");
        three.Charge(new GaussianEvent(1, 10, 100), "three");
        Assert.InRange(three.Epsilon - 6.3257153938762004, 0, 4e-9);
        Assert.Equal((LedgerFilter.Gaussian, null), (three.Filter, three.Order));
        PrivacyLedger again = Open(delta: 1e-5);
        Assert.Equal((three.Epsilon, three.Head), (again.Epsilon, again.Head));
        Assert.InRange(Preview(1e-6, new GaussianEvent(1, 30, 5)) - 0.28988003826663907, 0, 1e-9);
        Assert.InRange(Preview(1e-9, new GaussianEvent(1, 0.8, 2)) - 11.730240527443014, 0, 8e-9);
    }

    // Oracle: 2Φ⁻¹(1/(1 + e^−ε)) squared, by mpmath with 40 digits.
    [Theory]
    [InlineData(1e-6, 1.5707963267948403e-12)]
    [InlineData(1e-3, 1.5707962706122708e-6)]
    [InlineData(0.1, 0.01570234854144882)]
    [InlineData(1, 1.5179111907419586)]
    [InlineData(5, 24.469627644120681)]
    [InlineData(20, 138.26041064558745)]
    public void Cost_EpsilonPrivateEvents_IsTheLeastMuSquared(double epsilon, double expected)
    {
        GaussianFilter filter = new(1e-5);
        foreach (PrivacyEvent e in (PrivacyEvent[])[
            new PureEvent(epsilon, 1), new LaplaceEvent(1 / epsilon, 1), new RandomizedResponseEvent(epsilon, 5, 1)])
        {
            Assert.InRange(filter.Cost(e), expected, expected * (1 + 3e-8));
            Assert.Equal(3 * filter.Cost(e), filter.Cost(e with { Steps = 3 }), expected * 1e-12);
        }
    }

    // Randomised response of two answers is the worst ε-private release; its hockey-stick divergence at every
    // threshold e^x must lie below the Gaussian's of that μ: this is what the cost claims.
    [Theory]
    [InlineData(0.0005)]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(30)]
    public void Cost_PureEvent_BoundsItsDivergenceAtEveryThreshold(double epsilon)
    {
        double mu = Math.Sqrt(new GaussianFilter(1e-5).Cost(new PureEvent(epsilon, 1)));
        for (int i = 0; i <= 200; i++)
        {
            double x = epsilon * i / 200;
            double worst = (Math.Exp(epsilon) - Math.Exp(x)) / (1 + Math.Exp(epsilon));
            Assert.True(AnalyticGaussian.Delta(mu, x) >= worst * (1 - 1e-9), $"threshold {x}");
        }
    }

    // An analyst who looks at the first answer and then spends much or little of what remains. δ of the whole
    // interaction by quadrature over the first answer must stay below that of one Gaussian of the whole budget; the
    // same analyst with the budget overdrawn must not.
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Filter_SecondPlanChosenByTheFirstAnswer_KeepsTheTotal(double mu)
    {
        foreach (double share in (double[])[0.1, 0.5, 0.9])
        {
            foreach (double threshold in (double[])[-1, 0, 0.7, 2])
            {
                foreach (double epsilon in (double[])[0, 0.3, 1, 3])
                {
                    double bound = AnalyticGaussian.Delta(mu, epsilon);
                    double first = mu * Math.Sqrt(share);
                    double rest = mu * Math.Sqrt(1 - share);
                    double likely = DeltaOfTwo(first, y => y > threshold ? rest : 0, epsilon);
                    double unlikely = DeltaOfTwo(first, y => y > threshold ? 0.2 * rest : rest, epsilon);
                    Assert.True(likely <= bound * (1 + 1e-6) && unlikely <= bound * (1 + 1e-6));
                    Assert.True(DeltaOfTwo(first, _ => rest, epsilon) >= bound * (1 - 1e-4)); // And nothing is lost.
                    Assert.True(DeltaOfTwo(first, _ => rest * 1.1, epsilon) > bound);
                }
            }
        }
    }

    [Fact]
    public void Charge_EventWithoutProvenCost_IsRefusedAndChangesNoByte()
    {
        PrivacyLedger ledger = Open();
        ledger.Charge(new LaplaceEvent(2, 1), "fine");
        byte[] before = File.ReadAllBytes(_file.Path);
        foreach (PrivacyEvent e in (PrivacyEvent[])[
            new GaussianEvent(0.5, 2, 1), new ConcentratedEvent(0.1, 1), new DiscreteGaussianEvent(3, 1)])
        {
            NotSupportedException refused = Assert.Throws<NotSupportedException>(() => ledger.Charge(e, "no"));
            Assert.Contains("Rényi filter", refused.Message, StringComparison.Ordinal);
            Assert.Throws<NotSupportedException>(() => ledger.Quote(e));
        }

        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        ledger.Charge(new GaussianEvent(0, 2, 1), "free");
        Assert.Throws<BudgetExceededException>(() => ledger.Charge(new GaussianEvent(1, 1e-200, 1), "no noise"));
        Assert.Throws<BudgetExceededException>(() => ledger.Charge(new PureEvent(1e300, 1), "no privacy"));
    }

    [Fact]
    public void Verify_FilterRenamed_IsFound()
    {
        Open().Charge(new GaussianEvent(1, 4, 10), "one");
        string text = File.ReadAllText(_file.Path);
        foreach (string other in (string[])[
            "\"kind\":\"renyi\",\"order\":4",
            "\"kind\":\"renyi\"",
            "\"kind\":\"gaussian\",\"order\":4"])
        {
            File.WriteAllText(_file.Path, text.Replace("\"kind\":\"gaussian\"", other, StringComparison.Ordinal));
            LedgerVerification found = PrivacyLedger.Verify(_file.Home);
            Assert.Equal((false, 1), (found.IsIntact, found.Line));
        }
    }

    // The point of the second filter: for plans chosen one after another it needs less noise than the first.
    [Fact]
    public void NoiseMultiplierFor_SecondPlanOnAllRecords_IsLessThanUnderTheRenyiFilter()
    {
        GaussianEvent plan = new(1, 6, 10);
        double[] noise = [.. ((LedgerFilter[])[LedgerFilter.Renyi, LedgerFilter.Gaussian]).Select(filter =>
        {
            using TemporaryLedger file = new();
            PrivacyLedger ledger = PrivacyLedger.Open(file.Home, 4, 1e-5, filter);
            ledger.Charge(plan, "one");
            double found = ledger.NoiseMultiplierFor(TemporaryLedger.Records(), [plan], "two")!.Value;
            Assert.InRange(ledger.Charge(plan with { NoiseMultiplier = found }, "two").Epsilon, 3.99, 4);
            return found;
        })];
        Assert.InRange(noise[1] / noise[0], 0.7, 0.97);
    }

    // δ(ε) of two Gaussian answers, the second of μ₂ chosen by the first: ∫ p₁(y)·δ_{μ₂(y)}(ε − L₁(y)) dy, where a
    // negative threshold is turned round: δ(x) = 1 − eˣ + eˣ·δ(−x), by the Gaussian's symmetry.
    private static double DeltaOfTwo(double first, Func<double, double> second, double epsilon)
    {
        const double Step = 0.01; // Thresholds lie between cells.
        double sum = 0;
        for (double y = -9 + (Step / 2); y < 9 + first; y += Step)
        {
            double density = Math.Exp(-0.5 * (y - first) * (y - first)) / Math.Sqrt(2 * Math.PI);
            double threshold = epsilon - ((first * y) - (0.5 * first * first));
            sum += Step * density * DeltaAt(second(y), threshold);
        }

        return sum;
    }

    private static double DeltaAt(double mu, double x) =>
        x < 0 ? 1 - Math.Exp(x) + (Math.Exp(x) * DeltaAt(mu, -x)) : mu == 0 ? 0 : AnalyticGaussian.Delta(mu, x);

    private static double Preview(double delta, PrivacyEvent e)
    {
        GaussianFilter filter = new(delta);
        return filter.Epsilon(filter.Cost(e));
    }

    private PrivacyLedger Open(double delta = 1e-5) =>
        PrivacyLedger.Open(_file.Home, 8, delta, LedgerFilter.Gaussian);
}
