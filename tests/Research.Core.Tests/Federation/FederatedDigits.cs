using Research.Federation.Aggregation;
using Research.Federation.Scoring;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Federation;

/// <summary>A small federated task on the real digits, seeded so that every run gives the same bits.</summary>
internal static class FederatedDigits
{
    public static DatasetSplit Split { get; } = Datasets.Open("digits");

    public static IReadOnlyList<EvaluationSet> Evaluations { get; } =
        EvaluationSet.ForRounds(Split.Test, 3, new byte[32]);

    public static ModelSpec Spec { get; } = new()
    {
        Name = "digits-mlp",
        Model = new ModelSection([64], 1, [new Linear(64, 32), new ReLU(), new Linear(32, 10)]),
        Optimizer = new Sgd(1.0, 0.5),
        Training = new TrainingSection(43, 30),
        Privacy = new PrivacySection(0.15, 1.0, 1.5, 1e-5, 20),
        Task = new TaskSection(
            3,
            new RewardSection(Records: 287),
            new EvaluationSection([.. Evaluations.Select(set => set.Hash)], 120),
            "CC-BY-4.0",
            "A test."),
    };

    /// <summary>Gets what a run would send.</summary>
    public static int[] Delta(GlobalModel start, TrainingRun run) => [.. run.Final.Values.ToArray()
        .Zip(start.Weights.ToArray(), (final, first) => FixedPoint.Quantise(final) - first)];

    /// <summary>Trains on every <paramref name="of"/>-th record from <paramref name="part"/> on.</summary>
    public static TrainingRun Train(GlobalModel start, int part, int of, bool shuffleLabels = false)
    {
        int[] chosen = [.. Enumerable.Range(0, Split.Train.Count).Where(i => i % of == part)];
        Dataset records = Split.Train.Select(chosen);
        if (shuffleLabels)
        {
            records = records.WithLabels(records.Labels.ToArray().Reverse().ToArray());
        }

        return Trainer.Train(start.Spec, records, new TrainerOptions
        {
            Initial = start.ToCheckpoint(),
            Random = new InsecureSeededRandom((ulong)part, "digits of participants"),
        });
    }
}
