using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Privacy.Auditing;

/// <summary>Small models with much room for canaries, and audits of them from fixed seeds.</summary>
internal static class AuditPlans
{
    public static Dataset Blank { get; } = new(new float[] { 1 }, new[] { 0 }, [1], 2);

    public static ModelSpec Spec(double sampleRate, double noise, int steps, int outputs = 10_000, double delta = 1e-5) => new()
    {
        Name = "audit",
        Model = new ModelSection([1], Seed: 1, [new Linear(1, outputs)]),
        Optimizer = new Sgd(LearningRate: 0.1),
        Training = new TrainingSection(BatchSize: 1, steps),
        Privacy = new PrivacySection(sampleRate, ClipNorm: 1, noise, delta, EpsilonCap: 1000),
    };

    public static AuditResult Audit(ModelSpec spec, int trials, Func<ModelSpec, RandomSource, GradientRelease>? release = null) =>
        PrivacyAudit.Run(spec, Blank, new AuditOptions
        {
            Trials = trials,
            Random = new InsecureSeededRandom(1, "audit-tests"),
            Release = release,
            Threads = 2,
        });
}
