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
        Dataset few = digits.Select([.. Enumerable.Range(0, 300)]);
        foreach (PrivacySection? privacy in (PrivacySection?[])[null, Privacy()])
        {
            Print(Mlp(privacy), digits, threads, output);
            Print(Cnn(privacy), digits, threads, output);
            Print(AllLayers(privacy), few, threads, output);
            Print(Transformer(privacy), Tokens(few), threads, output);
        }

        return 0;
    }

    private static void Print(ModelSpec spec, Dataset data, int threads, TextWriter output)
    {
        TrainerOptions options = new() { Random = new InsecureSeededRandom(7, "fingerprint"), Threads = threads };
        TrainingRun run = Trainer.Train(spec, data, options);
        Evaluation evaluation = run.Network.Evaluate(data, threads);
        string loss = BitConverter.DoubleToInt64Bits(evaluation.Loss).ToString("x16", CultureInfo.InvariantCulture);
        string name = spec.Privacy is null ? spec.Name : spec.Name + "-private";
        output.WriteLine($"{name} {ContentHash.Of(run.Final.ToSafetensors())} {loss}");
    }

    // Every fourth pixel, a whole number from 0 to 16.
    private static Dataset Tokens(Dataset digits)
    {
        float[] tokens = new float[digits.Count * 16];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = MathF.Round(digits.Inputs.Span[(i * 4) + 2] * 16);
        }

        return new Dataset(tokens, digits.Labels, [16], digits.Classes);
    }

    private static PrivacySection Privacy() => new(0.03, 1, 0.5, 1e-5, 100);

    private static ModelSpec Mlp(PrivacySection? privacy) => new()
    {
        Name = "mlp",
        Model = new ModelSection([64], 1, [new Linear(64, 37), new Tanh(), new Linear(37, 10)]),
        Optimizer = new Sgd(0.2, 0.9),
        Training = new TrainingSection(43, 12),
        Privacy = privacy,
    };

    private static ModelSpec Cnn(PrivacySection? privacy) => new()
    {
        Name = "cnn",
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

    // All layers of images beside those of Cnn.
    private static ModelSpec AllLayers(PrivacySection? privacy) => Cnn(privacy) with
    {
        Name = "all-layers",
        Model = new ModelSection(
            [1, 8, 8],
            3,
            [
                new Conv2d(1, 6, 3, 1, 1), new GroupNorm(3, 6), new Gelu(),
                new Residual([new Conv2d(6, 6, 3, 1, 1, 3), new Silu(), new Residual([new Sigmoid()])]),
                new Dropout(0.2), new Conv2d(6, 9, 3, 2, 0, 3), new LayerNorm(3), new Tanh(), new GlobalAvgPool2d(),
                new Linear(9, 10),
            ]),
    };

    // All layers of sequences.
    private static ModelSpec Transformer(PrivacySection? privacy) => Cnn(privacy) with
    {
        Name = "transformer",
        Model = new ModelSection(
            [16],
            4,
            [
                new Embedding(17, 6), new Residual([new LayerNorm(6), new SelfAttention(6, 2, Causal: true)]),
                new Residual([new LayerNorm(6), new Linear(6, 11), new Gelu(), new Dropout(0.1), new Linear(11, 6)]),
                new SelfAttention(6, 3), new Flatten(), new Linear(96, 10),
            ]),
    };
}
