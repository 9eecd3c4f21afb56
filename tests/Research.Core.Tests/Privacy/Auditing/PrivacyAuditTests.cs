using Research.Privacy.Accounting;
using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Losses;

namespace Research.Tests.Privacy.Auditing;

public sealed class PrivacyAuditTests
{
    private const double Delta = 1e-5;

    // Truth: the closed form at μ = √T/σ = 1.
    [Theory]
    [InlineData(1.0, 1, 1_000_000, 0.97)]
    [InlineData(5.0, 25, 100_000, 0.9)]
    public void Run_PlainGaussian_ComesCloseAndNeverBeyond(double noise, int steps, int trials, double share)
    {
        double truth = AnalyticGaussian.Epsilon(1, Delta);

        AuditResult result = AuditPlans.Audit(AuditPlans.Spec(1, noise, steps), trials);

        Assert.InRange(result.PlanEpsilon, share * truth, truth);
        Assert.InRange(result.ThresholdEpsilon, 1.5, truth);
        Assert.InRange(result.OneRunEpsilon, 1, truth);
        Assert.Equal(result.PlanEpsilon, result.AuditedEpsilon);
    }

    // The claim is exact: ExactAccountantTests hold it to truths.
    [Theory]
    [InlineData(0.1, 1.0, 100)]
    [InlineData(0.5, 3.0, 50)]
    public void Run_SampledSteps_ComesCloseAndNeverBeyond(double sampleRate, double noise, int steps)
    {
        AuditResult result = AuditPlans.Audit(AuditPlans.Spec(sampleRate, noise, steps), trials: 100_000);

        Assert.InRange(result.AuditedEpsilon, 0.8 * result.ClaimedEpsilon, result.ClaimedEpsilon);
    }

    // Each of 40 audits at confidence ½ errs with chance ½ at most: 35 and more err with chance below 1e-6.
    [Fact]
    public void Run_LowConfidence_ErrsAtMostAsOftenAsStated()
    {
        double truth = AnalyticGaussian.Epsilon(1, Delta);
        ModelSpec spec = AuditPlans.Spec(1, 1, 1, outputs: 500);
        int wrong = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            AuditOptions options = new()
            {
                Trials = 2000,
                Confidence = 0.5,
                Random = new InsecureSeededRandom(seed, "confidence"),
            };
            wrong += PrivacyAudit.Run(spec, AuditPlans.Blank, options).AuditedEpsilon > truth ? 1 : 0;
        }

        Assert.InRange(wrong, 0, 34);
    }

    [Fact]
    public void Run_OtherThreads_SameBits()
    {
        ModelSpec spec = AuditPlans.Spec(0.3, 1, 5, outputs: 200);

        AuditResult one = Run(1);
        AuditResult two = Run(2);

        Assert.Equal(one.MemberScores, two.MemberScores);
        Assert.Equal(one.AuditedEpsilon, two.AuditedEpsilon);

        AuditResult Run(int threads) => PrivacyAudit.Run(spec, AuditPlans.Blank, new AuditOptions
        {
            Trials = 2000,
            Threads = threads,
            Random = new InsecureSeededRandom(3, "threads"),
        });
    }

    // With canaries among real records, in every way of clipping: what records add is known, and taken off.
    [Theory]
    [InlineData(ClippingMode.Flat)]
    [InlineData(ClippingMode.PerLayer)]
    [InlineData(ClippingMode.Automatic)]
    public void Run_AmongRecords_StaysBelowTheClaimAndHasTeeth(ClippingMode clipping)
    {
        ModelSpec spec = AuditPlans.Spec(0.3, 1.5, 10) with
        {
            Model = new ModelSection([64], 1, [new Linear(64, 30), new Tanh(), new Linear(30, 10)]),
        };
        spec = spec with { Privacy = spec.Privacy! with { Clipping = clipping, ClipNorm = 0.3 } };
        Dataset records = Datasets.Open("digits").Train.Select([.. Enumerable.Range(0, 100)]);

        AuditResult result = PrivacyAudit.Run(spec, records, new AuditOptions
        {
            Trials = 30_000,
            Threads = 2,
            Random = new InsecureSeededRandom(4, "records"),
        });

        Assert.InRange(result.AuditedEpsilon, 0.7 * result.ClaimedEpsilon, result.ClaimedEpsilon);
    }

    // No gradient is made up here: a record is a token, its gradient the embedding's own, far beyond the clip norm.
    [Fact]
    public void Threshold_RecordsAsCanaries_BoundsWhatTheWholePassReleases()
    {
        const int Tokens = 40_000;
        ModelSpec spec = AuditPlans.Spec(1, 1, 1) with
        {
            Model = new ModelSection([1], 1, [new Embedding(Tokens, 1), new Flatten()]),
            Loss = new MeanSquaredError(),
        };
        Random coins = new(5);
        bool[] members = [.. Enumerable.Range(0, Tokens).Select(_ => coins.Next(2) == 1)];
        float[] tokens = [.. Enumerable.Range(0, Tokens).Where(i => members[i]).Select(i => (float)i)];
        Network network = Network.Create(spec);
        network.Weights.Fill(100); // The squared error's gradient is 200, whatever the noise does.

        double right = Bound(clips: true);
        double mutant = Bound(clips: false);

        double truth = AnalyticGaussian.Epsilon(1, Delta);
        Assert.InRange(right, 0.85 * truth, truth);
        Assert.True(mutant > truth);

        double Bound(bool clips)
        {
            float[] seen = new float[Tokens];
            Trainer.Train(spec, new Dataset(tokens, new int[tokens.Length], [1], 2), new TrainerOptions
            {
                Initial = network.ToCheckpoint(),
                Random = new InsecureSeededRandom(6, "tokens"),
                Release = (s, random, _) => new Watched(s, random, seen, clips),
            });
            AuditScores scores = new([.. seen.Select(x => (double)x)], members);
            MembershipRates rates = scores.Measure(0.05, r => r.GaussianMu()).Rates(0.05);
            return PlanBound.Epsilon(new GaussianEvent(1, 1, 1), rates, Delta, CancellationToken.None);
        }
    }

    [Fact]
    public void Run_NoPrivacyOrBadOption_NamesIt()
    {
        ModelSpec spec = AuditPlans.Spec(1, 1, 1);

        Assert.Contains("$.privacy", Assert.Throws<ArgumentException>(
            () => PrivacyAudit.Run(spec with { Privacy = null }, AuditPlans.Blank)).Message);
        Assert.Contains("Trials from 100", Assert.Throws<ArgumentOutOfRangeException>(
            () => PrivacyAudit.Run(spec, AuditPlans.Blank, new AuditOptions { Trials = 99 })).Message);
        Assert.Contains("confidence in (0, 1)", Assert.Throws<ArgumentOutOfRangeException>(
            () => PrivacyAudit.Run(spec, AuditPlans.Blank, new AuditOptions { Confidence = 1 })).Message);
        Assert.Throws<SpecException>(() => PrivacyAudit.Run(spec, Datasets.Open("digits").Train));
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => PrivacyAudit.Run(
            AuditPlans.Spec(1, 1, 1), AuditPlans.Blank, null, source.Token));
    }
}
