#r "nuget: Research.Core"

// Held-out accuracy of a specification at several ε: mean and standard deviation over seeds, the noise calibrated to each ε.
//
//     research script notebooks/scripts/private-accuracy.csx [--spec FILE] [--data NAME] [--epsilons 1,2,3] [--seeds 5]
//                                                            [--threads 2] [--out FILE.json]
//
// Seeds choose the first weights; batches and noise are secret, so a repetition agrees within the deviation, not to the digit.
// Every run reads the records again: together they cost more than one of them does. Use public data, as here.
// Exit 0: done. 2: wrong usage.

using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;

string specFile = new[] { "notebooks/specs", "../specs" } // From the repository's folder, or from this script's.
    .Select(folder => Path.Combine(folder, "digits-mlp.json")).FirstOrDefault(File.Exists) ?? "digits-mlp.json";
string dataName = "digits";
double[] epsilons = [3];
int seeds = 2;
int threads = Environment.ProcessorCount;
string output = null;
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    bool understood = args[i] switch
    {
        "--spec" => File.Exists(specFile = value),
        "--data" => (dataName = value).Length > 0,
        "--epsilons" => TryNumbers(value, out epsilons),
        "--seeds" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seeds) && seeds is > 0 and <= 1000,
        "--threads" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out threads) && threads is > 0 and <= 256,
        "--out" => (output = value).Length > 0,
        _ => false,
    };
    if (!understood)
    {
        Console.Error.WriteLine(
            "Expected [--spec FILE that exists] [--data NAME] [--epsilons 1,2,3 each above 0] [--seeds 1 to 1000]"
            + $" [--threads 1 to 256] [--out FILE]; got '{args[i]} {value}'.");
        return 2;
    }
}

ModelSpec original = ModelSpec.Load(specFile);
if (original.Privacy is not { } privacy)
{
    Console.Error.WriteLine($"Expected a specification with a privacy section; {specFile} has none.");
    return 2;
}

DatasetSplit data = Datasets.Open(dataName);
Console.WriteLine($"{original.Name} on {dataName}: {data.Train.Count} records, {original.Training.Steps} steps, delta {privacy.Delta}");
Console.WriteLine("epsilon   noise   accuracy (%)     seconds a run");
List<object> rows = [];
foreach (double epsilon in epsilons)
{
    double noise = Calibration.NoiseMultiplier(epsilon, privacy.Delta, privacy.SampleRate, original.Training.Steps);
    double[] accuracies = new double[seeds];
    Stopwatch watch = Stopwatch.StartNew();
    for (int seed = 0; seed < seeds; seed++)
    {
        ModelSpec spec = original with
        {
            Model = original.Model with { Seed = seed + 1 },
            Privacy = privacy with { NoiseMultiplier = noise, EpsilonCap = Math.Max(privacy.EpsilonCap, epsilon) },
        };
        TrainingRun run = Trainer.Train(spec, data.Train, new TrainerOptions { Threads = threads });
        accuracies[seed] = 100 * run.Evaluate(data.Test, threads).Accuracy;
    }

    double seconds = watch.Elapsed.TotalSeconds / seeds;
    double mean = accuracies.Average();
    double deviation = seeds == 1 ? 0 : Math.Sqrt(accuracies.Sum(a => (a - mean) * (a - mean)) / (seeds - 1));
    Console.WriteLine(FormattableString.Invariant($"{epsilon,7:F2} {noise,7:F3}   {mean,5:F2} ± {deviation:F2} {seconds,14:F1}"));
    rows.Add(new { epsilon, noiseMultiplier = noise, mean, deviation, accuracies, secondsPerRun = Math.Round(seconds, 1) });
}

if (output is not null)
{
    File.WriteAllText(output, JsonSerializer.Serialize(
        new { spec = original.Name, specHash = $"{original.Hash}", data = Path.GetFileName(dataName), original.Training.Steps, privacy.SampleRate, privacy.Delta, threads, rows },
        new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase }) + "\n");
}

return 0;

static bool TryNumbers(string text, out double[] numbers)
{
    string[] parts = text.Split(',');
    numbers = new double[parts.Length];
    bool understood = true;
    for (int i = 0; i < parts.Length; i++)
    {
        understood &= double.TryParse(parts[i], CultureInfo.InvariantCulture, out numbers[i]) && numbers[i] is > 0 and <= 1000;
    }

    return understood;
}
