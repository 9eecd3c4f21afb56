using Research.Privacy.Accounting;
using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Layers;
using Xunit.Abstractions;

namespace Research.Tests.Privacy.Auditing;

/// <summary>An audit that finds nothing in a broken trainer is worth nothing: each of these must be found.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const double Delta = 1e-5;
    private const int Trials = 40_000;

    [Fact]
    public void Audit_HalfTheNoise_IsCaught()
    {
        ModelSpec spec = AuditPlans.Spec(sampleRate: 0.2, noise: 1, steps: 20);

        Spared("plan q 0.2, σ 1, T 20", AuditPlans.Audit(spec, Trials));
        Caught("half the noise", AuditPlans.Audit(spec, Trials, (s, random, n) => new HalfNoise(s, random, n)));
    }

    [Fact]
    public void Audit_NoClipping_IsCaught()
    {
        ModelSpec spec = AuditPlans.Spec(sampleRate: 1, noise: 1, steps: 1);

        Spared("plan q 1, σ 1, T 1", AuditPlans.Audit(spec, Trials));
        Caught("no clipping", AuditPlans.Audit(spec, Trials, (s, random, n) => new NoClipping(s, random, n)));
    }

    [Fact]
    public void Audit_LayersClippedApart_IsCaught()
    {
        ModelSpec spec = AuditPlans.Spec(sampleRate: 1, noise: 1, steps: 1);
        spec = spec with { Model = new ModelSection([1], 1, [new Linear(1, 90), new Tanh(), new Linear(90, 2)]) };

        Spared("two layers, clipped together", AuditPlans.Audit(spec, Trials));
        Caught("layers clipped apart", AuditPlans.Audit(spec, Trials, (s, random, n) => new LayersApart(s, random, n)));
    }

    [Theory]
    [InlineData(1, 4, 20)]
    [InlineData(0.25, 1.5, 20)]
    public void Audit_NoiseReused_IsCaught(double sampleRate, double noise, int steps)
    {
        ModelSpec spec = AuditPlans.Spec(sampleRate, noise, steps);

        Spared($"plan q {sampleRate}, σ {noise}, T {steps}", AuditPlans.Audit(spec, Trials));
        Caught("noise reused", AuditPlans.Audit(spec, Trials, (s, random, n) => new ReusedNoise(s, random, n)));
    }

    // All others pull one way and the canary the other: it adds its own share and, where the mean is taken over those
    // who joined, shrinks theirs. Every step of q = 1 is one trial.
    [Fact]
    public void Audit_DividedByTheTrueSize_IsCaught()
    {
        const int Crowd = 20;
        ModelSpec spec = AuditPlans.Spec(sampleRate: 1, noise: 1, steps: Trials / 2, outputs: 2);
        spec = spec with { Training = spec.Training with { BatchSize = Crowd } };
        GaussianEvent claim = new(1, 1, 1);

        double right = Bound(claim, Scores((s, random, n) => new GradientRelease(s, random, n)));
        double mutant = Bound(claim, Scores((s, random, n) => new TrueMean(s, random, n)));

        Judge("divided by the true size", claim, right, mutant);

        AuditScores Scores(Func<ModelSpec, RandomSource, int, GradientRelease> release) =>
            AuditPlans.Trials(spec, Crowd, release, (seen, scores) => scores.Add(seen[0]), period: 1);
    }

    // All others pull one way, so that a batch tells what it lacks; the canary is in exactly one batch of an epoch,
    // where Poisson's would stay out of all of them every third time.
    [Fact]
    public void Audit_ShuffledBatches_IsCaught()
    {
        const int Batches = 10;
        const int Size = 4;
        const double Noise = 0.5;
        const int Epochs = 4000;
        ModelSpec spec = AuditPlans.Spec(1.0 / Batches, Noise, Batches * Epochs, outputs: 2);
        spec = spec with { Training = spec.Training with { BatchSize = Size } };
        GaussianEvent claim = new(1.0 / Batches, Noise, Batches);

        double right = Bound(claim, Scores((s, random, n) => new GradientRelease(s, random, n)));
        double mutant = Bound(claim, Scores((s, random, n) => new ShuffledBatches(s, random, n)));

        Judge("shuffled batches", claim, right, mutant);

        AuditScores Scores(Func<ModelSpec, RandomSource, int, GradientRelease> release) => AuditPlans.Trials(
            spec, (Batches * Size) - 2, release, (epoch, scores) => scores.Add(Once(epoch)), period: Batches);

        // ln of the mean over batches of N(2 − size, σ²) to N(−size, σ²), less what a short last batch says.
        static double Once(ReadOnlySpan<double> epoch)
        {
            double sum = 0;
            foreach (double x in epoch)
            {
                sum += Math.Exp(((2 * (x + Size)) - 2) / (Noise * Noise));
            }

            return Math.Log(sum) - ((epoch[^1] + Size - 0.5) / (Noise * Noise));
        }
    }

    private static double Bound(GaussianEvent claim, AuditScores scores)
    {
        const double Risk = 0.05 / 2; // Two bounds.
        MembershipRates rates = scores.Measure(Risk, r => r.GaussianMu()).Rates(Risk);
        return Math.Max(PlanBound.Epsilon(claim, rates, Delta, CancellationToken.None), rates.Epsilon(Delta));
    }

    private void Judge(string name, GaussianEvent claim, double right, double mutant)
    {
        ExactAccountant accountant = new();
        accountant.Compose(claim);
        double claimed = accountant.Epsilon(Delta);
        output.WriteLine($"{name}: claimed {claimed:F3}, right {right:F3}, mutant {mutant:F3}");

        Assert.InRange(right, 0, claimed);
        Assert.True(mutant > claimed, $"claimed {claimed}, audited {mutant}");
    }

    private void Spared(string name, AuditResult result)
    {
        Write(name, result);
        Assert.False(result.IsRefuted, $"claimed {result.ClaimedEpsilon}, audited {result.AuditedEpsilon}");
        Assert.True(result.AuditedEpsilon > 0.7 * result.ClaimedEpsilon); // Or it would have no teeth here.
    }

    private void Caught(string name, AuditResult result)
    {
        Write(name, result);
        Assert.True(result.IsRefuted, $"claimed {result.ClaimedEpsilon}, audited {result.AuditedEpsilon}");
    }

    private void Write(string name, AuditResult r) => output.WriteLine(
        $"{name}: claimed {r.ClaimedEpsilon:F3}, audited {r.AuditedEpsilon:F3} "
        + $"(plan {r.PlanEpsilon:F3}, threshold {r.ThresholdEpsilon:F3}, one run {r.OneRunEpsilon:F3})");
}
