using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Scoring;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Program;

/// <summary>Small tasks on random records, whose programs have every part there is.</summary>
internal static class TinyTasks
{
    public const int Records = 53; // One block, which no power of two fills.

    public static IReadOnlyDictionary<string, ModelSpec> All { get; } = new Dictionary<string, ModelSpec>
    {
        ["perceptron"] = Spec([12], [new Linear(12, 6), new ReLU(), new Linear(6, 3)]),
        ["blocks"] = Spec([12], [new Linear(12, 6), new Tanh(), new Linear(6, 3)], records: 67),
        ["convolutions"] = Spec(
            [2, 6, 6],
            [
                new GroupNorm(2, 2),
                new Conv2d(2, 4, 3, 2, 1, 2),
                new ReLU(),
                new MaxPool2d(2, 1),
                new Conv2d(4, 4, 2),
                new Silu(),
                new Flatten(),
                new Linear(4, 3),
            ]),
        ["pools"] = Spec(
            [2, 6, 6],
            [
                new AvgPool2d(3, 1),
                new Conv2d(2, 3, 2),
                new Sigmoid(),
                new GlobalMaxPool2d(),
                new LayerNorm(3),
                new Residual([new Linear(3, 3), new Tanh()]),
                new ReLU(),
                new Linear(3, 3),
            ]),
        ["median"] = With(Spec([12], [new Linear(12, 8), new Tanh(), new Linear(8, 3)]), new Median(5)),
    };

    public static ModelSpec Spec(
        int[] input, Layer[] layers, int records = Records, Sgd? optimizer = null) => new()
        {
            Name = "tiny",
            Model = new ModelSection(input, 1, layers),
            Optimizer = optimizer ?? new Sgd(0.5, 0.5),
            Training = new TrainingSection(40, 2),
            Privacy = new PrivacySection(0.7, 1, 1, 1e-5, 20),
            Task = new TaskSection(
                2,
                new RewardSection(50, Significance: 1, References: 3),
                EvaluationRecords.SectionOf(RoundsOf(input, records)),
                "CC0-1.0",
                "A test."),
        };

    public static ModelSpec With(ModelSpec spec, AggregationRule rule) =>
        spec with { Task = spec.Task! with { Aggregation = rule } };

    /// <summary>Scores some updates of noise and signal.</summary>
    public static RoundScore Score(
        ModelSpec spec, int reveals, int threads = 1, int round = 0, Roster? roster = null, int? seed = null)
    {
        GlobalModel start = GlobalModel.Initial(spec);
        List<GlobalModel> models = [start];
        Random random = new(seed ?? reveals);
        for (int past = 0; past < round; past++)
        {
            models.Add(models[^1].Moved(Noise(random, start.Weights.Length)));
        }

        Submission[] submissions = [.. Enumerable.Range(0, reveals).Select(index => new Submission(
            index, ModelUpdate.Forge(models[^1], round, Noise(random, start.Weights.Length))))];
        new Random(reveals).Shuffle(submissions);
        return RoundScorer.Score(models, submissions, ScoringOf(spec, round), threads, roster: roster);
    }

    public static ScoringRecords ScoringOf(ModelSpec spec, int round) =>
        RoundsOf([.. spec.Model.Input], spec.Task!.Evaluation.Examples)[round].Scoring(
            RecordChoice.Of(new byte[32], 1, round, spec.Task.Evaluation.Examples));

    public static int[] Noise(Random random, int length) => [.. Enumerable.Range(0, length)
        .Select(_ => (int)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 4000))];

    private static IReadOnlyList<EvaluationRecords> RoundsOf(int[] input, int records)
    {
        Random random = new(3);
        int size = input.Aggregate(1, (product, one) => product * one);
        int count = 4 * records;
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3)];
        float[] inputs = [.. Enumerable.Range(0, count * size).Select(i =>
            random.NextSingle() + (i % size % 3 == labels[i / size] ? 0.5f : 0))];
        return EvaluationRecords.ForRounds(new Dataset(inputs, labels, input, 3), 2, records, 13, new byte[32]);
    }
}
