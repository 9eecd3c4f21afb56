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

    public static EvaluationSet Evaluation { get; } = EvaluationSet.Create(Split.Test, new byte[32]);

    public static ModelSpec Spec { get; } = new()
    {
        Name = "digits-mlp",
        Model = new ModelSection([64], 1, [new Linear(64, 32), new ReLU(), new Linear(32, 10)]),
        Optimizer = new Sgd(1.0, 0.5),
        Training = new TrainingSection(43, 30),
        Privacy = new PrivacySection(0.15, 1.0, 1.5, 1e-5, 20),
        Task = new TaskSection(
            3,
            new RewardSection("shapley", 16, 0.9),
            new EvaluationSection(Evaluation.Hash, 360),
            "CC-BY-4.0",
            "A test."),
    };

    /// <summary>Trains on every <paramref name="of"/>-th record from <paramref name="part"/> on.</summary>
    public static TrainingRun Train(GlobalModel start, int part, int of, bool shuffleLabels = false)
    {
        int[] chosen = [.. Enumerable.Range(0, Split.Train.Count).Where(i => i % of == part)];
        Dataset records = Split.Train.Select(chosen);
        if (shuffleLabels)
        {
            records = records.WithLabels(records.Labels.ToArray().Reverse().ToArray());
        }

        return Trainer.Train(Spec, records, new TrainerOptions
        {
            Initial = start.ToCheckpoint(),
            Random = new InsecureSeededRandom((ulong)part, "digits of participants"),
        });
    }
}
