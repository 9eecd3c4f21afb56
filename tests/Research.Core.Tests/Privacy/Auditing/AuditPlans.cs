using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Privacy.Auditing;

/// <summary>What an adversary does with the canary's observations of a stretch of steps.</summary>
internal delegate void Scorer(ReadOnlySpan<double> seen, List<double> scores);

/// <summary>Small models with room for canaries, and audits of them from fixed seeds.</summary>
internal static class AuditPlans
{
    /// <summary>One record whose gradient by any weight is zero, since its input is; not that by the bias.</summary>
    public static Dataset Blank { get; } = new(new float[] { 0 }, new[] { 0 }, [1], 1);

    public static ModelSpec Spec(double sampleRate, double noise, int steps, int outputs = 10_000) => new()
    {
        Name = "audit",
        Model = new ModelSection([1], Seed: 1, [new Linear(1, outputs)]),
        Optimizer = new Sgd(LearningRate: 1e-3),
        Training = new TrainingSection(BatchSize: 1, steps),
        Privacy = new PrivacySection(sampleRate, ClipNorm: 1, noise, Delta: 1e-5, EpsilonCap: 1000),
    };

    public static AuditResult Audit(
        ModelSpec spec, int trials, Func<ModelSpec, RandomSource, int, GradientRelease>? release = null) =>
        PrivacyAudit.Run(spec, Blank, new AuditOptions
        {
            Trials = trials,
            Random = new InsecureSeededRandom(1, "audit-tests"),
            Release = release,
            Threads = 2,
        });

    /// <summary>Makes trials one after another: a run with the canary in the data and one without.</summary>
    /// <param name="spec">The specification, of one layer; its steps are the trials times the period.</param>
    /// <param name="crowd">How many others there are, all pulling against the canary at its own weight.</param>
    /// <param name="release">The trainer's.</param>
    /// <param name="score">What the adversary makes of a period.</param>
    /// <param name="period">Steps of one trial.</param>
    public static AuditScores Trials(
        ModelSpec spec,
        int crowd,
        Func<ModelSpec, RandomSource, int, GradientRelease> release,
        Scorer score,
        int period)
    {
        List<double> scores = [];
        List<bool> members = [];
        foreach (bool isMember in new[] { true, false })
        {
            Canary canary = new([0], 1000, isMember);
            Canary[] all = [canary, .. Enumerable.Repeat(new Canary([0], -1000, IsMember: true), crowd)];
            double[] seen = new double[period];
            CanaryProbe probe = new(all, Network.Create(spec).Weights.Length, 1, spec.Privacy!.ClipNorm, (step, x) =>
            {
                seen[(step - 1) % period] = x[0];
                if (step % period == 0)
                {
                    score(seen, scores);
                    members.Add(isMember);
                }
            });
            Trainer.Train(spec, Blank, new TrainerOptions
            {
                Random = new InsecureSeededRandom(2, isMember ? "in" : "out"),
                Probe = probe,
                Release = release,
            });
        }

        return new AuditScores([.. scores], [.. members]);
    }
}
