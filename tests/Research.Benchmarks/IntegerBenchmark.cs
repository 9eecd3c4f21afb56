using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Scoring;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Benchmarks;

/// <summary>A trained model's accuracy and loss in floats, beside those of the scoring program's integers.</summary>
/// <remarks>
/// The model is trained without privacy by the specification's optimiser, so that its weights are large and its accuracy
/// leaves room to fall. Both judge the same records: what the integers of the evaluation records say.
/// </remarks>
internal static class IntegerBenchmark
{
    private const int MostSteps = 600;
    private const int Batch = 256;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        if (arguments is not [string path, string name, string given]
            || !int.TryParse(given, CultureInfo.InvariantCulture, out int records) || records < 50)
        {
            error.WriteLine($"expected SPEC DATA RECORDS (50 or more); got {string.Join(' ', arguments)}");
            return 2;
        }

        ModelSpec plain = ModelSpec.Load(path);
        DatasetSplit split = Datasets.Open(name);
        ModelSpec trained = plain with
        {
            Privacy = null,
            Task = null,
            Optimizer = new Sgd(0.1, 0.9),
            Training = new TrainingSection(Batch, MostSteps),
        };
        TrainingRun run = Trainer.Train(trained, split.Train);
        Dataset held = split.Test.Select([.. Enumerable.Range(0, records).SelectMany(i => new[] { i, i })]);
        EvaluationRecords sealedRecords = EvaluationRecords.Create(EvaluationRecords.InputsFor(plain, held), secret: new byte[32]);
        ModelSpec task = Task(plain, sealedRecords);
        GlobalModel first = GlobalModel.Initial(task);
        int[] moved = new int[first.Weights.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = FixedPoint.Quantise(run.Final.Values[i]) - first.Weights[i];
        }

        GlobalModel model = first.Moved(moved);
        ScoringRecords scoring = sealedRecords.Scoring(RecordChoice.Of(new byte[32], 1, 0, records));
        long began = Stopwatch.GetTimestamp();
        RoundScore score = RoundScorer.Score([model], [], scoring, Environment.ProcessorCount);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        error.WriteLine($"largest weight {run.Final.Values.ToArray().Max(MathF.Abs)}");
        Network network = Network.Create(task);
        network.Load(model.ToCheckpoint());
        Training.Evaluation floats = network.Evaluate(scoring.ToDataset());
        using Research.Federation.Trace.RoundTrace trace = score.Trace;
        output.WriteLine(new JsonObject
        {
            ["bench"] = "integers",
            ["model"] = plain.Name,
            ["records"] = records,
            ["accuracyFloats"] = Math.Round(floats.Accuracy, 5),
            ["accuracyIntegers"] = Math.Round(score.AccuracyBefore, 5),
            ["lossFloats"] = Math.Round(floats.Loss, 5),
            ["lossIntegers"] = Math.Round(score.LossBefore, 5),
            ["seconds"] = Math.Round(seconds, 2),
            ["traceMb"] = trace.Bytes >> 20,
        }.ToJsonString());
        return 0;
    }

    // A task that scores as little as can be beside the model itself: one step of one reference run.
    private static ModelSpec Task(ModelSpec plain, EvaluationRecords records) => plain with
    {
        Optimizer = new Sgd(0.1),
        Training = new TrainingSection(Batch, 1),
        Privacy = new PrivacySection(1, 1, 1, 1e-5, 8),
        Task = new TaskSection(
            1,
            new RewardSection(Batch, References: 1),
            EvaluationRecords.SectionOf([records]),
            "CC0-1.0",
            "A benchmark on public records."),
    };
}
