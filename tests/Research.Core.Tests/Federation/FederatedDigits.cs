using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
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

    public static IReadOnlyList<EvaluationRecords> Rounds { get; } =
        EvaluationRecords.ForRounds(Split.Test, 3, secret: new byte[32]);

    /// <summary>What scores the first round, had its block the hash 0.</summary>
    public static ScoringRecords Scoring { get; } = Rounds[0].Scoring(ChoiceOf(0));

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
            EvaluationRecords.SectionOf(Rounds),
            "CC-BY-4.0",
            "A test."),
    };

    public static RecordChoice ChoiceOf(int round) => RecordChoice.Of(new byte[32], 1, round, 60);

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
