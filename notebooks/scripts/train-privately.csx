#r "nuget: Research.Core"

// Trains a small network on the shipped digits with differential privacy, and charges it to its owner's ledger.
//
//     research script notebooks/scripts/train-privately.csx [--epsilon 3] [--steps 200] [--ledger FOLDER]
//
// Without --ledger, a home in a temporary folder is used and removed: then only this one run is accounted for.
// The ledger chooses the noise: so much that the run costs at most --epsilon, and no record passes its owner's cap.
// Exit 0: trained and charged. 1: the ledger refused, nothing was charged. 2: wrong usage.

using System.Globalization;
using Research.Federation;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

const double Delta = 1e-5;
const double SampleRate = 0.045;
const double EpsilonCap = 8;

double epsilon = 3;
int steps = 200;
string home = null;
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    bool understood = args[i] switch
    {
        "--epsilon" => double.TryParse(value, CultureInfo.InvariantCulture, out epsilon) && epsilon is > 0 and <= 100,
        "--steps" => int.TryParse(value, CultureInfo.InvariantCulture, out steps) && steps is > 0 and <= 100_000,
        "--ledger" => (home = value).Length > 0,
        _ => false,
    };
    if (!understood)
    {
        Console.Error.WriteLine($"Expected [--epsilon above 0] [--steps above 0] [--ledger FOLDER]; got '{args[i]} {value}'.");
        return 2;
    }
}

string temporary = home is null ? Directory.CreateTempSubdirectory("research-").FullName : null;
try
{
    DatasetSplit digits = Datasets.Open("digits");
    PrivacyLedger ledger = PrivacyLedger.Open(home ?? Path.Combine(temporary, "home"), EpsilonCap, Delta);
    GaussianEvent[] plan = [new(SampleRate, 1, steps)];
    double? found = ledger.NoiseMultiplierFor(digits.Train.Identity, plan, "train-privately.csx", epsilon);
    if (found is not double noise)
    {
        string spent = ledger.EpsilonOf(digits.Train.Identity).ToString("F2", CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"No noise is enough: these records stand at epsilon {spent}, and the cap is {EpsilonCap}.");
        return 1;
    }

    ModelSpec spec = new()
    {
        Name = "digits-script",
        Model = new ModelSection([64], Seed: 1, [new Linear(64, 32), new ReLU(), new Linear(32, 10)]),
        Optimizer = new Sgd(LearningRate: 0.5, Momentum: 0.5),
        Training = new TrainingSection(BatchSize: 64, steps),
        Privacy = new PrivacySection(SampleRate, ClipNorm: 1, noise, Delta, EpsilonCap),
    };

    // A run keeps its weights until they are charged: a crash must not make them free.
    TrainingRun run = Trainer.Train(spec, digits.Train, new TrainerOptions { Threads = Environment.ProcessorCount });
    ReleasedModel model = ReleasedModel.Release(run, ledger, "train-privately.csx");
    Evaluation result = model.ToNetwork().Evaluate(digits.Test);

    FormattableString report = $"""
        records    {digits.Train.Count} digits, {steps} steps, sample rate {SampleRate}, noise multiplier {noise:F3}
        privacy    epsilon {ledger.Quote(digits.Train.Identity, spec.PrivacyEvents, "again").Run:F2} for this run at delta {Delta} (neighbours: add or remove one record)
        ledger     epsilon {ledger.Epsilon:F2} of {ledger.EpsilonCap}, charges so far: {ledger.Entries.Count}
        accuracy   {result.Accuracy:F3} on {result.Count} test records
        """;
    Console.WriteLine(FormattableString.Invariant(report));
    return 0;
}
catch (BudgetExceededException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}
finally
{
    if (temporary is not null)
    {
        Directory.Delete(temporary, recursive: true);
    }
}
