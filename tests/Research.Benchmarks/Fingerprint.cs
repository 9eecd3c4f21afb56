using System.Globalization;
using Research.Privacy.Mechanisms;
using Research.Storage;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Benchmarks;

/// <summary>
/// Hashes whole training runs, so that processors, vector widths and thread counts can be compared bit for bit.
/// </summary>
internal static class Fingerprint
{
    public static int Run(string[] arguments, TextWriter output)
    {
        int threads = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        Dataset digits = Datasets.Open("digits").Train;
        foreach (ModelSpec spec in (ModelSpec[])[Mlp(null), Mlp(Privacy()), Cnn(null), Cnn(Privacy())])
        {
            TrainerOptions options = new() { Random = new InsecureSeededRandom(7, "fingerprint"), Threads = threads };
            TrainingRun run = Trainer.Train(spec, digits, options);
            Evaluation evaluation = run.Network.Evaluate(digits, threads);
            string loss = BitConverter.DoubleToInt64Bits(evaluation.Loss).ToString("x16", CultureInfo.InvariantCulture);
            output.WriteLine($"{spec.Name} {ContentHash.Of(run.Final.ToSafetensors())} {loss}");
        }

        return 0;
    }

    private static PrivacySection Privacy() => new(0.03, 1, 0.5, 1e-5, 100);

    private static ModelSpec Mlp(PrivacySection? privacy) => new()
    {
        Name = privacy is null ? "mlp" : "mlp-private",
        Model = new ModelSection([64], 1, [new Linear(64, 37), new Tanh(), new Linear(37, 10)]),
        Optimizer = new Sgd(0.2, 0.9),
        Training = new TrainingSection(43, 12),
        Privacy = privacy,
    };

    private static ModelSpec Cnn(PrivacySection? privacy) => new()
    {
        Name = privacy is null ? "cnn" : "cnn-private",
        Model = new ModelSection(
            [1, 8, 8],
            2,
            [
                new Conv2d(1, 5, 3, 1, 1), new ReLU(), new MaxPool2d(2, 1), new Conv2d(5, 7, 3, 2), new Tanh(),
                new AvgPool2d(2, 1), new Flatten(), new Linear(28, 10),
            ]),
        Optimizer = new Sgd(0.1, 0.9),
        Training = new TrainingSection(43, 6),
        Privacy = privacy,
    };
}
