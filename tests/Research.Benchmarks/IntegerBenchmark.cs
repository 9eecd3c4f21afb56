using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Federation;
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
        if (arguments is not [string path, string name, string given, .. string[] size] || size.Length is not (0 or 3)
            || !int.TryParse(given, CultureInfo.InvariantCulture, out int records) || records < 50
            || !int.TryParse(size.ElementAtOrDefault(0) ?? "1", CultureInfo.InvariantCulture, out int steps) || steps < 1
            || !int.TryParse(size.ElementAtOrDefault(1) ?? "1", CultureInfo.InvariantCulture, out int runs) || runs < 1
            || !int.TryParse(size.ElementAtOrDefault(2) ?? "0", CultureInfo.InvariantCulture, out int owners) || owners < 0)
        {
            error.WriteLine(
                "expected SPEC DATA RECORDS (50 or more), and perhaps STEPS RUNS OWNERS of the round; "
                + $"got {string.Join(' ', arguments)}");
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
        ModelSpec task = Task(plain, sealedRecords, steps, runs);
        GlobalModel first = GlobalModel.Initial(task);
        int[] moved = new int[first.Weights.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = FixedPoint.Quantise(run.Final.Values[i]) - first.Weights[i];
        }

        GlobalModel model = first.Moved(moved);
        ScoringRecords scoring = sealedRecords.Scoring(RecordChoice.Of(new byte[32], 1, 0, records));
        long began = Stopwatch.GetTimestamp();
        RoundScore score = RoundScorer.Score([model], Updates(model, owners), scoring, Environment.ProcessorCount);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
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
            ["steps"] = steps,
            ["referenceRuns"] = runs + 1,
            ["owners"] = owners,
            ["seconds"] = Math.Round(seconds, 2),
            ["traceMb"] = trace.Bytes >> 20,
            ["peakRssMb"] = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
        }.ToJsonString());
        return 0;
    }

    // Noise as loud as a step's: what is in an update changes nothing of the time.
    private static Submission[] Updates(GlobalModel model, int owners)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, owners).Select(owner => new Submission(owner, ModelUpdate.Forge(
            model, 0, [.. Enumerable.Range(0, model.Weights.Length).Select(_ => random.Next(-50, 51))])))];
    }

    // Where nothing else is asked, a task that scores as little as can be beside the model: one step of one run.
    private static ModelSpec Task(ModelSpec plain, EvaluationRecords records, int steps, int runs) => plain with
    {
        Optimizer = new Sgd(0.1),
        Training = new TrainingSection(Batch, steps),
        Privacy = new PrivacySection(1, 1, 1, 1e-5, 8),
        Task = new TaskSection(
            1,
            new RewardSection(Batch, References: runs),
            EvaluationRecords.SectionOf([records]),
            "CC0-1.0",
            "A benchmark on public records."),
    };
}
